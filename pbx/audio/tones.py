"""Keys that are sound: the DTMF detector.

A key usually travels as an event, but gateways leak its first 20 to 60 ms into the audio, so that every take is looked
through: all of it for keys of 40 ms and more, its end for the shortest leak too. Measured: not one key found in 1659 s
of speech (nine voices, two levels, through A-law), whole or at its end.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pbx.audio.pcm import FULL_SCALE, RATE, TELEPHONE_RATE, Pcm, resample

_ROWS, _COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
_KEYS = ("123A", "456B", "789C", "*0#D")
_WINDOW = 160  # 20 ms at 8 kHz
_COARSE = (80, 3)  # hop in samples, windows in a row: 10 ms, 40 ms of tone
_FINE = (20, 4)  # 2.5 ms, 20 ms of tone
_UP = RATE // TELEPHONE_RATE
_END = TELEPHONE_RATE  # looked at closely
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
    """The DTMF keys in a recording, in order, those of its last second twice at worst."""
    return keys_at_8_khz(resample(pcm, RATE, TELEPHONE_RATE))


def keys_at_8_khz(narrow: Pcm) -> list[Key]:
    """The same, told in samples of 16 kHz (5 ms for 30 s)."""
    end = max(0, len(narrow) - _END)
    found = _found(narrow, 0, *_COARSE) + _found(narrow[end:], end * _UP, *_FINE)
    return sorted(found, key=lambda key: key.end)


def _found(narrow: Pcm, offset: int, hop: int, shortest: int) -> list[Key]:
    if len(narrow) < _WINDOW:
        return []
    windows = sliding_window_view(narrow, _WINDOW)[::hop]
    which = np.concatenate([_key_of_each(windows[at : at + _PART]) for at in range(0, len(windows), _PART)])
    edges = np.flatnonzero(np.diff(which)) + 1
    found = []
    for first, after in zip([0, *edges], [*edges, len(which)], strict=True):
        if which[first] >= 0 and after - first >= shortest:
            row, column = divmod(int(which[first]), 4)
            end = (int(after) - 1) * hop + _WINDOW
            found.append(Key(_KEYS[row][column], offset + int(first) * hop * _UP, offset + end * _UP))
    return found


def _key_of_each(windows: Pcm) -> NDArray[np.int64]:
    """For each window 0 to 15, the key in it, or -1. Nearly all are told by how little two tones hold of them."""
    tapered = windows * (_TAPER / np.float32(FULL_SCALE))
    total = np.einsum("ij,ij->i", tapered, tapered) / np.sum(_TAPER**2) + np.float32(1e-12)
    power = _power(tapered)
    pair = power[:, :4].max(axis=1) + power[:, 4:8].max(axis=1)
    which = np.full(len(windows), -1)
    loud = np.flatnonzero((pair > _PAIR_SHARE * total) & (pair > _QUIETEST))
    if len(loud):
        which[loud] = _key_of_pair(power[loud])
    return which


def _key_of_pair(power: NDArray[np.float32]) -> NDArray[np.int64]:
    """The same where two tones hold most of it: whether they are a key's, and nothing else."""
    at = np.arange(len(power))
    row, column = power[:, :4].argmax(axis=1), power[:, 4:8].argmax(axis=1) + 4
    low, high = power[at, row], power[at, column]
    second_low, second_high = (np.sort(group, axis=1)[:, -2] for group in (power[:, :4], power[:, 4:8]))
    heard = (
        (low < _TWIST * high)
        & (high < _TWIST * low)
        & (second_low < _SECOND_IN_GROUP * low)
        & (second_high < _SECOND_IN_GROUP * high)
        & (power[at, row + 8] < _SECOND_HARMONIC * low)
        & (power[at, column + 8] < _SECOND_HARMONIC * high)
    )
    return np.where(heard, row * 4 + column - 4, -1)


def _power(tapered: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean power of each row, each column, and then of their second harmonics, in each window.

    By products of matrices with 64 windows: for larger ones BLAS wakes threads that go on spinning on the cores that
    calls need.
    """
    whole = len(tapered) // 64 * 64
    parts = np.concatenate(
        [(tapered[:whole].reshape(-1, 64, _WINDOW) @ _WAVES).reshape(whole, _WAVES.shape[1]), tapered[whole:] @ _WAVES]
    )
    half = _WAVES.shape[1] // 2
    power: NDArray[np.float32] = (parts[:, :half] ** 2 + parts[:, half:] ** 2) * (2 / np.sum(_TAPER) ** 2)
    return power


def _waves() -> NDArray[np.float32]:
    hertz = (*_ROWS, *_COLUMNS)
    turns = np.outer(np.arange(_WINDOW), [*hertz, *(2 * f for f in hertz)]) * (2 * np.pi / TELEPHONE_RATE)
    return np.concatenate((np.cos(turns), np.sin(turns)), axis=1).astype(np.float32)


_TAPER = np.hamming(_WINDOW).astype(np.float32)
_WAVES = _waves()
