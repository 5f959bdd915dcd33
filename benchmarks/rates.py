"""How many calls with a menu a second are answered without one failing or being stretched, step by step until that
is no more, in rounds (the ready-made clients in the first one only); then far too many for five seconds, after which
nothing may be left; then what ten thousand calls leave in memory, descriptors and channels.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import aiohttp

from benchmarks import installing, sipp
from benchmarks.contenders.lineup import OURS, PLAIN, PROGRAMS, Contender, line_up
from benchmarks.footprint import footprint
from benchmarks.measuring import Spread, ratio
from benchmarks.results import Report, Row
from benchmarks.sustaining import STEPS, sustained

ROUNDS = 6
OVERLOAD, OVERLOAD_S, SETTLED_S = 500, 5, 5
MANY, MANY_RATE, MANY_S = 10_000, 100, 3


async def measure(room: Path, quick: bool) -> Report:
    await installing.program("sipp", "sip-tester")
    steps, rounds = ((10, 20), 1) if quick else (STEPS, ROUNDS)
    best: dict[str, list[float]] = defaultdict(list)
    async with line_up(room, {} if quick else PROGRAMS) as contenders:
        for number in range(rounds):
            for name in list(contenders)[:: -1 if number % 2 else 1]:
                if number == 0 or name in (OURS, PLAIN):
                    best[name].append(await sustained(partial(_menus, room, contenders[name]), steps))
        ours = contenders[OURS]
        rows = [
            _sustained(best),
            await _overload(room, ours, 20 if quick else OVERLOAD),
            *await _many(room, ours, 50 if quick else MANY, 10 if quick else MANY_RATE),
        ]
    return Report(rows, {f"{name} calls a second": Spread.of(rates) for name, rates in best.items()})


async def _menus(room: Path, of: Contender, rate: float, calls: int) -> sipp.Ran:
    return await sipp.run(room, "menu", of.to, of.server, of.account, rate=rate, calls=calls)


def _sustained(best: Mapping[str, list[float]]) -> Row:
    shown = {name: f"{Spread.of(rates).median:.0f}" for name, rates in best.items()}
    others = ", ".join(f"{name} {rate}" for name, rate in shown.items() if name != OURS)
    compared = ratio(best[OURS], best[PLAIN]) if all(best[PLAIN]) else None
    return Row("calls a second, none failed or stretched", shown[OURS], others, compared, "≥ 0.7")


async def _overload(room: Path, ours: Contender, rate: int) -> Row:
    ran = await sipp.run(room, "menu", ours.to, ours.server, ours.account, rate=rate, calls=rate * OVERLOAD_S)
    await asyncio.sleep(SETTLED_S)
    left = await channels(ours)
    figure = f"{left} channels 5 s later; {ran.good} of {rate * OVERLOAD_S} calls were good"
    return Row(f"{rate} calls a second for {OVERLOAD_S} s", figure, aim="0 channels")


async def _many(room: Path, ours: Contender, calls: int, rate: int) -> list[Row]:
    assert ours.program is not None  # noqa: S101
    await sipp.run(room, "menu", ours.to, ours.server, ours.account, rate=rate, calls=rate * MANY_S)
    await asyncio.sleep(SETTLED_S)
    before = footprint(ours.program, ours.asterisk)
    ran = await sipp.run(room, "menu", ours.to, ours.server, ours.account, rate=rate, calls=calls)
    await asyncio.sleep(35 if calls > 1000 else 1)  # a SIP transaction lives for 32 s
    after, left = footprint(ours.program, ours.asterisk), await channels(ours)
    return [
        Row(f"memory of our process, after {calls:,} calls", f"{after.ours_mb:.0f} MB",
            f"{before.ours_mb:.0f} MB before", Spread.of([after.ours_mb / before.ours_mb]), "≤ 1.05"),
        Row("memory of Asterisk, given back first", f"{after.asterisk_mb:.0f} MB",
            f"{before.asterisk_mb:.0f} MB before", Spread.of([after.asterisk_mb / before.asterisk_mb])),
        Row("descriptors, ours and Asterisk's", f"{after.ours_open} and {after.asterisk_open}",
            f"{before.ours_open} and {before.asterisk_open} before"),
        Row("channels left, calls failed", f"{left} and {ran.failed}", aim="0"),
    ]  # fmt: skip


async def channels(ours: Contender) -> int:
    head = {"Authorization": aiohttp.encode_basic_auth(*ours.ari[1:])}
    async with aiohttp.ClientSession(headers=head) as http, http.get(f"{ours.ari[0]}/channels") as answer:
        return len(await answer.json())
