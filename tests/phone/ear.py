"""What a phone hears, written by RTP timestamp, with the arrival time of every packet."""

from __future__ import annotations

import struct
from bisect import bisect_right
from typing import NamedTuple

import numpy as np

from tests.phone import g711
from tests.phone.dtmf import parse_event
from tests.phone.g711 import Pcm

RATE = 8000
LOUD = 250
"""A packet whose peak is over this is sound; comfort noise and coding noise are not."""


class Packet(NamedTuple):
    at: float
    """Arrival, time.monotonic()."""
    offset: int
    """Where its first sample lies in what was heard."""
    peak: int


class Ear:
    """Gaps are silence. Loss is counted by sequence number, since Asterisk jumps timestamps between two prompts."""

    def __init__(self) -> None:
        self._pcm: Pcm = np.zeros(10 * RATE, np.int16)
        self.end = 0
        self.packets: list[Packet] = []
        self.lost = 0
        self.digits = ""
        self._source: int | None = None
        self._timestamp = 0
        self._offset = 0
        self._sequence = 0
        self._event: int | None = None

    def take(self, data: bytes, now: float, event_type: int | None) -> bool:
        """One datagram; False for what is no RTP of ours."""
        if len(data) < 12 or data[0] >> 6 != 2:
            return False
        kind, sequence, timestamp, source = struct.unpack("!xBHII", data[:12])
        payload = data[12 + 4 * (data[0] & 15) :]
        kind &= 0x7F
        if kind == event_type:
            self._key(payload, timestamp)
        elif kind in g711.SILENCE and payload:
            self._sound(g711.decode(payload, kind), timestamp, source, now)
        self._count(sequence, source)
        return True

    def _key(self, payload: bytes, timestamp: int) -> None:
        found = parse_event(payload)
        if found and timestamp != self._event:
            self._event = timestamp
            self.digits += found[0]

    def _sound(self, pcm: Pcm, timestamp: int, source: int, now: float) -> None:
        offset = self._place(timestamp, source, now)
        end = offset + len(pcm)
        if end > len(self._pcm):
            self._pcm = np.concatenate([self._pcm, np.zeros(max(end, len(self._pcm)), np.int16)])
        self._pcm[offset:end] = pcm
        self.end = max(self.end, end)
        self.packets.append(Packet(now, offset, int(np.abs(pcm.astype(np.int32)).max())))

    def _place(self, timestamp: int, source: int, now: float) -> int:
        """Another source, or a leap that no pause explains, begins where the clock says."""
        if self.packets:
            step = (timestamp - self._timestamp + 0x80000000) % 0x100000000 - 0x80000000
            passed = round((now - self.packets[-1].at) * RATE)
            if (source != self._source and self._source is not None) or not -RATE < step < passed + 5 * RATE:
                offset = max(self.end, self._offset + passed)
            else:
                offset = max(0, self._offset + step)
        else:
            offset = 0
        self._timestamp, self._offset = timestamp, offset
        return offset

    def _count(self, sequence: int, source: int) -> None:
        step = (sequence - self._sequence) & 0xFFFF
        if source != self._source:
            step = 1
        if step < 0x8000:
            self.lost += max(0, step - 1)
            self._sequence = sequence
        self._source = source

    def heard(self, since: int = 0, until: int | None = None) -> Pcm:
        """A copy of what was heard between two positions, in samples."""
        return self._pcm[since : self.end if until is None else min(until, self.end)].copy()

    def arrived(self, offset: int) -> float:
        """When the packet came that bears this position."""
        index = bisect_right(self.packets, offset, key=lambda packet: packet.offset) - 1
        return self.packets[max(0, index)].at

    def loud_since(self, moment: float) -> Packet | None:
        """The first packet of sound that came after this moment."""
        first = bisect_right(self.packets, moment, key=lambda packet: packet.at)
        return next((packet for packet in self.packets[first:] if packet.peak > LOUD), None)

    def last_loud(self) -> float | None:
        return next((packet.at for packet in reversed(self.packets) if packet.peak > LOUD), None)

    def gaps_s(self) -> list[float]:
        """Between each packet and the next, by arrival."""
        return np.diff([packet.at for packet in self.packets]).tolist() if self.packets else []
