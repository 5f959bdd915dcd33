"""What a phone sends: a packet each 20 ms, speech or silence, keys before speech."""

from __future__ import annotations

import asyncio
import random
import struct
from collections import deque
from dataclasses import dataclass
from time import monotonic

import numpy as np

from tests.phone import dtmf, g711
from tests.phone.g711 import Pcm
from tests.phone.wire import Address, Wire

FRAME = 160
_END_REPEATED = 3


@dataclass(slots=True)
class _Slot:
    """What goes out in one tick: a frame of sound, or a step of a telephone event."""

    sound: Pcm | None = None
    key: str = ""
    step: int = 0
    end: bool = False
    done: asyncio.Future[float] | None = None


class Mouth:
    """Silence goes out always: a phone that sends nothing (`mute`) is a separate, deliberate case."""

    def __init__(self, wire: Wire, mute: bool = False) -> None:
        self._wire = wire
        self.mute = mute
        self.to: Address | None = None
        self.codec = 8
        self.event: int | None = 101
        self.sent = 0
        self._keys: deque[_Slot] = deque()
        self._speech: deque[_Slot] = deque()
        self._source = random.getrandbits(32)
        self._sequence = random.getrandbits(15)
        self._timestamp = random.getrandbits(31)
        self._event_timestamp = 0
        self._first = True

    def speak(self, pcm: Pcm) -> asyncio.Future[float]:
        """Queue int16 at 8 kHz; the future bears the moment at which its last frame left."""
        padded = np.concatenate([pcm, np.zeros(-len(pcm) % FRAME, np.int16)]).astype(np.int16)
        return self._queue(self._speech, [_Slot(sound=frame) for frame in padded.reshape(-1, FRAME)])

    def press(self, key: str, hold_s: float, gap_s: float, leak: Pcm, by_tone: bool = False) -> asyncio.Future[float]:
        """Queue a key; the future bears the moment of key-up, which is when a switch acts on it.

        `leak` is what a gateway lets through into the audio before it turns the key into an event.
        """
        dtmf.pair_hz(key)
        padded = np.concatenate([leak, np.zeros(-len(leak) % FRAME, np.int16)]).astype(np.int16)
        slots = [_Slot(sound=frame) for frame in padded.reshape(-1, FRAME)]
        if not by_tone:
            steps = max(2, round(hold_s / 0.02))
            slots += [_Slot(key=key, step=step, end=step == steps) for step in range(1, steps + 1)]
        done = self._queue(self._keys, slots)
        self._keys.extend(_Slot() for _ in range(round(gap_s / 0.02)))
        return done

    def _queue(self, queue: deque[_Slot], slots: list[_Slot]) -> asyncio.Future[float]:
        done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        if slots:
            slots[-1].done = done
            queue.extend(slots)
        else:
            done.set_result(monotonic())
        return done

    def tick(self) -> None:
        queue = self._keys or self._speech
        slot = queue.popleft() if queue else _Slot()
        if self.to and not (self.mute and slot.sound is None and not slot.key):
            self._emit(slot, self.to)
        self._timestamp = (self._timestamp + FRAME) & 0xFFFFFFFF
        if slot.done and not slot.done.done():
            slot.done.set_result(monotonic())

    def _emit(self, slot: _Slot, to: Address) -> None:
        if slot.key and self.event is not None:
            if slot.step == 1:
                self._event_timestamp = self._timestamp
            payload = dtmf.event(slot.key, slot.step * FRAME, slot.end)
            for _ in range(_END_REPEATED if slot.end else 1):
                self._packet(payload, self.event, slot.step == 1, self._event_timestamp, to)
        elif slot.sound is None:
            silence = bytes([g711.SILENCE[self.codec]]) * FRAME
            self._packet(silence, self.codec, self._first, self._timestamp, to)
        else:
            self._packet(g711.encode(slot.sound, self.codec), self.codec, self._first, self._timestamp, to)
        self._first = False

    def _packet(self, payload: bytes, kind: int, marked: bool, timestamp: int, to: Address) -> None:
        head = struct.pack("!BBHII", 0x80, kind | (0x80 if marked else 0), self._sequence, timestamp, self._source)
        self._wire.send(head + payload, to)
        self._sequence = (self._sequence + 1) & 0xFFFF
        self.sent += 1

    @property
    def busy(self) -> bool:
        return bool(self._keys or self._speech)

    def shut(self) -> None:
        """Stop speaking: what is not yet sent never will be, and who waits for it is cancelled."""
        for slot in (*self._keys, *self._speech):
            if slot.done and not slot.done.done():
                slot.done.cancel()
        self._keys.clear()
        self._speech.clear()
