"""A caller meets a menu: welcome, choices, keys while it plays, wrong keys, silence, menus inside menus."""

from dataclasses import dataclass

import pytest

from pbx.cli.desk import Desk
from pbx.store.values import Menu, Target
from tests.calls.cast import Cast, new_number
from tests.calls.steps import WORDS, eventually
from tests.calls.switchboard import Switchboard, part
from tests.phone import DECLINE, Pcm, Phone, audio

SLOTS = ("welcome", "choices", "wrong-key", "silence")


@dataclass(frozen=True)
class Tree:
    """A menu with a submenu on 1, Alva on 2, a message on 3, Bo's mailbox on 4, hanging up on 9; 1, 1 leads back."""

    number: str
    top: Menu
    sub: Menu
    closed: str


@pytest.fixture
async def tree(desk: Desk, cast: Cast, board: Switchboard) -> Tree:
    company, own = cast.alva.company.id, cast.access
    home = Target("mailbox", cast.alva.mailbox.id)
    top = await desk.menus.add(company, f"top {own}", fallback=home, tries=2, timeout_s=1.0, by="test")
    nobody = Target("hangup")
    sub = await desk.menus.add(company, f"sub {own}", fallback=nobody, tries=2, timeout_s=1.0, by="test")
    closed = await desk.library.messages.add(company, f"closed {own}", scripts={"sv": "Vi har stängt."}, by="test")
    choices = {
        "1": Target("menu", sub.id),
        "2": Target("extension", cast.alva.user.extension),
        "3": Target("message", closed.id),
        "4": Target("mailbox", cast.bo.mailbox.id),
        "9": nobody,
    }
    for digit, target in choices.items():
        await desk.menus.set_choice(company, top.id, digit, target, by="test")
    await desk.menus.set_choice(company, sub.id, "1", Target("menu", top.id), by="test")
    message = await desk.library.messages.add(
        company, f"welcome {own}", scripts={"sv": "Hej och välkommen hit till oss."}, by="test"
    )
    await desk.library.messages.place(company, "menu", f"{top.id}/welcome", message.id, by="test")
    number = await new_number(desk, cast.alva.company, "menu", top.id)
    await board.knows(number)
    messages = desk.library.messages

    async def published() -> bool:
        welcome = await messages.playable(company, "menu", f"{top.id}/welcome", "sv")
        spoken = await messages.playable_message(company, closed.id, "sv")
        return welcome.heard == spoken.heard == "spoken-script"

    await eventually(published, 20)
    return Tree(number, top, sub, closed.id)


async def spoken(board: Switchboard, desk: Desk, cast: Cast, tree: Tree) -> Pcm:
    playable = await desk.library.messages.playable(cast.alva.company.id, "menu", f"{tree.top.id}/welcome", "sv")
    return board.published(playable.media[0])


async def test_a_key_pressed_while_the_welcome_plays_is_obeyed_at_once(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, tree: Tree
) -> None:
    welcome = await spoken(board, desk, cast, tree)
    async with cast.alva.phone() as phone:
        phone.policy = DECLINE
        call = await outside.call(tree.number)
        await call.hear(part(welcome, 0.5))
        await call.press("2")
        await phone.incoming(timeout_s=2)
        await call.hear(board.prompt("beep"), timeout_s=10)
        assert audio.score(call.heard_since(0), welcome)[0] < 0.9
        await call.hangup()


async def test_a_place_without_a_recording_has_its_script_or_a_neutral_phrase(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, tree: Tree
) -> None:
    call = await outside.call(tree.number)
    await call.hear(await spoken(board, desk, cast, tree))
    await call.hear(board.prompt("neutral-menu-choices"))
    await call.hangup()


async def test_wrong_keys_and_silence_are_told_and_then_the_fallback_takes_the_call(
    board: Switchboard, outside: Phone, tree: Tree
) -> None:
    call = await outside.call(tree.number)
    await call.sound()
    await call.press("8")
    await call.hear(board.prompt("neutral-menu-wrong-key"))
    await call.hear(board.prompt("neutral-menu-choices"))
    await call.hear(board.prompt("neutral-menu-silence"))
    await call.hear(board.prompt("beep"), timeout_s=10)
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


async def test_a_choice_may_speak_a_message_and_the_menu_goes_on(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, tree: Tree
) -> None:
    playable = await desk.library.messages.playable_message(cast.alva.company.id, tree.closed, "sv")
    call = await outside.call(tree.number)
    await call.sound()
    await call.press("3")
    await call.hear(board.published(playable.media[0]))
    await call.hear(board.prompt("neutral-menu-choices"))
    await call.press("9")
    await call.hung_up()


async def test_a_choice_may_be_a_mailbox(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, tree: Tree
) -> None:
    call = await outside.call(tree.number)
    await call.sound()
    await call.press("4")
    await call.hear(board.prompt("beep"), timeout_s=10)
    await call.say(WORDS)
    await call.hangup()
    await eventually(lambda: desk.library.mailboxes.messages(cast.bo.company.id, cast.bo.mailbox.id))


async def test_menus_that_lead_into_each_other_trap_nobody(board: Switchboard, outside: Phone, tree: Tree) -> None:
    call = await outside.call(tree.number)
    await call.sound()
    await call.press("1" * 20, hold_s=0.06)
    await call.hear(board.prompt("goodbye"), timeout_s=15)
    await call.hung_up()
