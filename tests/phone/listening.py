"""Waiting for what is heard: every wait ends by a packet, by the call's end or by its limit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np

from tests.phone import audio
from tests.phone.ear import RATE, Ear
from tests.phone.g711 import Pcm

Reference = Pcm | Path
_FEW_PACKETS, _QUIET_S = 3, 0.06
_SHORTENED = RATE // 5
_REFERENCE_PER_PACKET = (
    20 * 160
)  # a long reference is looked for after each twentieth of it, since a look costs its length
_SETTLE, _NEAR = 320, 400


class NotHeard(AssertionError):
    """The sound, or the condition, did not come in time. Says how near it was."""


class CallOver(AssertionError):
    """The call ended while a test waited for something in it."""


@dataclass(frozen=True, slots=True)
class Heard:
    offset: int
    """Where it begins in what this call heard, in samples of 8 kHz."""
    score: float
    at: float
    """When the packet arrived with which it began, time.monotonic()."""
    end: int

    @property
    def offset_s(self) -> float:
        return self.offset / RATE


class Listening:
    """The half of a call that waits. `cursor`: `hear` looks from here on, and moves it behind what it found."""

    def __init__(self) -> None:
        self.ear = Ear()
        self.cursor = 0
        self.ended = asyncio.Event()
        self.knows: Mapping[str, Pcm] = {}
        self._pulse = asyncio.Event()

    def wake(self) -> None:
        """Let every waiter look again."""
        self._pulse.set()
        self._pulse.clear()

    async def until(self, true: Callable[[], object], timeout_s: float = 10.0, what: str = "") -> None:
        """Until the condition holds; it is asked again at each packet and message. NotHeard, CallOver."""
        try:
            async with asyncio.timeout(timeout_s):
                while not true():
                    if self.ended.is_set():
                        raise CallOver(f"the call ended before {what or 'that'}: {self.last_words()}")
                    await self._pulse.wait()
        except TimeoutError:
            raise NotHeard(f"not within {timeout_s} s: {what or true}") from None

    def last_words(self) -> str:
        return ""

    async def hear(
        self, reference: Reference, timeout_s: float = 10.0, *, threshold: float = audio.SAME, since: int | None = None
    ) -> Heard:
        """Until the whole reference was heard from `since` (default: the cursor) on. NotHeard tells the best score.

        `reference`: int16 at 8 kHz, or the path of a sound file. Only a part: slice it (a cut prompt: its first 0.3 s).
        """
        name = reference.stem if isinstance(reference, Path) else "it"
        _, heard = await self.hear_one_of({name: reference}, timeout_s, threshold=threshold, since=since)
        return heard

    async def hear_one_of(
        self,
        references: Mapping[str, Reference],
        timeout_s: float = 10.0,
        *,
        threshold: float = audio.SAME,
        since: int | None = None,
    ) -> tuple[str, Heard]:
        """Until one of them was heard; its name, and where. Of two at once the better one."""
        start = self.cursor if since is None else since
        scans = {name: _Scan(as_pcm(reference), start, threshold) for name, reference in references.items()}
        packets = max(_FEW_PACKETS, min(scan.length for scan in scans.values()) // _REFERENCE_PER_PACKET)
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while not self._look(scans) and not self.ended.is_set():
                    await self._more(packets)
        found = self._look(scans, last=True)
        if not found:
            raise NotHeard(self._excuse(scans, start, timeout_s))
        name, heard = found
        # A stall of the path may have shortened what was heard: what follows may have begun before its end should be.
        self.cursor = heard.end - min(scans[name].length // 4, _SHORTENED)
        return name, heard

    def _look(self, scans: Mapping[str, _Scan], last: bool = False) -> tuple[str, Heard] | None:
        found = [(name, heard) for name, scan in scans.items() if (heard := scan.look(self.ear, last))]
        return max(found, key=lambda one: one[1].score) if found else None

    async def _more(self, packets: int) -> None:
        """A few packets more, or a pause: what was heard last may be settled by nothing but that no more comes."""
        seen = len(self.ear.packets)
        while len(self.ear.packets) - seen < packets and not self.ended.is_set():
            try:
                async with asyncio.timeout(_QUIET_S):
                    await self._pulse.wait()
            except TimeoutError:
                return

    def _excuse(self, scans: Mapping[str, _Scan], start: int, timeout_s: float) -> str:
        best = ", ".join(f"{name} {scan.best:.2f}" for name, scan in scans.items())
        since = self.ear.heard(start)
        loud = sum(1 for packet in self.ear.packets if packet.offset >= start and packet.peak > 250) / 50
        lines = [
            f"not heard in {timeout_s} s (best scores: {best}); {loud:.1f} s of sound in {len(since) / RATE:.1f} s"
        ]
        if self.ended.is_set():
            lines.append(f"the call has ended: {self.last_words()}")
        if self.knows:
            lines.append(f"heard instead: {audio.transcript(since, self.knows) or 'nothing known'}")
        return "; ".join(lines)

    def mark(self) -> int:
        """The position up to which was heard by now, for `since=` and `heard_since`."""
        return self.ear.end

    def heard_since(self, mark: int = 0) -> Pcm:
        """What was heard from this position on: int16 at 8 kHz, silence where no packet came between two."""
        return self.ear.heard(mark)

    async def sound(self, timeout_s: float = 10.0, *, after: float = 0.0) -> float:
        """When the first packet of sound arrived after the moment `after` (time.monotonic(); default: ever)."""
        await self.until(lambda: self.ear.loud_since(after), timeout_s, "any sound")
        packet = self.ear.loud_since(after)
        assert packet
        return packet.at

    async def quiet(self, seconds: float = 0.3, timeout_s: float = 10.0) -> None:
        """Until nothing was heard for so long, such as after the last prompt. NotHeard where it goes on."""
        deadline = monotonic() + timeout_s
        while (rest := (self.ear.last_loud() or 0.0) + seconds - monotonic()) > 0:
            if monotonic() > deadline:
                raise NotHeard(f"no {seconds} s of quiet in {timeout_s} s")
            await self._wait_over(rest)

    async def silence_for(self, seconds: float) -> None:
        """Nothing may be heard for so long from now on; AssertionError where something is. An ended call is silent."""
        begin = monotonic()
        while (rest := begin + seconds - monotonic()) > 0 and not self.ended.is_set():
            await self._wait_over(rest)
            packet = self.ear.loud_since(begin)
            assert packet is None, f"sound after {packet.at - begin:.2f} s of silence (peak {packet.peak})"

    async def _wait_over(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._pulse.wait()


class _Scan:
    """One reference, looked for in each part of what is heard only once."""

    def __init__(self, reference: Pcm, start: int, threshold: float) -> None:
        assert len(reference), "an empty reference"
        self._reference = reference
        self.length = len(reference)
        self._from = start
        self._threshold = threshold
        self.best = 0.0

    def look(self, ear: Ear, last: bool) -> Heard | None:
        length = self.length
        if ear.end - self._from < length:
            return None
        window = ear.heard(self._from)
        if int(np.abs(window.astype(np.int32)).max()) < 250:
            self._from = ear.end - length + 1
            return None
        value, offset = audio.first(window, self._reference, self._threshold)
        self.best = max(self.best, value)
        offset += self._from
        if value < self._threshold:
            self._from = ear.end - length + 1
            return None
        if ear.end - offset - length < _SETTLE and not last and monotonic() - ear.packets[-1].at < _QUIET_S:
            self._from = max(self._from, offset - _NEAR)  # a later position may fit better still
            return None
        return Heard(offset, value, ear.arrived(offset), offset + length)


def as_pcm(reference: Reference) -> Pcm:
    return audio.read(reference) if isinstance(reference, Path) else reference
