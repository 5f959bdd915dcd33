"""An mp3 of 30 s from the file to what callers hear (decoded, judged, levelled, and rendered in the four formats of
calls), against ffmpeg alone making the same four files of it. The vault and the rows are measured elsewhere.
"""

import asyncio
import time
from pathlib import Path

import numpy as np

from benchmarks.measuring import Spread, alternately, ratio
from benchmarks.results import Report, Row
from pbx.audio import decoding, rendition
from pbx.audio.judge import Verdict, judge
from pbx.audio.pcm import RATE, Pcm, resample
from tests.audio.files import ffmpeg, sound_file
from tests.audio.takes import joined, silence, telephone_speech

_SECONDS = 30
_ALONE = (
    ("-ar", "8000", "-f", "alaw", "alaw"),
    ("-ar", "8000", "-f", "mulaw", "ulaw"),
    ("-ar", "16000", "-c:a", "g722", "-f", "g722", "g722"),
    ("-ar", "16000", "-f", "s16le", "sln16"),
)


async def measure(room: Path, quick: bool) -> Report:
    said = np.resize(joined(telephone_speech("upload", 8), silence(2)), _SECONDS * RATE)
    file = await sound_file(room / "upload.mp3", said, "-ar", "44100", "-b:a", "128k")
    judged: list[float] = []

    async def prepare(name: str) -> Path:
        base = room / name / "made"
        base.parent.mkdir(exist_ok=True)
        return base

    async def upload(base: Path) -> None:
        decoded = await decoding.decode(file)
        pcm = await asyncio.to_thread(resample, decoded.pcm48, decoding.RATE, RATE)
        verdict, took = await asyncio.to_thread(_judged, pcm)
        judged.append(took)
        await rendition.write_rendition(base, await asyncio.to_thread(rendition.shape, pcm, verdict))

    async def alone(base: Path) -> None:
        outputs = [word for *words, end in _ALONE for word in ("-ac", "1", *words, f"{base}.{end}")]
        await ffmpeg("-i", str(file), *outputs)

    done = await alternately({"upload": upload, "alone": alone}, prepare, 3 if quick else 30)
    took = Spread.of(done["upload"].wall)
    row = Row(
        what="an mp3 of 30 s, from the file to what is heard",
        figure=f"{took.median * 1000:.0f} ms",
        against="ffmpeg alone, the same four files",
        ratio=ratio(done["upload"].wall, done["alone"].wall),
        aim="≤ 2",
    )
    judging = Row(
        what="judging 30 s, of a processor", figure=f"{Spread.of(judged).median * 1000:.0f} ms", aim="≤ 50 ms"
    )
    measured = {f"{name} s by wall": Spread.of(times.wall) for name, times in done.items()}
    return Report([row, judging], {**measured, "judge s by cpu": Spread.of(judged)})


def _judged(pcm: Pcm) -> tuple[Verdict, float]:
    """And the seconds of a processor that it took."""
    began = time.thread_time()
    return judge(pcm), time.thread_time() - began
