"""From a take to the files that Asterisk plays: cut, equally loud, in the four formats that need no transcoding."""

import asyncio
import os
from pathlib import Path

import numpy as np

from pbx.audio import g722, joining
from pbx.audio import pcm as formats
from pbx.audio.g722 import CannotConvert as CannotConvert
from pbx.audio.judge import Verdict
from pbx.audio.level import NOTHING_DB, active_level_db
from pbx.audio.limiter import limited
from pbx.audio.pcm import FULL_SCALE, RATE, Pcm, Samples, as_pcm, as_samples

VERSION = 1  # counts up when the same take would give other files; part of what published files are named by
TARGET_DB = -20.0
LARGEST_GAIN_DB = 25.0
_FADE = RATE // 200  # 5 ms, so that a cut makes no click
_ENGINE_SILENCE = 10 ** (-50 / 20)
_LEAD, _TAIL = RATE // 10, RATE // 4
_JOINED_LEAD, _JOINED_TAIL = RATE // 50, RATE // 20


def shape(pcm: Pcm, verdict: Verdict) -> Pcm:
    """The part that the verdict keeps, without offset, at -20 dBov active level and under -1 dBFS, edges faded."""
    samples = as_samples(pcm[verdict.start : verdict.end])
    samples -= pcm.mean() / FULL_SCALE if len(pcm) else 0.0
    return levelled(samples)


def spoken(pcm: Pcm, *, joined: bool = False) -> Pcm:
    """Speech from an engine, its silence trimmed, as loud as a take. `joined` pieces are cut close, to be played in a
    row without sounding torn. Without any sound it comes back empty.
    """
    heard = np.flatnonzero(np.abs(as_samples(pcm)) > _ENGINE_SILENCE)
    if not len(heard):
        return pcm[:0]
    lead, tail = (_JOINED_LEAD, _JOINED_TAIL) if joined else (_LEAD, _TAIL)
    start, end = int(heard[0]) - lead, int(heard[-1]) + 1 + tail
    sound = joining.padded(joining.cut(pcm, start, end), after=max(0, end - len(pcm)))
    return levelled(as_samples(sound))


def tone(hz: float, seconds: float) -> Pcm:
    """One clean tone at -20 dBov (silence for 0 Hz), edges faded."""
    t = np.arange(round(seconds * RATE)) / RATE
    return levelled(np.sin(2 * np.pi * hz * t)) if hz else np.zeros(len(t), dtype=np.int16)


def levelled(samples: Samples) -> Pcm:
    """At -20 dBov active level, limited, faded; what holds nothing stays as it is. `samples` are used up."""
    level = active_level_db(samples)
    if level > NOTHING_DB:
        samples *= 10 ** (min(TARGET_DB - level, LARGEST_GAIN_DB) / 20)
        samples = limited(samples)
    fade = min(_FADE, len(samples) // 2)
    if fade:
        ramp = np.linspace(0.0, 1.0, fade)
        samples[:fade] *= ramp
        samples[-fade:] *= ramp[::-1]
    return as_pcm(samples)


async def render(pcm: Pcm) -> dict[str, bytes]:
    """Extension to bytes: alaw, ulaw, g722, sln16. Raises `CannotConvert`, OSError."""
    sln16 = formats.to_bytes(pcm)
    simple, (wide,) = await asyncio.gather(asyncio.to_thread(without_g722, pcm), g722.encode([sln16]))
    return {"alaw": simple["alaw"], "ulaw": simple["ulaw"], "g722": wide, "sln16": sln16}


async def write_rendition(base: Path, pcm: Pcm) -> dict[str, bytes]:
    """Writes `base.alaw`, `.ulaw`, `.g722`, `.sln16`, each by rename; sln16 last, so that it proves the others. Returns
    what is in them.

    Raises `CannotConvert`, OSError (disk full, wrong owner).
    """
    rendered = await render(pcm)
    await asyncio.to_thread(write_files, base, rendered)
    return rendered


def write_files(base: Path, rendered: dict[str, bytes]) -> None:
    """Each file is written under another name, synced and renamed; then the folder is synced."""
    base.parent.mkdir(parents=True, exist_ok=True)
    for extension, data in rendered.items():
        temporary = base.parent / f".{base.name}.{extension}.{os.getpid()}"
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(base.parent / f"{base.name}.{extension}")
    folder = os.open(base.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def without_g722(pcm: Pcm) -> dict[str, bytes]:
    """The three formats that need no program."""
    return {"alaw": formats.to_alaw(pcm), "ulaw": formats.to_ulaw(pcm), "sln16": formats.to_bytes(pcm)}
