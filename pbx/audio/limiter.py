"""The limiter: speech at -20 dBov has peaks that would not fit, and clipping them is heard."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pbx.audio.pcm import RATE, Samples

CEILING = 10 ** (-1 / 20)
_STEP, _LOOK = RATE // 1000, 6  # peaks of 1 ms, six of them looked at both ways
_SMOOTH = 2 * _LOOK - 1


def limited(samples: Samples) -> Samples:
    """No sample above -1 dBFS: the gain is lowered from 6 ms before a peak to 6 ms after, never in a step."""
    size = np.abs(samples)
    if not len(samples) or size.max() <= CEILING:
        return samples
    count = -(-len(samples) // _STEP)
    peaks = np.pad(size, (0, count * _STEP - len(samples))).reshape(count, _STEP).max(axis=1)
    wanted = np.minimum(1.0, CEILING / np.maximum(peaks, 1e-9))
    # The lowest of the neighbourhood, then its average over one step less: never above what any neighbour wants.
    lowest = sliding_window_view(np.pad(wanted, _SMOOTH, mode="edge"), 2 * _LOOK + 1).min(axis=1)
    gains = np.convolve(lowest, np.full(_SMOOTH, 1 / _SMOOTH), mode="valid")
    centres = np.arange(count) * _STEP + _STEP / 2
    gain = np.interp(np.arange(len(samples)), centres, gains)
    kept: Samples = np.clip(samples * gain, -CEILING, CEILING)
    return kept
