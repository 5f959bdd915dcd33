"""A loss is known by name: whose it is, since when, what callers hear instead, and when it was whole again."""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from pbx.library.instead import heard_instead
from pbx.library.ledger import Ledger
from pbx.store import catalogue, losses, messages
from pbx.store.losses import Found, Loss, Use
from tests.library.house import House
from tests.library.recordings import left, name_of, recorded, version
from tests.store.world import World


@pytest.fixture
def ledger(world: World) -> Ledger:
    return Ledger(world.store)


async def lost(ledger: Ledger, company: str, seed: str, *copies: str, gone: bool = True) -> list[Loss]:
    return await ledger.found(
        company, name_of(seed), how="missing", lost=gone, copies=copies or ("1", "2"), proved_at=None,
        heard="spoken-script",
    )  # fmt: skip


async def test_a_lost_prompt_is_told_by_its_name_language_and_number(world: World, ledger: Ledger) -> None:
    proved_at = world.clock.now - timedelta(hours=3)
    async with world.store.begin(world.exempel.id) as tx:
        first = await recorded(tx, world.welcome.id, "first")
        second = await recorded(tx, world.welcome.id, "second", lang="en")
    (line,) = await ledger.found(
        world.exempel.id, name_of("second"), how="corrupt", lost=True, copies=("1", "2"), proved_at=proved_at,
        heard="spoken-script",
    )  # fmt: skip
    assert (line.company, line.of, line.subject) == (world.exempel.id, second.id, world.welcome.id)
    assert (line.kind, line.name, line.lang, line.number) == ("welcome", "welcome", "en", 1)
    assert (line.how, line.lost, line.copies, line.heard) == ("corrupt", True, ("1", "2"), "spoken-script")
    assert (line.found_at, line.proved_at, line.healed_at) == (world.clock.now, proved_at, None)
    assert await ledger.all(world.exempel.id) == [line]
    async with world.store.read(world.exempel.id) as tx:
        assert await losses.open_of(tx, [first.id, second.id]) == {second.id: line}


async def test_a_lost_voice_message_is_told_by_its_owner(world: World, ledger: Ledger) -> None:
    async with world.store.begin(world.exempel.id) as tx:
        message = await left(tx, world.box, "call me")
    (line,) = await lost(ledger, world.exempel.id, "call me")
    assert (line.of, line.subject, line.kind, line.name) == (message.id, world.box.id, "voice", "Alva Alm")
    assert line.number is None


async def test_every_row_that_uses_the_object_has_its_line_and_no_other_company_has(
    world: World, ledger: Ledger
) -> None:
    async with world.store.begin(world.exempel.id) as tx:
        of = {(await recorded(tx, world.welcome.id, "same")).id for _ in range(2)}
        of.add((await left(tx, world.box, "same")).id)
    async with world.store.begin(world.annat.id) as tx:
        await recorded(tx, world.other_welcome.id, "same")
    assert {line.of for line in await lost(ledger, world.exempel.id, "same")} == of
    assert await ledger.all(world.annat.id) == []
    await lost(ledger, world.annat.id, "same")
    assert len(await ledger.all()) == 4


async def test_what_is_found_again_is_one_line_that_tells_the_worst(world: World, ledger: Ledger) -> None:
    async with world.store.begin(world.exempel.id) as tx:
        await recorded(tx, world.welcome.id, "hello")
    (first,) = await lost(ledger, world.exempel.id, "hello", "1", gone=False)
    world.clock.pass_(minutes=1)
    (again,) = await lost(ledger, world.exempel.id, "hello", "2")
    assert (again.id, again.found_at, again.lost, again.copies) == (first.id, first.found_at, True, ("1", "2"))
    (better,) = await lost(ledger, world.exempel.id, "hello", "1", gone=False)
    assert better == again


async def test_what_is_known_already_is_not_written_again(world: World, ledger: Ledger) -> None:
    async with world.store.begin(world.exempel.id) as tx:
        await recorded(tx, world.welcome.id, "hello")
    await lost(ledger, world.exempel.id, "hello")
    async with world.store.read(world.exempel.id) as tx:
        before = await catalogue.head(tx)
    assert len(await lost(ledger, world.exempel.id, "hello")) == 1
    assert await lost(ledger, world.exempel.id, "nobody's") == []
    async with world.store.read(world.exempel.id) as tx:
        assert await catalogue.head(tx) == before


async def test_a_healed_loss_stays_in_the_ledger_and_the_next_one_is_a_new_line(world: World, ledger: Ledger) -> None:
    async with world.store.begin(world.exempel.id) as tx:
        await recorded(tx, world.welcome.id, "hello")
    await lost(ledger, world.exempel.id, "hello")
    world.clock.pass_(minutes=1)
    assert await ledger.healed(world.exempel.id, name_of("hello"), "2") == 1
    assert await ledger.healed(world.exempel.id, name_of("hello"), "1") == 0
    (line,) = await ledger.all(world.exempel.id)
    assert (line.healed_at, line.healed_from) == (world.clock.now, "2")
    assert await ledger.all(world.exempel.id, only_open=True) == []
    (new,) = await lost(ledger, world.exempel.id, "hello")
    assert [one.id for one in await ledger.all(world.exempel.id)] == [line.id, new.id]


async def test_the_line_outlives_the_message(world: World, ledger: Ledger) -> None:
    async with world.store.begin(world.exempel.id) as tx:
        message = await left(tx, world.box, "hello")
    await lost(ledger, world.exempel.id, "hello")
    async with world.store.begin(world.exempel.id) as tx:
        await tx.remove(message)
    (line,) = await ledger.all(world.exempel.id)
    assert line.name == "Alva Alm"


async def test_what_callers_hear_is_asked_for_all_uses_at_once(world: World, ledger: Ledger) -> None:
    asked: list[int] = []

    async def heard(company: str, uses: Sequence[Use]) -> Mapping[str, str]:
        asked.append(len(uses))
        return {use.of: "neutral" for use in uses if use.kind != "voice"}

    async with world.store.begin(world.exempel.id) as tx:
        await recorded(tx, world.welcome.id, "one")
        await left(tx, world.box, "two")
    both = [Found(name_of(seed), "missing", True, ("1",), None) for seed in ("one", "two")]
    lines = await ledger.found_all(world.exempel.id, both, heard)
    assert {line.kind: line.heard for line in lines} == {"welcome": "neutral", "voice": "nothing"}
    assert asked == [2]


async def test_what_callers_hear_is_what_a_call_would_choose(house: House, ledger: Ledger) -> None:
    await house.recorded("hello")
    (stored,) = house.objects()
    (voiced,) = await ledger.found(
        house.world.exempel.id, stored.name, how="missing", lost=True, copies=("1", "2"), proved_at=None,
        heard=heard_instead(house.library.messages),
    )  # fmt: skip
    assert voiced.heard == "own"
    house.file((await house.at_alvas_mailbox()).media[0]).unlink()
    (after,) = await ledger.found(
        house.world.exempel.id, stored.name, how="missing", lost=True, copies=("1", "2"), proved_at=None,
        heard=heard_instead(house.library.messages),
    )  # fmt: skip
    assert (after.id, after.heard) == (voiced.id, "neutral")


async def test_a_loss_of_a_thousand_is_written_quickly_and_a_call_asks_meanwhile(world: World, ledger: Ledger) -> None:
    count, company = 1_000, world.exempel.id
    async with world.store.begin(company) as tx:
        text_id = await messages.text_id(tx, world.welcome.id, "sv")
        await tx.add_all([version(tx, text_id, n, name_of(f"{n}"), tx.now) for n in range(count)])
    found = [Found(name_of(f"{n}"), "missing", True, ("1", "2"), None) for n in range(count)]
    begun = time.perf_counter()
    assert len(await ledger.found_all(company, found, "neutral")) == count
    took = time.perf_counter() - begun
    begun = time.perf_counter()
    assert len(await ledger.found_all(company, found, "neutral")) == count
    print(f"{count} losses written in {took:.2f} s, seen again in {time.perf_counter() - begun:.2f} s")
    assert took < 5
    assert await ledger.healed_all(company, {one.sha256: "1" for one in found}) == count
