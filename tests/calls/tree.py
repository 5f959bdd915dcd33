"""Menus for a test: two of them that lead into each other, with one choice of each kind."""

from dataclasses import dataclass

from pbx.cli.desk import Desk
from pbx.store.values import Menu, Target
from tests.calls.cast import Cast, new_number
from tests.calls.steps import announcement, spoken
from tests.calls.switchboard import Switchboard
from tests.phone import Pcm

WELCOME = {"sv": "Hej och välkommen hit till oss.", "en": "Hello and welcome to all of us."}
CLOSED = {"sv": "Vi har stängt.", "en": "We are closed."}


@dataclass(frozen=True)
class Tree:
    """A menu with a submenu on 1, Alva on 2, a message on 3, Bo's mailbox on 4, hanging up on 9; 1, 1 leads back.

    `welcome` and `closed` are what a phone hears of its two messages, in the language of the number.
    """

    number: str
    top: Menu
    sub: Menu
    welcome: Pcm
    closed: Pcm


async def plant(
    desk: Desk, board: Switchboard, cast: Cast, lang: str, *, fallback: Target | None = None, timeout_s: float = 1.0
) -> Tree:
    """A tree of Alva's company, whose fallback is her mailbox; it can be called when this returns."""
    company, own = cast.alva.company.id, cast.access
    nobody, home = Target("hangup"), fallback or Target("mailbox", cast.alva.mailbox.id)
    top = await desk.menus.add(company, f"top {own}", fallback=home, tries=2, timeout_s=timeout_s, by="test")
    sub = await desk.menus.add(company, f"sub {own}", fallback=nobody, tries=2, timeout_s=timeout_s, by="test")
    welcome = await announcement(desk, company, "welcome", WELCOME)
    closed = await announcement(desk, company, "closed", CLOSED)
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
    await desk.library.messages.place(company, "menu", f"{top.id}/welcome", welcome.id, by="test")
    number = await new_number(desk, cast.alva.company, "menu", top.id, language=lang)
    await board.knows(number)
    media = [await spoken(desk, company, "script", message.id, lang) for message in (welcome, closed)]
    return Tree(number, top, sub, *(board.published(name) for name in media))
