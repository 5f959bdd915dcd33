"""A user's mailbox, as 333 tells it."""

import pytest

from pbx.errors import Refused
from pbx.rules.numbers import Extension, Number, Withheld
from pbx.store.tables import MailboxRow
from pbx.store.values import VoiceState
from tests.library.house import House


async def test_the_newest_message_comes_first_with_who_left_it_and_when(house: House) -> None:
    callers: list[Number | Extension | Withheld] = [Number("+46701740606"), Extension("202"), Withheld()]
    for n, caller in enumerate(callers):
        await house.left(f"message {n}", 2.0, caller)
        house.world.clock.pass_(minutes=10)
    messages = await house.library.mailboxes.messages(house.world.exempel.id, house.world.box.id)
    assert [message.caller for message in messages] == callers[::-1]
    assert messages[0].at > messages[1].at > messages[2].at
    assert all(1.0 < message.seconds < 2.6 for message in messages)


async def test_keeping_and_deleting_can_be_taken_back(house: House) -> None:
    await house.left("hello", 2.0)
    boxes, company, box = house.library.mailboxes, house.world.exempel.id, house.world.box.id
    (message,) = await boxes.messages(company, box)
    marked: tuple[tuple[VoiceState, int, int], ...] = (("kept", 0, 1), ("deleted", 0, 0), ("kept", 0, 1), ("new", 1, 1))
    for state, new, listed in marked:
        assert (await boxes.mark(company, message.id, state, by="call:201")).state == state
        assert await boxes.new_count(company, box) == new
        assert len(await boxes.messages(company, box)) == listed
    assert len(house.objects()) == 1


async def test_a_message_cannot_be_marked_from_another_company(house: House) -> None:
    await house.left("hello", 2.0)
    (message,) = await house.library.mailboxes.messages(house.world.exempel.id, house.world.box.id)
    with pytest.raises(Refused, match="message-unknown"):
        await house.library.mailboxes.mark(house.world.annat.id, message.id, "deleted", by="call:201")
    with pytest.raises(Refused, match="mailbox-unknown"):
        await house.library.mailboxes.is_full(house.world.annat.id, house.world.box.id)
    assert await house.library.mailboxes.messages(house.world.annat.id, house.world.box.id) == []


async def test_a_mailbox_is_full_by_what_it_holds_and_not_by_what_was_deleted(house: House) -> None:
    boxes, company, box = house.library.mailboxes, house.world.exempel.id, house.world.box.id
    async with house.world.store.begin(company) as tx:
        (await tx.get(MailboxRow, box, "mailbox-unknown")).max_messages = 2
    for n in range(2):
        assert not await boxes.is_full(company, box)
        await house.left(f"message {n}", 2.0)
    assert await boxes.is_full(company, box)
    (message, _) = await boxes.messages(company, box)
    await boxes.mark(company, message.id, "deleted", by="call:201")
    assert not await boxes.is_full(company, box)


async def test_a_message_whose_audio_is_lost_is_still_told_of(house: House) -> None:
    await house.left("hello", 2.0)
    boxes, company, box = house.library.mailboxes, house.world.exempel.id, house.world.box.id
    (message,) = await boxes.messages(company, box)
    for copy in (0, 1):
        house.objects(copy)[0].unlink()
    assert await boxes.media(message) is None
    assert [one.caller for one in await boxes.messages(company, box)] == [message.caller]


async def test_a_mailbox_belongs_to_its_user_and_speaks_their_language(house: House) -> None:
    box = await house.library.mailboxes.of_user(house.world.annat.id, house.world.cilla.id)
    assert (box.id, box.language, box.company) == (house.world.other_box.id, "en", house.world.annat.id)
    assert (await house.library.mailboxes.get(box.company, box.id)) == box
    with pytest.raises(Refused, match="mailbox-unknown"):
        await house.library.mailboxes.of_user(house.world.exempel.id, house.world.cilla.id)
