"""What was deleted long enough ago is erased by itself; a clock that was put forward erases nothing at once."""

import pytest
from sqlalchemy import func, select

from pbx.store import versions
from pbx.store.tables import MessageRow, VoiceMessageRow
from tests.library.erasure import BY, erasable, order_rows
from tests.library.house import House
from tests.library.recordings import left, recorded


async def delete_message(house: House, message_id: str) -> None:
    async with house.world.store.begin(house.world.exempel.id) as tx:
        (await tx.get(MessageRow, message_id, "message-unknown")).deleted_at = tx.now


async def delete_voices(house: House, count: int, seed: str = "v") -> None:
    """By key in 333: never refused."""
    async with house.world.store.begin(house.world.exempel.id) as tx:
        made = [await left(tx, house.world.box, f"{seed} {n}") for n in range(count)]
    for one in made:
        await house.library.mailboxes.mark(house.world.exempel.id, one.id, "deleted", by="call:201")


async def due(house: House) -> int:
    return await house.library.erasing.due(house.world.exempel.id)


async def voices(house: House) -> int:
    async with house.world.store.read(house.world.exempel.id) as tx:
        return await tx.first(select(func.count(VoiceMessageRow.id)).select_from(VoiceMessageRow)) or 0


async def test_a_message_deleted_thirty_days_ago_is_erased_and_not_a_day_earlier(house: House) -> None:
    lunch = await erasable(house, "one", "two")
    await delete_message(house, lunch.message)
    house.world.clock.pass_(days=29, hours=23)
    assert await due(house) == 0
    house.world.clock.pass_(hours=1)
    assert await due(house) == 1
    assert await due(house) == 0
    assert {row.because for row in await order_rows(house)} == {"undo time is over"}
    assert await house.library.erasing.work() == 2
    assert house.objects() == []


async def test_what_was_brought_back_is_not_erased(house: House) -> None:
    lunch = await erasable(house, "one")
    await house.library.removal.delete(house.world.exempel.id, lunch.message, by=BY)
    await delete_voices(house, 1)
    house.world.clock.pass_(days=6)
    await house.library.removal.undelete(house.world.exempel.id, lunch.message, by=BY)
    async with house.world.store.begin(house.world.exempel.id) as tx:
        for row in await tx.all(select(VoiceMessageRow)):
            row.state, row.deleted_at = "kept", None
    house.world.clock.pass_(days=40)
    assert await due(house) == 0


async def test_a_deleted_greeting_is_erased_after_thirty_days_and_cannot_be_restored_then(house: House) -> None:
    company, boxes = house.world.exempel.id, house.library.mailboxes
    await house.recorded("hello")
    assert await boxes.delete_greeting(company, house.world.box.id, by="call:201")
    house.world.clock.pass_(days=30)
    assert await due(house) == 1
    assert not await boxes.restore_greeting(company, house.world.box.id, by="call:201")
    assert await house.library.erasing.work() == 1
    assert house.objects() == []
    assert (await house.at_alvas_mailbox()).heard == "neutral"


async def test_a_version_that_is_heard_is_never_due(house: House) -> None:
    async with house.world.store.begin(house.world.exempel.id) as tx:
        first = await recorded(tx, house.world.welcome.id, "first")
        await versions.retire(tx, house.world.welcome.id)
        await versions.restore(tx, house.world.welcome.id)
        first.retired_at = tx.now  # whatever it may say
    house.world.clock.pass_(days=31)
    assert await due(house) == 0


async def test_a_voice_message_is_erased_a_week_after_it_was_deleted(house: House) -> None:
    await delete_voices(house, 3)
    house.world.clock.pass_(days=6, hours=23)
    assert await due(house) == 0
    house.world.clock.pass_(hours=1)
    assert await due(house) == 3
    assert await voices(house) == 0


async def test_what_the_vault_has_not_got_everywhere_waits(house: House) -> None:
    house.copies[0].write_text("a file where the folder should be")
    await house.left("call me")
    (message,) = await house.library.mailboxes.messages(house.world.exempel.id, house.world.box.id)
    await house.library.mailboxes.mark(house.world.exempel.id, message.id, "deleted", by="call:201")
    house.world.clock.pass_(days=8)
    assert await due(house) == 0
    assert await voices(house) == 1


async def test_many_emptied_mailboxes_are_erased_at_ease_and_nobody_is_stopped(house: House) -> None:
    await delete_voices(house, 25)
    house.world.clock.pass_(days=7)
    assert [await due(house), await due(house)] == [10, 0]
    lunch = await erasable(house, "one")
    await house.library.removal.delete(house.world.exempel.id, lunch.message, by=BY)
    house.world.clock.pass_(minutes=61)
    assert [await due(house), await due(house)] == [10, 0]
    assert not await house.library.brake.is_on(house.world.exempel.id)


async def test_a_clock_put_forward_erases_no_message_and_stops_until_the_operator_says_yes(house: House) -> None:
    company = house.world.exempel.id
    lunch = await erasable(house, "one")
    others = [await erasable(house, name=f"m{n}") for n in range(20)]
    for one in (lunch, *others):
        await delete_message(house, one.message)
        house.world.clock.pass_(hours=1)
    house.world.clock.pass_(days=300)
    assert await due(house) == 0
    assert await order_rows(house) == []
    assert await house.library.brake.is_on(company)
    house.world.clock.pass_(days=2)
    assert await due(house) == 0
    await house.library.removal.undelete(company, lunch.message, by=BY)
    await house.library.brake.release(company, by=BY)
    assert await due(house) == 20
    assert await house.library.erasing.work() == 20
    assert len(house.objects()) == 1


async def test_while_the_brake_is_on_no_order_is_carried_out(house: House) -> None:
    company = house.world.exempel.id
    lunch = await erasable(house, *(f"{n}" for n in range(20)))
    other = await erasable(house, "other", name="other")
    await house.library.erasing.order_message(company, lunch.message, by=BY, because="for good")
    with pytest.raises(Exception, match="brake-on: 21 within an hour"):
        await house.library.erasing.order_message(company, other.message, by=BY, because="for good")
    assert await house.library.erasing.work() == 0
    assert len(house.objects()) == 21
    await house.library.brake.release(company, by=BY)
    await house.library.erasing.order_message(company, other.message, by=BY, because="for good")
    assert await house.library.erasing.work() == 21
    assert house.objects() == []


async def test_voice_messages_of_more_than_a_day_at_once_stop_it(house: House) -> None:
    async with house.world.store.begin(house.world.exempel.id) as tx:
        for n in range(241):
            row = await left(tx, house.world.box, f"{n}")
            row.state, row.deleted_at = "deleted", tx.now
    house.world.clock.pass_(days=400)
    assert await due(house) == 0
    assert await house.library.brake.is_on(house.world.exempel.id)
