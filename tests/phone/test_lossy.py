"""A line that loses datagrams: what is lost is sent again, and nothing happens twice."""

from __future__ import annotations

from tests.phone import ANSWER, Phone
from tests.phone.wire import Address, Wire


class Relay:
    """Between a caller and a phone. Loses the first `losses` datagrams in each direction."""

    def __init__(self, phone: Address, losses: int) -> None:
        self._phone = phone
        self._left = {True: losses, False: losses}
        self._caller: Address | None = None
        self.wire = Wire("127.0.0.1", self._take)

    def _take(self, data: bytes, source: Address) -> None:
        there = source != self._phone
        if there:
            self._caller = source
        if self._left[there]:
            self._left[there] -= 1
        elif there:
            self.wire.send(data, self._phone)
        elif self._caller:
            self.wire.send(data, self._caller)


async def test_a_call_through_a_lossy_line_comes_up_once() -> None:
    async with Phone("anna") as anna, Phone("bo", policy=ANSWER) as bo:
        relay = Relay(bo.line.address, 1)
        try:
            host, port = relay.wire.address
            call = await anna.call(f"sip:bo@{host}:{port}")
            answered = await bo.incoming()
            await answered.answered()
            assert bo.rung == 0
            await call.hangup()
            assert (await answered.hung_up()).by == "them"
        finally:
            relay.wire.close()
