"""A caller leaves a message; its owner hears who, when and what, and says what becomes of it."""

from functools import partial

import pytest

from pbx.cli.desk import Desk
from pbx.rules import spoken
from pbx.rules.numbers import Number
from pbx.store.tables import MailboxRow
from tests.calls.cast import Cast, Person
from tests.calls.steps import WORDS, eventually, holds, in_both_languages, leave, leave_message, prove, received
from tests.calls.switchboard import Switchboard
from tests.phone import BUSY, DECLINE, Pcm, Phone, Policy, audio, pseudo_speech

SECOND = pseudo_speech("other words", 1.2)
CALLER = "+46701740650"


@pytest.mark.parametrize("policy", [DECLINE, BUSY, Policy(refuses=480)], ids=["declined", "busy", "unavailable"])
async def test_whoever_does_not_answer_has_a_mailbox(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, policy: Policy
) -> None:
    async with cast.alva.phone() as phone:
        phone.policy = policy
        await leave_message(outside, board, cast.number["Alva"])
        await eventually(partial(received, desk, cast.alva))
        phone.policy = DECLINE
        call = await phone.call("333")
        await call.hear(board.prompt("vm-one-new"))
        await call.press("1")
        await call.hear(WORDS, timeout_s=15)
        await call.hangup()


@in_both_languages
async def test_the_owner_hears_who_called_and_when(board: Switchboard, cast: Cast, outside: Phone, lang: str) -> None:
    call = await outside.call(cast.number["Alva"], from_user=CALLER)
    await call.hear(board.prompt("beep", lang), timeout_s=10)
    await call.say(WORDS)
    await call.press("#")
    await call.hear(board.prompt("msg-review", lang))
    await call.press("#")
    await call.hear(board.prompt("msg-sent", lang))
    await call.hangup()
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        await call.hear(board.prompt("vm-main", lang))
        await call.press("1")
        await call.hear(board.prompt("vm-new-from", lang))
        for key in spoken.phone(Number(CALLER), lang):
            await call.hear(board.prompt(key, lang))
        await call.hear(board.prompt("today", lang))
        await call.hear(WORDS, timeout_s=10)
        await call.hear(board.prompt("vm-message-keys", lang))
        await call.hangup()


async def test_messages_are_heard_newest_first_and_kept_deleted_or_passed_by(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    await leave_message(outside, board, cast.number["Alva"], WORDS)
    await leave_message(outside, board, cast.number["Alva"], SECOND)

    async def both() -> bool:
        return len(await received(desk, cast.alva)) == 2

    await eventually(both)
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        await call.hear(board.prompt("vm-main"))
        await call.press("1")
        await call.hear(SECOND, timeout_s=15)
        await call.press("1")
        await call.hear(SECOND, timeout_s=15)
        await call.press("4")
        await call.hear(WORDS, timeout_s=15)
        await call.press("5")
        await call.hear(SECOND, timeout_s=15)
        await call.press("3")
        await call.hear(board.prompt("vm-message-deleted"))
        await call.press("4")
        await call.hear(WORDS, timeout_s=15)
        await call.press("2")
        await call.hear(board.prompt("vm-message-kept"))
        await call.hear(board.prompt("vm-no-more"))
        await call.hangup()
    left = await desk.library.mailboxes.messages(cast.alva.company.id, cast.alva.mailbox.id)
    assert [message.state for message in left] == ["kept"]


async def test_a_slip_of_the_finger_loses_no_message(board: Switchboard, cast: Cast, desk: Desk) -> None:
    await leave(desk, cast.alva)
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        await call.press("1")
        await call.hear(board.prompt("vm-message-keys-away"), timeout_s=15)
        await call.press("3")
        await call.hear(board.prompt("vm-message-undo"))
        await call.press("3")
        await call.hear(board.prompt("vm-message-back"))
        await call.press("5")
        await call.hear(board.prompt("vm-message-first"))
        await call.hear(WORDS, timeout_s=15)
        await call.hangup()
    assert [message.state for message in await received(desk, cast.alva)] == ["kept"]


async def test_a_message_that_was_heard_to_its_end_is_not_new_the_next_time(
    board: Switchboard, cast: Cast, desk: Desk
) -> None:
    await leave(desk, cast.alva)
    async with cast.alva.phone() as phone:
        for new in (True, False):
            call = await phone.call("333")
            await call.hear(board.prompt("vm-one-new" if new else "vm-no-new"))
            await call.press("1")
            await call.hear(board.prompt("vm-new-from" if new else "vm-message-from"))
            await call.hear(board.prompt("vm-message-keys-away"), timeout_s=15)
            await call.hangup()


async def test_a_caller_hears_the_message_again_and_speaks_anew(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    call = await outside.call(cast.number["Alva"])
    await call.hear(board.prompt("beep"), timeout_s=10)
    await call.say(WORDS)
    await call.press("0")
    await call.hear(board.prompt("msg-review"))
    await call.press("1")
    await call.hear(WORDS)
    await call.hear(board.prompt("msg-review"))
    await call.press("2")
    await call.hear(board.prompt("msg-after-tone"))
    await call.hear(board.prompt("beep"))
    await call.say(SECOND)
    await call.press("#")
    await call.hear(board.prompt("msg-review"))
    await call.hangup()
    [message] = await eventually(partial(received, desk, cast.alva))
    media = await desk.library.mailboxes.media(message)
    assert media
    assert holds(board.published(media), SECOND)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (None, "take-silent"),
        (pseudo_speech("hm", 0.3), "take-too-short"),
        (pseudo_speech("somebody who whispers", 2.0, level_db=-46), "take-too-quiet"),
    ],
    ids=["silence", "a word too short", "a whisper"],
)
async def test_what_nobody_could_hear_is_no_message_and_its_caller_is_told_why(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, words: Pcm | None, says: str
) -> None:
    call = await outside.call(cast.number["Alva"])
    await call.hear(board.prompt("beep"), timeout_s=10)
    if words is None:
        await call.quiet(1.0)
    else:
        await call.say(words)
    await call.press("#")
    await call.hear(board.prompt("msg-review"))
    await call.press("#")
    await call.hear(board.prompt(says))
    await call.hear(board.prompt("take-again"))
    await call.hangup()
    assert await desk.library.mailboxes.messages(cast.alva.company.id, cast.alva.mailbox.id) == []


async def test_a_full_mailbox_says_so_before_the_tone(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    async with desk.store.begin(cast.alva.company.id) as tx:
        (await tx.get(MailboxRow, cast.alva.mailbox.id, "mailbox-unknown")).max_messages = 1
    await leave_message(outside, board, cast.number["Alva"])
    await eventually(partial(received, desk, cast.alva))
    call = await outside.call(cast.number["Alva"])
    await call.hear(board.prompt("msg-full"), timeout_s=10)
    await call.hung_up()
    assert audio.score(call.heard_since(0), board.prompt("beep"))[0] < 0.6


async def test_the_caller_is_called_back_from_the_owners_own_phone(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    call = await outside.call(cast.number["Alva"], from_user=CALLER)
    await call.hear(board.prompt("beep"), timeout_s=10)
    await call.say(WORDS)
    await call.hangup()
    await eventually(partial(received, desk, cast.alva))
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        await call.hear(board.prompt("vm-main"))
        await call.press("1")
        await call.hear(WORDS, timeout_s=15)
        await call.press("8")
        back = await outside.incoming(timeout_s=5)
        await back.answer()
        back.speak(SECOND)
        await call.hear(SECOND)
        await call.hangup()


async def test_from_another_telephone_extension_and_pin_open_the_mailbox_but_call_nobody_back(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    await leave_message(outside, board, cast.number["Alva"])
    await eventually(partial(received, desk, cast.alva))
    call = await outside.call(cast.access)
    await prove(call, board, cast.alva.user.extension, cast.alva.pin)
    await call.hear(board.prompt("vm-one-new"))
    await call.hear(board.prompt("vm-main"))
    await call.press("1")
    await call.hear(WORDS, timeout_s=15)
    await call.press("8")
    await call.hear(board.prompt("vm-call-back-own-phone"))
    await call.hangup()


@pytest.mark.parametrize("somebody", [True, False], ids=["wrong PIN", "no such extension"])
async def test_a_wrong_pin_gets_nothing(board: Switchboard, cast: Cast, outside: Phone, somebody: bool) -> None:
    extension = cast.alva.user.extension if somebody else "209"
    call = await outside.call(cast.access)
    await prove(call, board, extension, cast.bo.pin)
    await call.hear(board.prompt("vm-wrong"))
    await prove(call, board, extension, "")
    await call.hear(board.prompt("vm-wrong"))
    await prove(call, board, extension, "1")
    await call.hear(board.prompt("vm-goodbye"), timeout_s=8)
    await call.hung_up()


async def test_another_companys_pin_does_not_open_the_same_extension(
    board: Switchboard, cast: Cast, namesake: Person, outside: Phone
) -> None:
    call = await outside.call(cast.access)
    await prove(call, board, cast.alva.user.extension, namesake.pin)
    await call.hear(board.prompt("vm-wrong"))
    await call.hangup()


async def test_two_phones_on_one_mailbox_do_not_disturb_each_other(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    await leave_message(outside, board, cast.number["Alva"])
    await eventually(partial(received, desk, cast.alva))
    async with cast.alva.phone() as one, cast.alva.phone() as two:
        first, second = await one.call("333"), await two.call("333")
        for call in (first, second):
            await call.hear(board.prompt("vm-main"))
            await call.press("1")
        for call in (first, second):
            await call.hear(WORDS, timeout_s=15)
            await call.press("3")
            await call.hear(board.prompt("vm-message-deleted"))
        await first.hangup()
        await second.hangup()
