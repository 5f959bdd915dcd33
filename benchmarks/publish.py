"""Publishing 1,000 recorded prompts of 2 s from nothing, as after the loss of a call node's disk, against what ffmpeg
and the writing of the files alone need for the same prompts. The rest is reading and proving the originals, decoding,
levelling, and two of the codecs.
"""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import large
from benchmarks.measuring import Spread, alternately, ratio
from benchmarks.results import Report, Row
from pbx.audio import flac, g722, rendition
from pbx.audio.judge import Verdict
from pbx.audio.pcm import RATE, Pcm
from pbx.library import files
from pbx.library.sources import Recorded, Wanted
from tests.audio.takes import telephone_speech
from tests.library.house import House

_SECONDS = 2
_PROGRAM = 24
"""So many at a time are given to ffmpeg, as the library does."""


async def measure(room: Path, quick: bool) -> Report:
    rounds, prompts = (1, 48) if quick else (7, 6 * _PROGRAM)
    sizes = {"publish": prompts, "alone": _PROGRAM}  # which is enough of what is only compared with
    house = await large.opened(room)
    company = house.world.exempel.id
    speech = telephone_speech("prompts", 60)
    batches = iter(range(10**9))

    async def prepare(name: str) -> Any:
        number = next(batches)
        said = [np.roll(speech, 160 * (number * prompts + n))[: _SECONDS * RATE] for n in range(sizes[name])]
        return await asyncio.to_thread(_laid if name == "publish" else _rendered, house, company, said)

    async def publish(wanted: list[Wanted]) -> None:
        if failures := await house.library.published.publish(company, wanted):
            raise RuntimeError(failures[0].why)

    done = await alternately({"publish": publish, "alone": _alone}, prepare, rounds, warm=0, within_s=110)
    await large.closed(house)
    each = {name: [value / sizes[name] for value in times.wall] for name, times in done.items()}
    row = Row(
        what=f"publish {len(done['publish'].wall) * prompts:,} prompts of 2 s",
        figure=f"{1 / Spread.of(each['publish']).median:.0f} a second",
        against="ffmpeg and the files alone",
        ratio=ratio(each["publish"], each["alone"]),
    )
    measured = {
        f"{name} ms a prompt by {clock}": Spread.of([1000 * value / sizes[name] for value in values])
        for name, times in done.items()
        for clock, values in (("wall", times.wall), ("cpu", times.cpu))
    }
    return Report([row], measured)


def _laid(house: House, company: str, said: list[Pcm]) -> list[Wanted]:
    """In the vault, and wanted."""
    wanted = []
    for pcm in said:
        source = Recorded(large.lay(house.copies, company, flac.encode(pcm)), 0, len(pcm), -20.0)
        name = files.of_recording(source.sha256, source.first, source.last)
        wanted.append(Wanted(files.base(house.root / "published", company, name), source))
    return wanted


def _rendered(house: House, company: str, said: list[Pcm]) -> list[tuple[Path, dict[str, bytes]]]:
    """In all codecs but the one that needs a program."""
    verdict = Verdict(True, None, 0.0, 0, _SECONDS * RATE, -20.0)
    made = []
    for wanted, pcm in zip(_laid(house, company, said), said, strict=True):
        base = files.base(house.root / "alone", company, wanted.base.name)
        made.append((base, rendition.without_g722(rendition.shape(pcm, replace(verdict, end=len(pcm))))))
    return made


async def _alone(made: list[tuple[Path, dict[str, bytes]]]) -> None:
    for at in range(0, len(made), _PROGRAM):
        some = made[at : at + _PROGRAM]
        wide = await g722.encode([formats["sln16"] for _, formats in some])
        for (base, formats), encoded in zip(some, wide, strict=True):
            await asyncio.to_thread(rendition.write_files, base, {"g722": encoded, **formats})
