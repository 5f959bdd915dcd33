"""Cutting, padding and joining sound that is in hand: what pydub is good at, and the one place where it works.

It never opens a file here (any size, by any program, without a limit) and never changes a rate (what lies above the new
limit would be folded back as whistles): `decoding` and `pcm.resample` do that.
"""

import warnings
from collections.abc import Sequence
from functools import cache, reduce
from operator import add
from typing import Any

import numpy as np

from pbx.audio.pcm import RATE, Pcm, from_bytes, to_bytes


def cut(pcm: Pcm, start: int, end: int) -> Pcm:
    """The samples from `start` up to `end`, as far as there are any."""
    return _pcm(_segment(pcm).get_sample_slice(max(0, start), min(end, len(pcm))))


def padded(pcm: Pcm, before: int = 0, after: int = 0) -> Pcm:
    """With so many samples of silence around it."""
    return joined([_silence(before), pcm, _silence(after)])


def joined(parts: Sequence[Pcm], pause: int = 0) -> Pcm:
    """One after the other, with so many samples of silence between them; nothing at all for no parts."""
    gap = _silence(pause)
    pieces = [piece for part in parts for piece in (gap, part) if len(piece)][bool(pause and parts) :]
    return _pcm(reduce(add, map(_segment, pieces))) if pieces else gap[:0]


def _silence(samples: int) -> Pcm:
    return np.zeros(samples, dtype=np.int16)


def _segment(pcm: Pcm) -> Any:
    return _pydub().AudioSegment(data=to_bytes(pcm), sample_width=2, frame_rate=RATE, channels=1)


def _pcm(segment: Any) -> Pcm:
    return from_bytes(segment.raw_data)


@cache
def _pydub() -> Any:
    """Loaded when it is first needed: it takes as long as all the rest of a command."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is older than the Python that it runs on, and says so
        import pydub
    return pydub
