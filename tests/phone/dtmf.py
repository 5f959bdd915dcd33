"""Keys: telephone events (RFC 4733) and the two tones of a key."""

from __future__ import annotations

import struct

import numpy as np

from tests.phone.g711 import Pcm

KEYS = "0123456789*#ABCD"
LOW_HZ = (697, 770, 852, 941)
HIGH_HZ = (1209, 1336, 1477, 1633)
_PAD = ("123A", "456B", "789C", "*0#D")


def pair_hz(key: str) -> tuple[int, int]:
    """The low and the high tone of a key; ValueError for what is no key."""
    for row, low in zip(_PAD, LOW_HZ, strict=True):
        if key in row:
            return low, HIGH_HZ[row.index(key)]
    raise ValueError(f"no such key: {key!r}")


def tone(key: str, seconds: float, level_db: float = -10.0, twist_db: float = 0.0) -> Pcm:
    """The key's two tones as int16, 8 kHz, at `level_db` dBov (RMS of both), the high one `twist_db` louder."""
    t = np.arange(round(seconds * 8000)) / 8000
    low, high = (np.sin(2 * np.pi * hz * t) for hz in pair_hz(key))
    both = low * 10 ** (-twist_db / 40) + high * 10 ** (twist_db / 40)
    power = (10 ** (-twist_db / 20) + 10 ** (twist_db / 20)) / 2
    pcm: Pcm = np.clip(both / np.sqrt(power) * 32768 * 10 ** (level_db / 20), -32768, 32767).astype(np.int16)
    return pcm


def event(key: str, duration: int, end: bool) -> bytes:
    """An event packet's payload; `duration` in samples, volume -10 dBm0."""
    return struct.pack("!BBH", KEYS.index(key), (0x80 if end else 0) | 10, duration)


def parse_event(payload: bytes) -> tuple[str, int, bool] | None:
    """Key, duration in samples and whether it ended; None for what is no key."""
    if len(payload) < 4 or payload[0] >= len(KEYS):
        return None
    number, flags, duration = struct.unpack("!BBH", payload[:4])
    return KEYS[number], duration, bool(flags & 0x80)
