"""A caller meets a menu: welcome, choices, keys while it plays, wrong keys, silence, menus inside menus."""

import pytest

from pbx.cli.desk import Desk
from pbx.store.values import Target
from tests.calls.cast import Cast
from tests.calls.steps import WORDS, eventually, in_both_languages, received
from tests.calls.switchboard import Switchboard, part
from tests.calls.tree import Tree, plant
from tests.phone import DECLINE, Phone, audio


@pytest.fixture
async def tree(desk: Desk, cast: Cast, board: Switchboard, lang: str) -> Tree:
    return await plant(desk, board, cast, lang)


async def test_a_key_pressed_while_the_welcome_plays_is_obeyed_at_once(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, tree: Tree
) -> None:
    async with cast.alva.phone() as phone:
        phone.policy = DECLINE
        call = await outside.call(tree.number)
        await call.hear(part(tree.welcome, 0.5))
        await call.press("2")
        await phone.incoming(timeout_s=2)
        await call.hear(board.prompt("beep"), timeout_s=10)
        assert audio.score(call.heard_since(0), tree.welcome)[0] < 0.9
        await call.hangup()


async def test_a_place_without_a_recording_has_its_script_or_a_neutral_phrase(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, tree: Tree
) -> None:
    call = await outside.call(tree.number)
    await call.hear(tree.welcome)
    await call.hear(board.prompt("neutral-menu-choices"))
    await call.hangup()


@in_both_languages
async def test_wrong_keys_and_silence_are_told_and_then_the_fallback_takes_the_call(
    board: Switchboard, outside: Phone, tree: Tree, lang: str
) -> None:
    call = await outside.call(tree.number)
    await call.sound()
    await call.press("8")
    await call.hear(board.prompt("neutral-menu-wrong-key", lang))
    await call.hear(board.prompt("neutral-menu-choices", lang))
    await call.hear(board.prompt("neutral-menu-silence", lang))
    await call.hear(board.prompt("beep", lang), timeout_s=10)
    await call.hangup()


async def test_who_chooses_nothing_is_told_before_somebody_is_rung(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk
) -> None:
    tree = await plant(desk, board, cast, "sv", fallback=Target("extension", cast.alva.user.extension))
    async with cast.alva.phone() as phone:
        call = await outside.call(tree.number)
        await call.hear(board.prompt("menu-to-someone"), timeout_s=20)
        await phone.incoming(timeout_s=3)
        await call.hangup()


async def test_a_caller_who_knows_the_way_types_ahead_through_two_menus(
    board: Switchboard, cast: Cast, outside: Phone, tree: Tree
) -> None:
    async with cast.alva.phone() as phone:
        call = await outside.call(tree.number)
        await call.sound()
        await call.press("112")
        await phone.incoming(timeout_s=3)
        await call.hangup()


@in_both_languages
async def test_a_choice_may_speak_a_message_and_the_menu_goes_on(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, tree: Tree, lang: str
) -> None:
    call = await outside.call(tree.number)
    await call.sound()
    await call.press("3")
    await call.hear(tree.closed)
    await call.hear(board.prompt("neutral-menu-choices", lang))
    await call.press("9")
    await call.hung_up()


async def test_a_choice_may_be_a_mailbox(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, tree: Tree
) -> None:
    before = len(await received(desk, cast.bo))
    call = await outside.call(tree.number)
    await call.sound()
    await call.press("4")
    await call.hear(board.prompt("beep"), timeout_s=10)
    await call.say(WORDS)
    await call.hangup()

    async def one_more() -> bool:
        return len(await received(desk, cast.bo)) == before + 1

    await eventually(one_more)


async def test_menus_that_lead_into_each_other_trap_nobody(board: Switchboard, outside: Phone, tree: Tree) -> None:
    call = await outside.call(tree.number)
    await call.sound()
    await call.press("1" * 20, hold_s=0.06)
    await call.hear(board.prompt("goodbye"), timeout_s=15)
    await call.hung_up()
