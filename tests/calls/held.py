"""Calls that the service holds when it dies: one waits for a key, one hears a prompt, one records."""

import asyncio
from dataclasses import dataclass

from pbx.cli.desk import Desk
from pbx.store.values import Target
from tests.calls.cast import Cast, invite, new_number
from tests.calls.switchboard import Switchboard, part
from tests.phone import Call, OutgoingCall, Phone, prompts, pseudo_speech

LONG_PROMPT = pseudo_speech("a prompt that is still playing", 15.0)
# As long as the real one about is: the service is back before it ends.
SENTENCE = pseudo_speech("the sentence of survival", 4.0)
SPEECH = pseudo_speech("a message that is being left", 20.0)


@dataclass
class House:
    """Who holds what: `menu` waits for a key, `box` records, 333 plays a long prompt."""

    board: Switchboard
    cast: Cast
    menu: str
    box: str


async def built(desk: Desk, board: Switchboard) -> House:
    for key, sound in (("vm-main", LONG_PROMPT), ("survival", SENTENCE)):
        prompts.write_one(board.var / "sounds" / "sv" / key, sound)
    cast = await invite(desk, board)
    company = cast.alva.company
    patient = await desk.menus.add(
        company.id, f"patient {cast.access}", fallback=Target("hangup"), tries=1, timeout_s=60, by="test"
    )
    menu = await new_number(desk, company, "menu", patient.id)
    box = await new_number(desk, company, "mailbox", cast.bo.mailbox.id)
    await board.knows(box)
    return House(board, cast, menu, box)


async def waits(outside: Phone, house: House) -> Call:
    call = await outside.call(house.menu)
    await call.hear(house.board.prompt("neutral-menu-choices"))
    return call


async def hears_a_prompt(alva: Phone, house: House) -> Call:
    call = await alva.call("333")
    await call.hear(part(LONG_PROMPT, 1.0))
    return call


async def records(outside: Phone, house: House) -> Call:
    call = await outside.call(house.box)
    await call.hear(house.board.prompt("beep"), timeout_s=15)
    call.speak(SPEECH)
    return call


@dataclass
class New:
    """A call dialled after the fault."""

    call: OutgoingCall
    first_sound_s: float


async def new_one(outside: Phone, house: House, after_s: float) -> New:
    await asyncio.sleep(after_s)
    call = await outside.call(house.menu, timeout_s=10)
    assert call.answered_at
    sound = await call.sound(10)
    return New(call, sound - call.answered_at)
