"""How soon a key is answered: from key-up to the first packet of the next prompt, as a phone hears it (RFC 4733), while
so many other calls of the same kind go on beside it; and how soon a call is: from INVITE to the first sound.
"""

import asyncio
from collections import defaultdict
from pathlib import Path
from random import uniform
from time import monotonic

from benchmarks import installing, sipp
from benchmarks.contenders.lineup import OURS, Contender, line_up
from benchmarks.measuring import Spread
from benchmarks.results import Report, Row
from tests.phone import Phone
from tests.phone.pacer import Pacer

BESIDE = (0, 20, 100)
PHONES, CALLS, ROUNDS = 4, 3, 4
CALL_S = 0.75  # a call of the load lasts about so long
_WARM_S = 2.0


async def measure(room: Path, quick: bool) -> Report:
    await installing.program("sipp", "sip-tester")
    rounds, beside = (1, (0, 5)) if quick else (ROUNDS, BESIDE)
    keys: dict[tuple[str, int], list[float]] = defaultdict(list)
    sounds: dict[tuple[str, int], list[float]] = defaultdict(list)
    async with line_up(room) as contenders:
        for number in range(rounds):
            for many in beside:
                for name in list(contenders)[:: -1 if number % 2 else 1]:
                    await _cell(room, contenders[name], many, keys[name, many], sounds[name, many])
    return _report(keys, sounds)


async def _cell(room: Path, of: Contender, beside: int, keys: list[float], sounds: list[float]) -> None:
    async with asyncio.TaskGroup() as both:
        if beside:
            calls = round((CALLS * 1.6 + 2 * _WARM_S) * beside / CALL_S)
            load = both.create_task(
                sipp.run(room, "menu", of.to, of.server, of.account, rate=beside / CALL_S, calls=calls)
            )
            await asyncio.sleep(_WARM_S)
        else:
            load = None
        async with asyncio.TaskGroup() as probes:
            for _ in range(PHONES):
                probes.create_task(_probe(of, keys, sounds))
        if load is not None and not load.done():
            await load


async def _probe(of: Contender, keys: list[float], sounds: list[float]) -> None:
    async with Phone(of.account.user, of.account.password, of.server) as phone:
        for _ in range(CALLS):
            began = monotonic()
            call = await phone.call(of.to)
            sounds.append(1000 * (await call.sound() - began))
            await asyncio.sleep(0.3 * uniform(0.8, 1.2))  # noqa: S311  so that they do not press all at once
            up = await call.press("5")
            keys.append(1000 * ((await call.hear(of.goodbye)).at - up))
            await call.hung_up()


def _report(keys: dict[tuple[str, int], list[float]], sounds: dict[tuple[str, int], list[float]]) -> Report:
    rows, measured = [], {}
    for (name, many), values in keys.items():
        spread = measured[f"{name}, key to prompt ms, {many} beside"] = Spread.of(values)
        measured[f"{name}, INVITE to sound ms, {many} beside"] = Spread.of(sounds[name, many])
        worst = max(values)
        beside = keys.get(("pure dialplan", many))
        if name == OURS:
            rows.append(
                Row(
                    what=f"key-up to the next prompt, {many} calls beside it",
                    figure=f"{spread.median:.1f} ms, at worst {worst:.1f} of {len(values)}",
                    against=f"pure dialplan {Spread.of(beside).median:.1f} ms, at worst {max(beside):.1f}"
                    if beside
                    else "",
                    aim="≤ 4 ms, worst ≤ 20",
                )
            )
    first = {name: Spread.of(values) for (name, many), values in sounds.items() if many == 0}
    told = ", ".join(f"{name} {spread.median:.0f}" for name, spread in first.items() if name != OURS)
    rows.append(Row(what="INVITE to the first sound", figure=f"{first[OURS].median:.0f} ms", against=told))
    late = Pacer.of_this_loop().late
    rows.append(Row(what="late beats of the phone meanwhile", figure=f"{len(late)}"))
    return Report(rows, measured)
