"""A call that is or was up: speak, press, hold, hang up, and what the other end does."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Literal

import numpy as np

from tests.phone import dtmf
from tests.phone.audio import write_wav
from tests.phone.dialog import Dialog
from tests.phone.line import Line
from tests.phone.listening import CallOver, Listening, Reference, as_pcm
from tests.phone.media import Media
from tests.phone.message import Message
from tests.phone.sdp import Sdp
from tests.phone.wire import Address

Way = Literal["rtp", "tone", "info"]
By = Literal["us", "them", "refused", "cancelled", "vanished"]


@dataclass(frozen=True, slots=True)
class End:
    """Why a call is over."""

    by: By
    status: int
    """SIP status that ended it; 200 for a BYE."""
    reason: str
    cause: int | None
    """Q.850 cause from the Reason header, where there was one."""
    at: float


class Call(Listening):
    """`state`: calling, ringing, up, over. `progress`: statuses so far. `peer`: their From (incoming) or To header."""

    def __init__(self, line: Line, dialog: Dialog, forget: Callable[[Call], None], mute: bool = False) -> None:
        super().__init__()
        self.line = line
        self.dialog = dialog
        self.media = Media(line.host, line.codecs, self.wake, mute)
        self.ear = self.media.ear
        self.state: Literal["calling", "ringing", "up", "over"] = "calling"
        self.progress: list[int] = []
        self.invite: Message | None = None
        self.answered_at: float | None = None
        self.end: End | None = None
        self.held = False
        self._forget = forget
        self._info_digits = ""

    @property
    def mute(self) -> bool:
        """True: no audio is sent (keys and `say` still are). May be changed in the middle of a call."""
        return self.media.mouth.mute

    @mute.setter
    def mute(self, value: bool) -> None:
        self.media.mouth.mute = value

    @property
    def peer(self) -> str:
        return self.dialog.remote

    @property
    def digits_in(self) -> str:
        """Keys that the other end pressed."""
        return self.ear.digits + self._info_digits

    # What we do

    def speak(self, pcm: Reference) -> None:
        """Begin to say it (int16, 8 kHz, or a sound file) and go on; `speaking` tells when it is over."""
        self._mouth_open()
        self.media.mouth.speak(as_pcm(pcm))

    @property
    def speaking(self) -> bool:
        return self.media.mouth.busy

    async def say(self, pcm: Reference) -> float:
        """Say it to its end; the moment at which the last frame left. CallOver where the call ends before."""
        self._mouth_open()
        return await self._spoken(self.media.mouth.speak(as_pcm(pcm)))

    async def press(
        self,
        keys: str,
        *,
        hold_s: float = 0.1,
        gap_s: float = 0.06,
        leak_ms: int = 0,
        leak_db: float = -10.0,
        by: Way = "rtp",
    ) -> float:
        """Press keys one after another; the moment of the last key-up, from which a switch's latency counts.

        `leak_ms`: a gateway lets so much of the key's two tones through as audio (at `leak_db` dBov) before the event.
        `by="tone"`: only as sound, for `hold_s`; `by="info"`: as SIP INFO.
        """
        self._mouth_open()
        if by == "info":
            return await self._press_info(keys, hold_s)
        done: asyncio.Future[float] | None = None
        for key in keys:
            seconds = hold_s if by == "tone" else leak_ms / 1000
            leak = dtmf.tone(key, seconds, leak_db) if seconds else np.zeros(0, np.int16)
            done = self.media.mouth.press(key, hold_s, gap_s, leak, by_tone=by == "tone")
        return await self._spoken(done) if done else monotonic()

    async def _press_info(self, keys: str, hold_s: float) -> float:
        for key in keys:
            body = f"Signal={key}\r\nDuration={round(hold_s * 1000)}\r\n".encode()
            sent = self.dialog.request(self.line, "INFO", body).with_headers(content_type="application/dtmf-relay")
            await self.line.transactions.ask(sent, self.dialog.where(), 5)
        return monotonic()

    def _mouth_open(self) -> None:
        if self.state != "up":
            raise CallOver(f"the call is {self.state}: {self.last_words()}")

    async def _spoken(self, done: asyncio.Future[float]) -> float:
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            if done.cancelled() and self.ended.is_set():
                raise CallOver(f"the call ended before all was said: {self.last_words()}") from None
            raise

    async def hold(self, direction: str = "sendonly") -> None:
        """Re-INVITE; `resume` takes it back."""
        sent = self.dialog.request(self.line, "INVITE", self.media.offer(direction))
        answer, self.dialog.cseq = await self.line.ask(sent, self.dialog.where(), 5)
        if answer.status >= 300:
            raise CallOver(f"hold was refused: {answer.status} {answer.reason}")
        self._agree(answer.body)
        self.line.transactions.wire.send(self.dialog.ack(self.line, answer.cseq).encode(), self.dialog.where())

    async def resume(self) -> None:
        await self.hold("sendrecv")

    async def hangup(self) -> None:
        """BYE, and wait for its answer. A call that is already over stays as it ended."""
        if self.state == "up":
            bye = self.dialog.request(self.line, "BYE")
            self._over("us", 200, "OK")
            await self._farewell(bye)

    async def _farewell(self, bye: Message) -> None:
        try:
            await self.line.ask(bye, self.dialog.where(), 5)
        except TimeoutError:
            return

    def vanish(self) -> None:
        """The phone is gone without a word: no BYE, no audio, no answers."""
        self._over("vanished", 0, "")

    async def hung_up(self, timeout_s: float = 10.0) -> End:
        """Until the call is over; why."""
        await self.until(self.ended.is_set, timeout_s, "the end of the call")
        assert self.end
        return self.end

    def save(self, path: Path) -> None:
        """What was heard, as a wav, to listen to when a test fails."""
        write_wav(path, self.heard_since())

    def last_words(self) -> str:
        return f"{self.end.by} {self.end.status} {self.end.reason}".strip() if self.end else self.state

    # What they do

    def take(self, request: Message, source: Address) -> None:
        """A request inside this call."""
        respond = self.line.transactions.respond
        if request.method == "BYE":
            respond(request, source, 200, "OK")
            self._over("them", 200, "OK", request.get("reason"))
        elif request.method == "INVITE":
            self._agree(request.body)
            self.held = self.media.remote is not None and self.media.remote.direction in ("sendonly", "inactive")
            direction = self.media.remote.mirrored() if self.media.remote and request.body else "sendrecv"
            contact = (("Contact", self.line.contact), ("Content-Type", "application/sdp"))
            respond(request, source, 200, "OK", contact, self.media.offer(direction))
        elif request.method == "INFO":
            key = re.search(rb"Signal\s*=\s*([0-9A-D*#])", request.body)
            self._info_digits += key[1].decode() if key else ""
            respond(request, source, 200, "OK")
        elif request.method == "ACK":
            self._agree(request.body)
        else:
            respond(request, source, 405, "Method Not Allowed")
        self.wake()

    def _agree(self, body: bytes) -> None:
        remote = Sdp.parse(body) if body else None
        if remote:
            self.media.agree(remote)

    def _up(self) -> None:
        self.state = "up"
        self.answered_at = monotonic()
        self.wake()

    def _over(self, by: By, status: int, why: str, header: str | None = None) -> None:
        if self.state == "over":
            return
        cause = re.search(r"cause\s*=\s*(\d+)", header or "")
        self.media.close()
        self.state = "over"
        self.end = End(by, status, why, int(cause[1]) if cause else None, monotonic())
        self.ended.set()
        self._forget(self)
        self.wake()
