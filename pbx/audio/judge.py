"""Judging a take by its bytes: is there speech, is it long and loud enough, and which part of it is kept.

Limits come from measurements on synthetic takes through A-law; a verdict takes 25 ms for 30 s, and 60 where there is
no pause.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from pbx.audio import activity, frames, tones
from pbx.audio.activity import Activity
from pbx.audio.frames import FRAME
from pbx.audio.level import NOTHING_DB, active_level_db
from pbx.audio.pcm import FULL_SCALE, RATE, TELEPHONE_RATE, Pcm, as_samples, resample

SILENT_S, TOO_SHORT_S, TOO_QUIET_DB, TOO_NOISY_DB, TOO_CLIPPED = 0.2, 0.7, -42.0, 8.0, 10.0
_LEAD, _TAIL = int(0.15 * RATE), int(0.25 * RATE)
_NARROWER = RATE // TELEPHONE_RATE
_KEY_NEAR_END, _BEFORE_KEY = RATE, int(0.04 * RATE)
_DC = 0.01
_QUIET_DB, _NOISY_DB, _LONG_PAUSE_S, _CLIPS_A_SECOND = -35.0, 15.0, 2.5, 1.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a take is worth.

    `says` is the phrase that tells the speaker what to do, None when `ok`. `start` and `end` are the samples to keep:
    silence trimmed, a tone before or after cut; (0, 0) when nothing was found. `level_db` is the active level in dBov.
    `notes` tell what is doubtful, each a phrase `note-…`: key-tone, dc, beep, tone, clipped, quiet, noisy, long-pause.
    """

    ok: bool
    says: str | None
    speech_s: float
    start: int
    end: int
    level_db: float
    notes: tuple[str, ...] = ()


def judge(pcm: Pcm) -> Verdict:
    """Never raises, whatever the take holds. Runs for milliseconds: in a thread, not on the event loop."""
    narrow = resample(pcm, RATE, TELEPHONE_RATE)
    offset = float(pcm.mean()) if len(pcm) else 0.0
    heard = tones.keys_at_8_khz(narrow)
    limit = without_ending_key(heard, len(pcm))
    spans = [(key.start, key.end) for key in heard]
    found = activity.find(frames.values(narrow[: limit // _NARROWER], offset), spans)
    first, last = found.span
    start = max(0, first - _LEAD, min(first, found.beep_end + FRAME))
    end = min(limit, last + _TAIL, max(last, (found.next_tone or limit + FRAME) - FRAME))
    kept = pcm[start:end]
    level = _level_db(kept, offset) if last else NOTHING_DB
    clips = clips_a_second(kept, narrow[start // _NARROWER : end // _NARROWER]) if last else 0.0
    says = _refusal(found, level, clips)
    notes = _notes(found, level, clips, offset / FULL_SCALE)
    if limit < len(pcm):
        notes = ("key-tone", *notes)
    return Verdict(says is None, says, found.speech_s, start if last else 0, end if last else 0, level, notes)


def _level_db(kept: Pcm, offset: float) -> float:
    samples = as_samples(kept)
    samples -= offset / FULL_SCALE
    return active_level_db(samples)


def without_ending_key(heard: list[tones.Key], length: int) -> int:
    """How many samples remain when a key near the end is cut, with 40 ms before it; keys pressed in a row all go."""
    for key in reversed(heard):
        if length - key.end > _KEY_NEAR_END:
            break
        length = max(0, min(length, key.start - _BEFORE_KEY))
    return length


def _refusal(found: Activity, level_db: float, clips: float) -> str | None:
    # Too quiet comes before too short: of a whisper, only the loudest syllables are found at all.
    if found.speech_s < SILENT_S:
        return "take-silent"
    if level_db < TOO_QUIET_DB:
        return "take-too-quiet"
    if found.speech_s < TOO_SHORT_S:
        return "take-too-short"
    if found.steady and level_db - found.floor_db < TOO_NOISY_DB:
        return "take-noisy"
    return "take-clipped" if clips > TOO_CLIPPED else None


def _notes(found: Activity, level_db: float, clips: float, offset: float) -> tuple[str, ...]:
    told = {
        "dc": abs(offset) > _DC,
        "beep": found.beep_end > 0,
        "tone": bool(found.tones[found.span[0] // FRAME :].any()),
        "clipped": clips > _CLIPS_A_SECOND,
        "quiet": NOTHING_DB < level_db < _QUIET_DB,
        "noisy": found.steady and bool(found.speech.any()) and level_db - found.floor_db < _NOISY_DB,
        "long-pause": found.longest_pause_s > _LONG_PAUSE_S,
    }
    return tuple(name for name, true in told.items() if true)


def clips_a_second(kept: Pcm, narrow: Pcm) -> float:
    """How often the take runs along its own ceiling: three samples at 16 kHz, two at the telephone's rate.

    Both, since a telephone's steps blur a ceiling, and filters round it. Measured: clean speech 0.0 by both; 6 dB too
    loud 13 wide and 5 through A-law; 12 dB 105 and 31.
    """
    runs = max(_ceiling_runs(kept, 0.995, 3), _ceiling_runs(narrow, 0.96, 2))
    return runs * RATE / max(len(kept), RATE)


def _ceiling_runs(pcm: Pcm, share: float, shortest: int) -> int:
    if len(pcm) < shortest:
        return 0
    ceiling = max(1, ceil(share * max(int(pcm.max()), -int(pcm.min()))))
    at_ceiling = (pcm >= ceiling) | (pcm <= -ceiling)
    runs = at_ceiling[shortest - 1 :].copy()
    for back in range(1, shortest):
        runs &= at_ceiling[shortest - 1 - back : len(pcm) - back]
    return int(np.count_nonzero(runs[1:] & ~runs[:-1])) + int(runs[0])
