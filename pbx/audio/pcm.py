"""Samples in memory, and the formats that need no program: headerless 16 bit, A-law, µ-law."""

from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

RATE = 16_000
TELEPHONE_RATE = 8_000
FULL_SCALE = 32_768.0
_PART = 60 * RATE  # samples worked at together, where ten minutes at once would cost much memory

Pcm = NDArray[np.int16]
"""Mono, 16 bit, `RATE` samples a second."""
Samples = NDArray[np.float64]
"""The same as numbers between -1 and 1."""


def from_bytes(data: bytes) -> Pcm:
    """Headerless little-endian samples. An odd last byte, as a crash leaves it, is dropped."""
    return np.frombuffer(data[: len(data) & ~1], dtype="<i2").astype(np.int16)


def to_bytes(pcm: Pcm) -> bytes:
    """What `from_bytes` reads."""
    return pcm.astype("<i2").tobytes()


def read_sln16(path: Path) -> Pcm:
    """A file as Asterisk records it. OSError when it cannot be read."""
    return from_bytes(path.read_bytes())


def write_sln16(path: Path, pcm: Pcm) -> None:
    """Written in place and not synced: for spool and scratch; `rendition.write_rendition` is for what is played."""
    path.write_bytes(to_bytes(pcm))


def as_samples(pcm: Pcm) -> Samples:
    """-1 to 1."""
    return pcm.astype(np.float64) / FULL_SCALE


def as_pcm(samples: Samples) -> Pcm:
    """Rounded, and held inside the range of 16 bit."""
    pcm = np.empty(len(samples), dtype=np.int16)
    for at in range(0, len(samples), _PART):
        part = samples[at : at + _PART] * FULL_SCALE
        pcm[at : at + _PART] = np.clip(np.rint(part, out=part), -32_768, 32_767, out=part)
    return pcm


def resample(pcm: Pcm, rate: int, to_rate: int) -> Pcm:
    """To another rate, by soxr: it leaves nothing of what lies above the new limit (30 s take 3 ms)."""
    if rate == to_rate or not len(pcm):
        return pcm
    return np.asarray(soxr.resample(pcm, rate, to_rate, quality="HQ"), dtype=np.int16)


def to_alaw(pcm: Pcm) -> bytes:
    """G.711 A-law at 8 kHz."""
    return _through(_ALAW, pcm)


def to_ulaw(pcm: Pcm) -> bytes:
    """G.711 µ-law at 8 kHz."""
    return _through(_ULAW, pcm)


def from_alaw(data: bytes) -> Pcm:
    """8 kHz A-law to 16 kHz samples."""
    return resample(_ALAW_BACK[np.frombuffer(data, np.uint8)], TELEPHONE_RATE, RATE)


def from_ulaw(data: bytes) -> Pcm:
    """8 kHz µ-law to 16 kHz samples."""
    return resample(_ULAW_BACK[np.frombuffer(data, np.uint8)], TELEPHONE_RATE, RATE)


def _through(table: NDArray[np.uint8], pcm: Pcm) -> bytes:
    narrow = resample(pcm, RATE, TELEPHONE_RATE)
    return table[narrow.astype(np.int32) + 32_768].tobytes()


def _alaw_values() -> Pcm:
    """What each of the 256 A-law bytes means, by the G.711 formula, in 16 bit."""
    code = np.arange(256) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    size = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, size, -size).astype(np.int16)


def _ulaw_values() -> Pcm:
    """What each of the 256 µ-law bytes means, by the G.711 formula, in 16 bit."""
    code = np.arange(256) ^ 0xFF
    size = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
    return np.where(code & 0x80, -size, size).astype(np.int16)


def _nearest(values: Pcm) -> NDArray[np.uint8]:
    """For each of the 65 536 samples the byte whose value lies nearest."""
    order = np.argsort(values, kind="stable")
    ladder = values[order].astype(np.int32)
    middles = (ladder[1:] + ladder[:-1]) / 2
    return order[np.searchsorted(middles, np.arange(-32_768, 32_768))].astype(np.uint8)


_ALAW_BACK, _ULAW_BACK = _alaw_values(), _ulaw_values()
_ALAW, _ULAW = _nearest(_ALAW_BACK), _nearest(_ULAW_BACK)
