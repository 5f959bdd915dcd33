"""Who is registered, who rings, who talks: asked once, or asked at a login and kept by events from then on.

Each call tells some five events, which cost Asterisk and us together about what a key does: so nobody listens all the
time, and whoever shows it to somebody listens as long as that one looks.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Final

from pbx.ami.connection import Connection, connected
from pbx.ami.events import CallEnded, CallIs, Event, PhoneIs, PhoneState, parse
from pbx.rules.servers import CARRIER, CARRIER_112

CARRIED: Final = frozenset({"registered", "reached"})
"""What `Watch.carrier` tells where calls go out and come in."""


@dataclass(slots=True)
class Board:
    """What is known now: phones by SIP user, legs of calls by id."""

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
        return {name: state for name, state in told.items() if name not in {CARRIER, CARRIER_112}}


class Watch:
    """The account that may ask and change nothing. `board`: as `events` has told it so far."""

    def __init__(self, host: str, port: int, user: str, secret: str) -> None:
        self._login = (host, port, user, secret)
        self.board = Board()

    async def look(self) -> Board:
        """What is true now, asked once. Raises AmiAway."""
        async with connected(*self._login, events="off") as ami:
            return await _whole(ami)

    async def carrier(self, *, registers: bool) -> str:
        """How the carrier stands: silent; or how our registration there does: registered, unregistered, rejected; or
        reached, where there is to be none. Raises AmiAway."""
        async with connected(*self._login, events="off") as ami:
            devices = [parse(fields) for fields in await ami.ask_list("DeviceStateList")]
            registrations = await ami.ask_list("PJSIPShowRegistrationsOutbound") if registers else []
        if not any(isinstance(one, PhoneIs) and one.phone == CARRIER and one.state != "away" for one in devices):
            return "silent"
        if not registers:
            return "reached"
        return next((one["status"].lower() for one in registrations if "status" in one), "unregistered")

    async def events(self) -> AsyncGenerator[Event, None]:
        """What happens from now on; `board` has it already. Raises AmiAway when the connection is lost."""
        async with connected(*self._login, events="call,system") as ami:
            self.board = await _whole(ami)
            async for fields in ami.events():
                if (event := parse(fields)) is not None:
                    self.board.take(event)
                    yield event


async def _whole(ami: Connection) -> Board:
    board = Board()
    for action in ("DeviceStateList", "CoreShowChannels"):
        for fields in await ami.ask_list(action):
            if (event := parse(fields)) is not None:
                board.take(event)
    return board
