"""Who is registered, who rings, who talks: asked once at each login, and kept by events from then on."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from pbx.ami.connection import AmiAway, Connection, connected
from pbx.ami.events import CallEnded, CallIs, Event, PhoneIs, PhoneState, parse

log = logging.getLogger(__name__)

_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 5.0


@dataclass(slots=True)
class Board:
    """What is known now: phones by SIP user, legs of calls by id. `known`: false while Asterisk cannot be asked."""

    known: bool = False
    phones: dict[str, PhoneIs] = field(default_factory=dict)
    calls: dict[str, CallIs] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        match event:
            case PhoneIs(phone):
                self.phones[phone] = event
            case CallIs(id):
                self.calls[id] = event
            case CallEnded(id):
                self.calls.pop(id, None)

    @property
    def present(self) -> dict[str, PhoneState]:
        """Phones that are registered, or talk: of one added a moment ago Asterisk may tell its calls only."""
        told: dict[str, PhoneState] = {
            name: phone.state for name, phone in self.phones.items() if phone.state != "away"
        }
        for leg in self.calls.values():
            if leg.state == "up" and told.get(leg.phone, "idle") == "idle":
                told[leg.phone] = "talking"
        return told


class Watch:
    """The account that may ask and change nothing."""

    def __init__(self, host: str, port: int, user: str, secret: str) -> None:
        self._login = (host, port, user, secret)
        self.board = Board()

    async def look(self) -> Board:
        """What is true now, asked once. Raises AmiAway."""
        async with connected(*self._login, events="off") as ami:
            return await _whole(ami)

    async def run(self) -> None:
        """Keep `board` as it is, until cancelled."""
        pause_s = _PAUSE_S
        while True:
            try:
                async for _ in self.events():
                    pause_s = _PAUSE_S
            except AmiAway as away:
                log.warning("Asterisk cannot be watched: %s", away)
            self.board = Board()
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def events(self) -> AsyncGenerator[Event, None]:
        """What happens from now on; `board` has it already. Raises AmiAway when the connection is lost."""
        async with connected(*self._login, events="call,system") as ami:
            self.board = await _whole(ami)
            async for fields in ami.events():
                if (event := parse(fields)) is not None:
                    self.board.take(event)
                    yield event


async def _whole(ami: Connection) -> Board:
    board = Board(known=True)
    for action in ("DeviceStateList", "CoreShowChannels"):
        for fields in await ami.ask_list(action):
            if (event := parse(fields)) is not None:
                board.take(event)
    return board
