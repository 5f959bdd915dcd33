"""How many calls with a menu a second are answered without one failing or being stretched, step by step until that
is no more; then far too many for five seconds, after which nothing may be left; then what ten thousand calls leave in
memory, descriptors and channels.
"""

import asyncio
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from benchmarks import installing, processes, sipp
from benchmarks.contenders.lineup import OURS, PROGRAMS, Contender, line_up
from benchmarks.measuring import Spread
from benchmarks.results import Report, Row

STEPS = (50, 100, 150, 200, 250, 300, 350, 400, 450, 500)
STEP_S = 3
CALM = 25
STRETCH = 1.05
OVERLOAD, OVERLOAD_S, SETTLED_S = 500, 5, 5
MANY, MANY_RATE = 10_000, 100


async def measure(room: Path, quick: bool) -> Report:
    await installing.program("sipp", "sip-tester")
    steps: Sequence[int] = (10, 20) if quick else STEPS
    rows: list[Row] = []
    measured: dict[str, Spread] = {}
    async with line_up(room, {} if quick else PROGRAMS) as contenders:
        best = {name: await _sustained(room, of, steps, measured, name) for name, of in contenders.items()}
        plain = best["pure dialplan"]
        for name, rate in best.items():
            measured[f"{name} calls a second"] = Spread.of([rate])
        others = ", ".join(f"{name} {rate}" for name, rate in best.items() if name != OURS)
        rows.append(
            Row("calls a second, none failed or stretched", f"{best[OURS]}", others,
                Spread.of([best[OURS] / plain]) if plain else None, "≥ 0.7")
        )  # fmt: skip
        ours = contenders[OURS]
        rows.append(await _overload(room, ours, 20 if quick else OVERLOAD))
        rows += await _many(room, ours, 50 if quick else MANY, 10 if quick else MANY_RATE)
    return Report(rows, measured)


async def _sustained(room: Path, of: Contender, steps: Sequence[int], measured: dict[str, Spread], name: str) -> int:
    """The highest of the steps that it keeps up with."""
    calm = await sipp.run(room, "menu", of.to, of.server, of.account, rate=CALM, calls=CALM * STEP_S)
    best = 0
    for rate in steps:
        ran = await sipp.run(room, "menu", of.to, of.server, of.account, rate=rate, calls=rate * STEP_S)
        stretch = ran.seconds / calm.seconds
        measured[f"{name} stretch at {rate}"] = Spread.of([stretch])
        if ran.failed or stretch > STRETCH:
            break
        best = rate
    return best


async def _overload(room: Path, ours: Contender, rate: int) -> Row:
    ran = await sipp.run(room, "menu", ours.to, ours.server, ours.account, rate=rate, calls=rate * OVERLOAD_S)
    await asyncio.sleep(SETTLED_S)
    left = await channels(ours)
    figure = f"{left} channels 5 s later; {ran.good} of {rate * OVERLOAD_S} calls were good"
    return Row(f"{rate} calls a second for {OVERLOAD_S} s", figure, aim="0 channels")


async def _many(room: Path, ours: Contender, calls: int, rate: int) -> list[Row]:
    assert ours.program is not None  # noqa: S101
    await sipp.run(room, "menu", ours.to, ours.server, ours.account, rate=rate, calls=rate * STEP_S)
    await asyncio.sleep(SETTLED_S)
    before = _what(ours)
    ran = await sipp.run(room, "menu", ours.to, ours.server, ours.account, rate=rate, calls=calls)
    await asyncio.sleep(35 if calls > 1000 else 1)  # a SIP transaction lives for 32 s
    after, left = _what(ours), await channels(ours)
    return [
        Row(f"memory of our process, after {calls:,} calls", f"{after[0]:.0f} MB", f"{before[0]:.0f} MB before",
            Spread.of([after[0] / before[0]]), "≤ 1.05"),
        Row("memory of Asterisk, given back first", f"{after[1]:.0f} MB", f"{before[1]:.0f} MB before",
            Spread.of([after[1] / before[1]])),
        Row("descriptors, ours and Asterisk's", f"{after[2]} and {after[3]}", f"{before[2]} and {before[3]} before"),
        Row("channels left, calls failed", f"{left} and {ran.failed}", aim="0"),
    ]  # fmt: skip


def _what(ours: Contender) -> tuple[float, float, int, int]:
    assert ours.program is not None  # noqa: S101
    _give_back(ours.asterisk)
    return (
        processes.memory_mb(ours.program), processes.memory_mb(ours.asterisk),
        processes.descriptors(ours.program), processes.descriptors(ours.asterisk),
    )  # fmt: skip


def _give_back(asterisk: int) -> None:
    """Asterisk's allocator keeps the peak; without this its memory tells of the busiest moment and of no leak."""
    if nsenter := shutil.which("nsenter"):
        argv = (nsenter, "-t", str(asterisk), "-m", "-p", "--", "asterisk", "-rx", "malloc trim")
        subprocess.run(argv, capture_output=True, timeout=10, check=False)  # noqa: S603


async def channels(ours: Contender) -> int:
    head = {"Authorization": aiohttp.encode_basic_auth(*ours.ari[1:])}
    async with aiohttp.ClientSession(headers=head) as http, http.get(f"{ours.ari[0]}/channels") as answer:
        return len(await answer.json())
