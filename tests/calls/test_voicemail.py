"""333: 5 records the greeting, 0 ends it, 4 plays it, 6 deletes it."""

import pytest

from pbx.cli.desk import Desk
from tests.calls.cast import Cast
from tests.calls.steps import WORDS, eventually, in_both_languages, record_greeting
from tests.calls.switchboard import Switchboard
from tests.phone import Phone, audio


@in_both_languages
async def test_a_user_records_hears_and_deletes_a_greeting(board: Switchboard, cast: Cast, lang: str) -> None:
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        await call.hear(board.prompt("vm-no-new", lang))
        await call.hear(board.prompt("vm-main", lang))
        await record_greeting(call, board, lang=lang)
        await call.press("4")
        await call.hear(WORDS)
        await call.press("6")
        await call.hear(board.prompt("vm-greeting-deleted", lang))
        await call.press("4")
        await call.hear(board.prompt("vm-no-greeting", lang))
        await call.hangup()


async def test_pressing_6_again_brings_the_greeting_back(board: Switchboard, cast: Cast) -> None:
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        await record_greeting(call, board)
        await call.press("6")
        await call.hear(board.prompt("vm-greeting-deleted"))
        await call.press("6")
        await call.hear(board.prompt("vm-greeting-back"))
        await call.press("4")
        await call.hear(WORDS)
        await call.hangup()


async def test_no_tone_of_the_ending_key_is_in_the_greeting(board: Switchboard, cast: Cast) -> None:
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        await record_greeting(call, board, leak_ms=60)
        mark = call.mark()
        await call.press("4")
        own = await call.hear(WORDS, since=mark)
        await call.hear(board.prompt("vm-main"))
        assert audio.tone_left(call.heard_since(own.offset), "0") == 0
        await call.hangup()


async def test_hanging_up_keeps_the_greeting_and_a_caller_hears_it(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        await call.sound()
        await call.press("5")
        await call.hear(board.prompt("beep"))
        await call.say(WORDS)
        await call.hangup()
    await eventually(lambda: desk.library.mailboxes.has_greeting(cast.alva.company.id, cast.alva.mailbox.id))
    caller = await outside.call(cast.number["Alva"])
    await caller.hear(WORDS, timeout_s=8)
    await caller.hangup()


@pytest.mark.parametrize("keys", ["9", "*", "8"])
async def test_a_wrong_key_is_told_and_the_mailbox_goes_on(board: Switchboard, cast: Cast, keys: str) -> None:
    async with cast.alva.phone() as phone:
        call = await phone.call("333")
        await call.sound()
        await call.press(keys)
        await call.hear(board.prompt("wrong-key"))
        await call.hear(board.prompt("vm-main"))
        await call.hangup()
