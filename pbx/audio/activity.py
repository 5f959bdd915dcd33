"""Where somebody speaks in a recording: enough to tell whether, from when and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pbx.audio import frames
from pbx.audio.frames import FRAME, NARROW_FRAME, Values
from pbx.audio.level import NOTHING_DB
from pbx.audio.pcm import RATE

_QUIETEST_FLOOR_DB, _ABOVE_FLOOR_DB, _UNDER_LOUD_DB, _QUIETEST_SPEECH_DB = -75.0, 9.0, 30.0, -50.0
# A take without pauses has no floor to measure against, and one in noise hardly any: there a frame is speech only if a
# voice's comb of harmonics is in it. A chord has one too, but of few peaks.
_UNCLEAR_DB, _VOICED, _FEW_PEAKS = 20.0, 0.6, 0.95
_FLOOR_FRAMES = 10
_STEADY_FRAMES, _STEADY_DB = (
    25,
    3.0,
)  # half of all frames of noise lie so near above the quietest tenth: measured 1.2 dB
_GAP, _BURST = 10, 4  # frames: gaps up to 200 ms are speech, bursts under 80 ms are not
_TONE_SHARE, _TONE_FRAMES = 0.85, 5  # one peak with so much of the energy for 100 ms


@dataclass(frozen=True, slots=True)
class Activity:
    """`speech` by frames of 20 ms; the level of what is not speech, and whether that is `steady`, as noise is, and not
    merely what was taken for no speech; the pause that was longest; tones by frames."""

    speech: NDArray[np.bool_]
    floor_db: float
    steady: bool
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

    @property
    def beep_end(self) -> int:
        """The sample where the last tone before the speech ends; 0 without one."""
        before = np.flatnonzero(self.tones[: self.span[0] // FRAME])
        return (int(before[-1]) + 1) * FRAME if len(before) else 0

    @property
    def next_tone(self) -> int | None:
        """The sample where the first tone after the speech begins."""
        spoken = self.span[1] // FRAME
        after = np.flatnonzero(self.tones[spoken:])
        return (spoken + int(after[0])) * FRAME if len(after) else None


def find(samples: Values, silenced: Iterable[tuple[int, int]] = ()) -> Activity:
    """`samples`: of 8 kHz. `silenced` are spans of samples of 16 kHz that are no speech whatever they sound like: keys
    that were heard."""
    count = len(samples) // NARROW_FRAME
    if count < 2:
        nothing = np.zeros(count, dtype=bool)
        return Activity(nothing, NOTHING_DB, False, 0.0, nothing)
    level = frames.levels(samples, count)
    strongest, three = frames.shares(samples, count)
    tones = _long_runs(strongest > _TONE_SHARE, _TONE_FRAMES) & (level > _QUIETEST_SPEECH_DB)
    usable = ~tones
    for start, end in silenced:
        usable[start // FRAME : -(-end // FRAME)] = False
    speech = _spoken(samples, level, usable, three) if usable.any() else np.zeros(count, dtype=bool)
    speech = _long_runs(_closed(speech, usable), _BURST)
    quiet = level[~speech & usable]
    floor = float(np.median(quiet)) if len(quiet) >= _FLOOR_FRAMES else NOTHING_DB
    steady = len(quiet) >= _STEADY_FRAMES and floor - float(np.percentile(quiet, 10)) < _STEADY_DB
    return Activity(speech, max(floor, NOTHING_DB), steady, _longest_pause(speech) * FRAME / RATE, tones)


def _spoken(samples: Values, level: Values, usable: NDArray[np.bool_], three: Values) -> NDArray[np.bool_]:
    """Frames well above the noise; where speech and noise are not far apart, frames with a voice in them. `three`:
    what the three strongest peaks hold."""
    floor = max(float(np.percentile(level, 10)), _QUIETEST_FLOOR_DB)
    loud = float(np.percentile(level[usable], 95))
    if loud - floor >= _UNCLEAR_DB:
        return usable & (level > max(floor + _ABOVE_FLOOR_DB, loud - _UNDER_LOUD_DB, _QUIETEST_SPEECH_DB))
    speech = usable & (three < _FEW_PEAKS) & (level > max(loud - 20.0, _QUIETEST_SPEECH_DB))
    asked = np.flatnonzero(speech)
    speech[asked] = frames.voicing(samples, asked) > _VOICED
    return speech


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
