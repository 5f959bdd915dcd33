"""Where something is going to fail: who is there, and who leaves a message meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pbx.cli.desk import Desk, open_desk
from tests.calls.cast import Cast, invite, new_number
from tests.calls.switchboard import Switchboard, part
from tests.phone import OutgoingCall, Phone, pseudo_speech

SPEECH = pseudo_speech("a message while something breaks", 30.0)
QUIET_S = 2.0
"""Longer than this nobody hears nothing."""


@asynccontextmanager
async def house(board: Switchboard) -> AsyncIterator[tuple[Desk, Cast, Phone, str]]:
    """The rows, the cast, the outside world, and the number of Bo's mailbox."""
    async with open_desk(board.settings) as desk, board.phone() as outside:
        cast = await invite(desk, board)
        number = await new_number(desk, cast.alva.company, "mailbox", cast.bo.mailbox.id)
        await board.knows(number)
        yield desk, cast, outside, number


async def speaking(outside: Phone, board: Switchboard, number: str, seconds: float = 30.0) -> OutgoingCall:
    """A caller who leaves a message."""
    call = await outside.call(number)
    await call.hear(board.prompt("beep"), timeout_s=15)
    call.speak(part(SPEECH, seconds))
    return call
