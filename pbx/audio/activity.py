"""Where somebody speaks in a recording: enough to tell whether, from when and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pbx.audio.level import NOTHING_DB
from pbx.audio.pcm import RATE, Samples

FRAME = RATE // 50  # 20 ms
_LONG = 1024  # 64 ms: tells the harmonics of a voice apart
_BAND = (200, 3400)
_QUIETEST_FLOOR_DB, _ABOVE_FLOOR_DB, _UNDER_LOUD_DB, _QUIETEST_SPEECH_DB = -75.0, 9.0, 30.0, -50.0
# A take without pauses has no floor to measure against, and one in noise hardly any: there a frame is speech only if a
# voice's comb of harmonics is in it. A chord has one too, but of few peaks.
_UNCLEAR_DB, _VOICED, _FEW_PEAKS, _VOICE_BAND = 20.0, 0.6, 0.95, (150, 2500)
_FLOOR_FRAMES = 10
_GAP, _BURST = 10, 4  # frames: gaps up to 200 ms are speech, bursts under 80 ms are not
_TONE_SHARE, _TONE_FRAMES = 0.85, 5  # one peak with so much of the energy for 100 ms


@dataclass(frozen=True, slots=True)
class Activity:
    """`speech` by frames of 20 ms; the level of what is not speech; the pause that was longest; tones by frames."""

    speech: NDArray[np.bool_]
    floor_db: float
    longest_pause_s: float
    tones: NDArray[np.bool_]

    @property
    def speech_s(self) -> float:
        return float(np.count_nonzero(self.speech)) * FRAME / RATE

    @property
    def span(self) -> tuple[int, int]:
        """First and last sample of speech; (0, 0) without any."""
        at = np.flatnonzero(self.speech)
        return (int(at[0]) * FRAME, (int(at[-1]) + 1) * FRAME) if len(at) else (0, 0)


def find(samples: Samples, silenced: Iterable[tuple[int, int]] = ()) -> Activity:
    """`silenced` are spans of samples that are no speech whatever they sound like: keys that were heard."""
    count = len(samples) // FRAME
    if count < 2:
        nothing = np.zeros(count, dtype=bool)
        return Activity(nothing, NOTHING_DB, 0.0, nothing)
    level = _band_db(samples[: count * FRAME].reshape(count, FRAME))
    spectra = _long_spectra(samples, count)
    tones = _long_runs(_share(spectra, peaks=1) > _TONE_SHARE, _TONE_FRAMES) & (level > _QUIETEST_SPEECH_DB)
    usable = ~tones
    for start, end in silenced:
        usable[start // FRAME : -(-end // FRAME)] = False
    speech = _spoken(level, usable, samples, spectra) if usable.any() else np.zeros(count, dtype=bool)
    speech = _long_runs(_closed(speech, usable), _BURST)
    quiet = level[~speech & usable]
    floor = float(np.median(quiet)) if len(quiet) >= _FLOOR_FRAMES else NOTHING_DB
    return Activity(speech, max(floor, NOTHING_DB), _longest_pause(speech) * FRAME / RATE, tones)


def _spoken(level: Samples, usable: NDArray[np.bool_], samples: Samples, spectra: Samples) -> NDArray[np.bool_]:
    """Frames well above the noise; where speech and noise are not far apart, frames with a voice in them."""
    floor = max(float(np.percentile(level, 10)), _QUIETEST_FLOOR_DB)
    loud = float(np.percentile(level[usable], 95))
    if loud - floor < _UNCLEAR_DB:
        voiced = voicing(samples, len(level)) > _VOICED
        return (
            usable & voiced & (level > max(loud - 20.0, _QUIETEST_SPEECH_DB)) & (_share(spectra, peaks=3) < _FEW_PEAKS)
        )
    return usable & (level > max(floor + _ABOVE_FLOOR_DB, loud - _UNDER_LOUD_DB, _QUIETEST_SPEECH_DB))


def voicing(samples: Samples, count: int) -> Samples:
    """For each frame, how well the sound around it repeats itself 70 to 400 times a second, 0 to 1.

    Measured through A-law: white noise at most 0.28 in 95 of 100 frames, red noise 0.53, half of all frames of speech
    over 0.8.
    """
    padded = np.pad(samples, (_LONG // 2, _LONG))
    windows = sliding_window_view(padded, _LONG)[FRAME // 2 :: FRAME][:count]
    taper = np.hanning(_LONG)
    power = np.abs(np.fft.rfft(windows * taper, 2 * _LONG, axis=1)) ** 2
    power[:, : 2 * _LONG * _VOICE_BAND[0] // RATE] = 0.0
    power[:, 2 * _LONG * _VOICE_BAND[1] // RATE :] = 0.0
    own = np.fft.irfft(np.abs(np.fft.rfft(taper, 2 * _LONG)) ** 2)  # what the window itself takes off at each lag
    lags = slice(RATE // 400, RATE // 70)
    alike = np.fft.irfft(power, axis=1)
    best: Samples = (alike[:, lags] / (alike[:, :1] + 1e-12) / (own[lags] / own[0])).max(axis=1)
    return best


def _band_db(frames: Samples) -> Samples:
    taper = np.hanning(FRAME)
    power = np.abs(np.fft.rfft(frames * taper, axis=1)) ** 2
    band = slice(_BAND[0] * FRAME // RATE, _BAND[1] * FRAME // RATE + 1)
    mean_square = power[:, band].sum(axis=1) * 2 / (FRAME * np.sum(taper**2))
    decibels: Samples = 10 * np.log10(mean_square + 1e-12)
    return decibels


def _long_spectra(samples: Samples, count: int) -> Samples:
    """The power spectrum around each frame, 15.6 Hz a step, up to 4 kHz; one serves two frames (they cost most)."""
    padded = np.pad(samples.astype(np.float32), (_LONG // 2, _LONG))
    windows = sliding_window_view(padded, _LONG)[FRAME :: 2 * FRAME][: -(-count // 2)]
    lines = np.fft.rfft(windows * np.hanning(_LONG).astype(np.float32), axis=1)[:, : _LONG // 4]
    spectra: Samples = lines.real.astype(np.float64) ** 2 + lines.imag.astype(np.float64) ** 2
    return np.repeat(spectra, 2, axis=0)[:count]


def _share(spectra: Samples, peaks: int) -> Samples:
    """How much of each spectrum its strongest peaks hold (a peak is five steps wide: the window's main lobe)."""
    rest = spectra.copy()
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


def _edges(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The runs of true: first frame, and the one after the last."""
    changes = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(first), int(after)) for first, after in changes.reshape(-1, 2)]


def _long_runs(flags: NDArray[np.bool_], frames: int) -> NDArray[np.bool_]:
    kept = np.zeros_like(flags)
    for first, after in _edges(flags):
        kept[first:after] = after - first >= frames
    return kept


def _closed(flags: NDArray[np.bool_], usable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Short gaps closed, but never across what is no speech anyhow."""
    closed = flags.copy()
    runs = _edges(flags)
    for (_, end), (start, _) in pairwise(runs):
        if start - end <= _GAP and usable[end:start].all():
            closed[end:start] = True
    return closed


def _longest_pause(speech: NDArray[np.bool_]) -> int:
    runs = _edges(speech)
    return max((start - end for (_, end), (start, _) in pairwise(runs)), default=0)
