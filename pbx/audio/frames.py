"""What is in each frame of 20 ms: how loud it is, how much it is a tone, how much it is a voice. A piece at a time, so
that ten minutes cost no more memory than half a minute."""

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pbx.audio.pcm import RATE, Samples

FRAME = RATE // 50  # 20 ms
_LONG = 1024  # 64 ms: tells the harmonics of a voice apart
_BAND = (200, 3400)
_VOICE_BAND = (150, 2500)
_PIECE = 1_500  # frames


def levels(samples: Samples, count: int) -> Samples:
    """Of each frame the level between 200 and 3400 Hz, in dBov."""
    frames = samples[: count * FRAME].reshape(count, FRAME)
    return _in_pieces(count, lambda first, after: _band_db(frames[first:after]))


def _band_db(frames: Samples) -> Samples:
    taper = np.hanning(FRAME)
    power = np.abs(np.fft.rfft(frames * taper, axis=1)) ** 2
    band = slice(_BAND[0] * FRAME // RATE, _BAND[1] * FRAME // RATE + 1)
    mean_square = power[:, band].sum(axis=1) * 2 / (FRAME * np.sum(taper**2))
    decibels: Samples = 10 * np.log10(mean_square + 1e-12)
    return decibels


def voicing(samples: Samples, count: int) -> Samples:
    """For each frame, how well the sound around it repeats itself 70 to 400 times a second, 0 to 1.

    Measured through A-law: white noise at most 0.28 in 95 of 100 frames, red noise 0.53, half of all frames of speech
    over 0.8.
    """
    taper = np.hanning(_LONG)
    own = np.fft.irfft(np.abs(np.fft.rfft(taper, 2 * _LONG)) ** 2)  # what the window itself takes off at each lag
    lags = slice(RATE // 400, RATE // 70)

    def best(first: int, after: int) -> Samples:
        windows = _around(samples, first, after, FRAME // 2, FRAME)
        power = np.abs(np.fft.rfft(windows * taper, 2 * _LONG, axis=1)) ** 2
        power[:, : 2 * _LONG * _VOICE_BAND[0] // RATE] = 0.0
        power[:, 2 * _LONG * _VOICE_BAND[1] // RATE :] = 0.0
        alike = np.fft.irfft(power, axis=1)
        found: Samples = (alike[:, lags] / (alike[:, :1] + 1e-12) / (own[lags] / own[0])).max(axis=1)
        return found

    return _in_pieces(count, best)


def _in_pieces(count: int, of: Callable[[int, int], Samples]) -> Samples:
    """A value for each frame, asked for some frames (first, and the one after the last) at a time."""
    return np.concatenate([of(first, min(first + _PIECE, count)) for first in range(0, count, _PIECE)])


def _around(samples: Samples, first: int, after: int, centre: int, hop: int) -> Samples:
    """Windows of 64 ms, `hop` samples apart, the first around sample `first` * FRAME + `centre`; silence outside."""
    count = -(-(after - first) * FRAME // hop)
    start = first * FRAME + centre - _LONG // 2
    end = start + (count - 1) * hop + _LONG
    inside = samples[max(0, start) : min(end, len(samples))]
    padded = np.pad(inside, (max(0, -start), max(0, end - max(start, 0) - len(inside))))
    return sliding_window_view(padded, _LONG)[::hop]


def share(samples: Samples, count: int, peaks: int) -> Samples:
    """Of the sound around each frame, how much its strongest peaks hold (a peak is five steps of 15.6 Hz wide: the
    window's main lobe). One spectrum serves two frames: they cost most."""

    def part(first: int, after: int) -> Samples:
        held = _held(_spectra(_around(samples, first, after, FRAME, 2 * FRAME)), peaks)
        return np.repeat(held, 2)[: after - first]

    return _in_pieces(count, part)


def _spectra(windows: Samples) -> Samples:
    """Power up to 4 kHz."""
    lines = np.fft.rfft(windows.astype(np.float32) * np.hanning(_LONG).astype(np.float32), axis=1)[:, : _LONG // 4]
    spectra: Samples = lines.real.astype(np.float64) ** 2 + lines.imag.astype(np.float64) ** 2
    return spectra


def _held(rest: Samples, peaks: int) -> Samples:
    """The peaks' part of each spectrum, which they are taken out of."""
    total = rest.sum(axis=1) + 1e-12
    held = np.zeros(len(rest))
    at = np.arange(len(rest))
    for _ in range(peaks):
        top = rest.argmax(axis=1)
        for step in range(-2, 3):
            near = np.clip(top + step, 0, rest.shape[1] - 1)
            held += rest[at, near]
            rest[at, near] = 0.0
    share: Samples = held / total
    return share
