"""Keys that are sound: the DTMF detector.

A key usually travels as an event, but gateways leak its first 20 to 60 ms into the audio, so that every take is looked
through: all of it for keys of 40 ms and more, its end for the shortest leak too. Measured: not one key found in 1659 s
of speech (nine voices, two levels, through A-law), whole or at its end.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pbx.audio.pcm import FULL_SCALE, RATE, TELEPHONE_RATE, Pcm, Samples, resample

_ROWS, _COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
_KEYS = ("123A", "456B", "789C", "*0#D")
_WINDOW = 160  # 20 ms at 8 kHz
_COARSE = (80, 3)  # hop in samples, windows in a row: 10 ms, 40 ms of tone
_FINE = (20, 4)  # 2.5 ms, 20 ms of tone
_UP = RATE // TELEPHONE_RATE
_END = RATE  # looked at closely
_PART = 6_400  # windows looked at together: a minute, so that ten cost no more memory

_PAIR_SHARE = 0.60
_QUIETEST = 10 ** (-45 / 10)
_TWIST = 10 ** (9 / 10)
_SECOND_IN_GROUP = 0.15
_SECOND_HARMONIC = 0.30


@dataclass(frozen=True, slots=True)
class Key:
    """A key heard in the sound: which, and from and to which sample (16 kHz)."""

    key: str
    start: int
    end: int


def keys(pcm: Pcm) -> list[Key]:
    """The DTMF keys in a recording, in order, those of its last second twice at worst (5 ms for 30 s)."""
    end = max(0, len(pcm) - _END) & ~1
    found = _found(pcm, 0, *_COARSE) + _found(pcm[end:], end, *_FINE)
    return sorted(found, key=lambda key: key.end)


def _found(pcm: Pcm, offset: int, hop: int, shortest: int) -> list[Key]:
    narrow = resample(pcm, RATE, TELEPHONE_RATE)
    if len(narrow) < _WINDOW:
        return []
    windows = sliding_window_view(narrow, _WINDOW)[::hop]
    which = np.concatenate(
        [_key_of_each(windows[at : at + _PART] / FULL_SCALE) for at in range(0, len(windows), _PART)]
    )
    edges = np.flatnonzero(np.diff(which)) + 1
    found = []
    for first, after in zip([0, *edges], [*edges, len(which)], strict=True):
        if which[first] >= 0 and after - first >= shortest:
            row, column = divmod(int(which[first]), 4)
            end = (int(after) - 1) * hop + _WINDOW
            found.append(Key(_KEYS[row][column], offset + int(first) * hop * _UP, offset + end * _UP))
    return found


def _key_of_each(windows: Samples) -> NDArray[np.int64]:
    """For each window 0 to 15, the key in it, or -1."""
    taper = np.hamming(_WINDOW)
    tapered = windows * taper
    total = np.sum(tapered**2, axis=1) / np.sum(taper**2) + 1e-12
    fundamentals = _power(tapered, (*_ROWS, *_COLUMNS), taper)
    harmonics = _power(tapered, tuple(2 * f for f in (*_ROWS, *_COLUMNS)), taper)
    at = np.arange(len(windows))
    row, column = fundamentals[:, :4].argmax(axis=1), fundamentals[:, 4:].argmax(axis=1) + 4
    low, high = fundamentals[at, row], fundamentals[at, column]
    second_low = np.sort(fundamentals[:, :4], axis=1)[:, -2]
    second_high = np.sort(fundamentals[:, 4:], axis=1)[:, -2]
    heard = (
        (low + high > _PAIR_SHARE * total)
        & (low + high > _QUIETEST)
        & (low < _TWIST * high)
        & (high < _TWIST * low)
        & (second_low < _SECOND_IN_GROUP * low)
        & (second_high < _SECOND_IN_GROUP * high)
        & (harmonics[at, row] < _SECOND_HARMONIC * low)
        & (harmonics[at, column] < _SECOND_HARMONIC * high)
    )
    return np.where(heard, row * 4 + column - 4, -1)


def _power(tapered: Samples, frequencies: tuple[int, ...], taper: Samples) -> Samples:
    """The mean power of each frequency in each window, by products of matrices.

    64 windows at a time: for larger ones BLAS wakes threads that go on spinning on the cores that calls need.
    """
    turns = np.outer(np.arange(_WINDOW), frequencies) * (2 * np.pi / TELEPHONE_RATE)
    waves = np.concatenate((np.cos(turns), np.sin(turns)), axis=1)
    pieces = np.pad(tapered, ((0, -len(tapered) % 64), (0, 0))).reshape(-1, 64, _WINDOW)
    parts = (pieces @ waves).reshape(-1, 2, len(frequencies))[: len(tapered)]
    power: Samples = np.sum(parts**2, axis=1) * (2 / np.sum(taper) ** 2)
    return power
