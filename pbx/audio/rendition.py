"""From a take to the files that Asterisk plays: cut, equally loud, in the four formats that need no transcoding."""

import asyncio
import os
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pbx.audio import pcm as formats
from pbx.audio.judge import Verdict
from pbx.audio.level import NOTHING_DB, active_level_db
from pbx.audio.pcm import RATE, Pcm, Samples, as_pcm, as_samples
from pbx.errors import VaxelError

VERSION = 1  # counts up when the same take would give other files; part of what published files are named by
TARGET_DB, CEILING = -20.0, 10 ** (-1 / 20)
LARGEST_GAIN_DB = 25.0
_FADE = RATE // 200  # 5 ms, so that a cut makes no click
_STEP, _LOOK = RATE // 1000, 6  # the limiter looks at peaks of 1 ms, six of them both ways
_ENGINE_SILENCE = 10 ** (-50 / 20)
_LEAD, _TAIL = RATE // 10, RATE // 4
_JOINED_LEAD, _JOINED_TAIL = RATE // 50, RATE // 20
_FFMPEG_S = 30.0


class CannotConvert(VaxelError):
    """ffmpeg is not there, failed or took too long; its own words follow."""


def shape(pcm: Pcm, verdict: Verdict) -> Pcm:
    """The part that the verdict keeps, without offset, at -20 dBov active level and under -1 dBFS, edges faded."""
    samples = as_samples(pcm)
    samples = (samples - samples.mean() if len(samples) else samples)[verdict.start : verdict.end]
    return levelled(samples)


def spoken(pcm: Pcm, *, joined: bool = False) -> Pcm:
    """Speech from an engine, its silence trimmed, as loud as a take. `joined` pieces are cut close, to be played in a
    row without sounding torn. Without any sound it comes back empty.
    """
    samples = as_samples(pcm)
    heard = np.flatnonzero(np.abs(samples) > _ENGINE_SILENCE)
    if not len(heard):
        return pcm[:0]
    lead, tail = (_JOINED_LEAD, _JOINED_TAIL) if joined else (_LEAD, _TAIL)
    start, end = max(0, int(heard[0]) - lead), int(heard[-1]) + 1 + tail
    missing = max(0, end - len(samples))
    return levelled(np.pad(samples[start:end], (0, missing)))


def tone(hz: float, seconds: float) -> Pcm:
    """One clean tone at -20 dBov (silence for 0 Hz), edges faded."""
    t = np.arange(round(seconds * RATE)) / RATE
    return levelled(np.sin(2 * np.pi * hz * t)) if hz else np.zeros(len(t), dtype=np.int16)


def levelled(samples: Samples) -> Pcm:
    """At -20 dBov active level, limited, faded; what holds nothing stays as it is."""
    level = active_level_db(samples)
    if level > NOTHING_DB:
        samples = limited(samples * 10 ** (min(TARGET_DB - level, LARGEST_GAIN_DB) / 20))
    fade = min(_FADE, len(samples) // 2)
    if fade:
        ramp = np.linspace(0.0, 1.0, fade)
        samples = np.concatenate((samples[:fade] * ramp, samples[fade:-fade], samples[-fade:] * ramp[::-1]))
    return as_pcm(samples)


def limited(samples: Samples) -> Samples:
    """No sample above -1 dBFS: the gain is lowered from 5 ms before a peak to 5 ms after, never a step."""
    size = np.abs(samples)
    if not len(samples) or size.max() <= CEILING:
        return samples
    count = -(-len(samples) // _STEP)
    peaks = np.pad(size, (0, count * _STEP - len(samples))).reshape(count, _STEP).max(axis=1)
    wanted = np.minimum(1.0, CEILING / np.maximum(peaks, 1e-9))
    # The lowest of the neighbourhood, then its average over one step less: never above what any neighbour wants.
    lowest = sliding_window_view(np.pad(wanted, 2 * _LOOK - 1, mode="edge"), 2 * _LOOK + 1).min(axis=1)
    gains = np.convolve(lowest, np.full(2 * _LOOK - 1, 1 / (2 * _LOOK - 1)), mode="valid")
    centres = np.arange(count) * _STEP + _STEP / 2
    gain = np.interp(np.arange(len(samples)), centres, gains)
    limited_samples: Samples = np.clip(samples * gain, -CEILING, CEILING)
    return limited_samples


async def render(pcm: Pcm) -> dict[str, bytes]:
    """Extension to bytes: alaw, ulaw, g722, sln16. Raises `CannotConvert`."""
    simple = await asyncio.to_thread(_without_ffmpeg, pcm)
    return {
        "alaw": simple["alaw"],
        "ulaw": simple["ulaw"],
        "g722": await g722(simple["sln16"]),
        "sln16": simple["sln16"],
    }


async def write_rendition(base: Path, pcm: Pcm) -> None:
    """Writes `base.alaw`, `.ulaw`, `.g722`, `.sln16`, each by rename; sln16 last, so that it proves the others.

    Raises `CannotConvert`, OSError (disk full, wrong owner).
    """
    rendered = await render(pcm)
    await asyncio.to_thread(write_files, base, rendered)


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


async def g722(sln16: bytes) -> bytes:
    """G.722 at 64 kbit/s, by an ffmpeg child across a pipe."""
    quiet = ("-nostdin", "-hide_banner", "-v", "error", "-threads", "1")
    raw = ("-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0")
    try:
        child = await asyncio.create_subprocess_exec(
            *("ffmpeg", *quiet, *raw, "-c:a", "g722", "-f", "g722", "pipe:1"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise CannotConvert(f"ffmpeg: {error}") from error
    try:
        async with asyncio.timeout(_FFMPEG_S):
            out, told = await child.communicate(sln16)
    except TimeoutError as error:
        raise CannotConvert(f"ffmpeg took more than {_FFMPEG_S:.0f} s") from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or (sln16 and not out):
        raise CannotConvert(f"ffmpeg ended with {child.returncode}: {told.decode(errors='replace')[:300]}")
    return out


def _without_ffmpeg(pcm: Pcm) -> dict[str, bytes]:
    return {"alaw": formats.to_alaw(pcm), "ulaw": formats.to_ulaw(pcm), "sln16": formats.to_bytes(pcm)}
