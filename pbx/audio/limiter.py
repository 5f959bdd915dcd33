"""The limiter: speech at -20 dBov has peaks that would not fit, and clipping them is heard."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pbx.audio.pcm import RATE, Samples

CEILING = 10 ** (-1 / 20)
_STEP, _LOOK = RATE // 1000, 6  # peaks of 1 ms, six of them looked at both ways
_SMOOTH = 2 * _LOOK - 1
_PART = 60 * RATE


def limited(samples: Samples) -> Samples:
    """No sample above -1 dBFS: the gain is lowered from 6 ms before a peak to 6 ms after, never in a step. Works in
    place, since ten minutes of samples are 77 MB."""
    if not len(samples) or max(samples.max(), -samples.min()) <= CEILING:
        return samples
    peaks = _peaks(samples)
    wanted = np.minimum(1.0, CEILING / np.maximum(peaks, 1e-9))
    # The lowest of the neighbourhood, then its average over one step less: never above what any neighbour wants.
    lowest = sliding_window_view(np.pad(wanted, _SMOOTH, mode="edge"), 2 * _LOOK + 1).min(axis=1)
    gains = np.convolve(lowest, np.full(_SMOOTH, 1 / _SMOOTH), mode="valid")
    centres = np.arange(len(peaks)) * _STEP + _STEP / 2
    for at in range(0, len(samples), _PART):
        part = samples[at : at + _PART]
        part *= np.interp(np.arange(at, at + len(part)), centres, gains)
        np.clip(part, -CEILING, CEILING, out=part)
    return samples


def _peaks(samples: Samples) -> Samples:
    """The largest of each millisecond; the last may be shorter."""
    whole = len(samples) // _STEP * _STEP
    blocks, rest = samples[:whole].reshape(-1, _STEP), samples[whole:]
    peaks = np.maximum(blocks.max(axis=1), -blocks.min(axis=1))
    return np.append(peaks, np.abs(rest).max()) if len(rest) else peaks
