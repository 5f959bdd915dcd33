"""The audio of one call: its RTP socket, its ear and its mouth."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from tests.phone.ear import Ear
from tests.phone.mouth import Mouth
from tests.phone.pacer import Pacer
from tests.phone.sdp import EVENT, Sdp
from tests.phone.wire import Address, Wire


class Media:
    """Open from the first INVITE on, so that early media is heard; `wake` is called for each packet."""

    def __init__(self, host: str, codecs: tuple[int, ...], wake: Callable[[], None], mute: bool = False) -> None:
        self._wake = wake
        self._wire = Wire(host, self._take)
        self._codecs = codecs
        self._version = 0
        self.direction = "sendrecv"
        self.remote: Sdp | None = None
        self.ear = Ear()
        self.mouth = Mouth(self._wire, mute)
        self._pacer: Pacer | None = None
        self.closed = False

    def offer(self, direction: str = "sendrecv") -> bytes:
        """Our description, as an offer or, once `agree` has seen the other's, as the answer to it."""
        self._version += 1
        self.direction = direction
        codecs, event = self._codecs, EVENT
        if self.remote:
            codecs = (self.mouth.codec, *(pt for pt in self._codecs if pt != self.mouth.codec))
            event = EVENT if self.remote.event is None else self.remote.event
        return Sdp(self._wire.address, codecs, event, direction).encode(self._version)

    def agree(self, remote: Sdp) -> None:
        """Send to where the other end wants it, by the first codec that both know."""
        self.remote = remote
        self.mouth.to = remote.address
        self.mouth.event = remote.event
        self.mouth.codec = next((pt for pt in remote.codecs if pt in self._codecs), self._codecs[0])
        if self._pacer is None and not self.closed:
            self._pacer = Pacer.of_this_loop()
            self._pacer.join(self.mouth.tick)

    def _take(self, data: bytes, source: Address) -> None:
        """Only from the agreed address: a recycled port number gets the late packets of the call before."""
        if self.remote and source != self.remote.address:
            return
        if self.ear.take(data, monotonic(), self.mouth.event if self.remote else EVENT):
            self._wake()

    def close(self) -> None:
        """What the kernel still holds is heard first."""
        if self.closed:
            return
        self._wire.drain()
        self.closed = True
        if self._pacer:
            self._pacer.leave(self.mouth.tick)
        self.mouth.shut()
        self._wire.close()
