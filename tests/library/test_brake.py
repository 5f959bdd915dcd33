"""A mass delete stops, stays stopped until the operator says yes, and all of it can be brought back."""

import pytest
from sqlalchemy import select

from pbx.errors import Refused
from pbx.library.brake import Brake
from pbx.store import audit, messages
from pbx.store.tables import MessageRow
from tests.library.recordings import recorded
from tests.store.world import World


@pytest.fixture
def brake(world: World) -> Brake:
    return Brake(world.store)


async def filled(world: World, count: int, versions: int = 0) -> list[str]:
    async with world.store.begin(world.exempel.id) as tx:
        made = [(await messages.add(tx, f"m{n}", "announcement", None)).id for n in range(count)]
        for message_id in made:
            for n in range(versions):
                await recorded(tx, message_id, f"{message_id} {n}")
    return made


async def delete(brake: Brake, world: World, message_id: str) -> None:
    """As `vaxel messages delete` does."""
    async with brake.watching(world.exempel.id), world.store.edit(world.exempel.id) as tx:
        await brake.count_message(tx, message_id)
        (await tx.get(MessageRow, message_id, "message-unknown")).deleted_at = tx.now


async def undelete_all(world: World) -> None:
    async with world.store.edit(world.exempel.id) as tx:
        for row in await tx.all(select(MessageRow)):
            row.deleted_at = None


async def test_a_loop_of_deletes_stops_after_twenty_and_stays_stopped(world: World, brake: Brake) -> None:
    made = await filled(world, 25)
    for message_id in made[:20]:
        await delete(brake, world, message_id)
    assert not await brake.is_on(world.exempel.id)
    with pytest.raises(Refused, match="brake-on: 21 within an hour"):
        await delete(brake, world, made[20])
    assert await brake.is_on(world.exempel.id)
    assert (await brake.stopped()).keys() == {world.exempel.id}
    world.clock.pass_(days=3)
    await undelete_all(world)
    with pytest.raises(Refused, match="brake-on: 21 within an hour"):
        await delete(brake, world, made[21])
    stopped = (await brake.state(world.exempel.id)).stopped_at
    assert stopped is not None
    assert stopped < world.clock.now
    assert not await brake.is_on(world.annat.id)


async def test_a_message_counts_as_many_as_it_has_versions(world: World, brake: Brake) -> None:
    made = await filled(world, 3, versions=8)
    await delete(brake, world, made[0])
    await delete(brake, world, made[1])
    with pytest.raises(Refused, match="brake-on: 24 within an hour, of 24"):
        await delete(brake, world, made[2])


async def test_what_is_slow_enough_or_brought_back_never_stops(world: World, brake: Brake) -> None:
    made = await filled(world, 34)
    for message_id in made[:22]:
        await delete(brake, world, message_id)
        world.clock.pass_(minutes=4)
    for message_id in made[22:] + made[22:]:
        await delete(brake, world, message_id)
        await undelete_all(world)
    assert not await brake.is_on(world.exempel.id)


async def test_after_the_operators_yes_everything_goes_for_an_hour_and_then_it_is_counted_anew(
    world: World, brake: Brake
) -> None:
    made = await filled(world, 70)
    for message_id in made[:20]:
        await delete(brake, world, message_id)
    with pytest.raises(Refused, match="brake-on"):
        await delete(brake, world, made[20])
    await brake.release(world.exempel.id, by="cli:root")
    assert not await brake.is_on(world.exempel.id)
    for message_id in made[20:45]:
        await delete(brake, world, message_id)
    world.clock.pass_(minutes=61)
    for message_id in made[45:65]:
        await delete(brake, world, message_id)
    with pytest.raises(Refused, match="brake-on"):
        await delete(brake, world, made[66])
    async with world.store.read(world.exempel.id) as tx:
        entry = next(e for e in await audit.recent(tx, 100) if e.action == "brake released")
    assert entry.actor == "cli:root"
    assert "21 within an hour" in entry.details["because"]
