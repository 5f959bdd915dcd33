"""How soon a key is answered: from key-up to the first packet of the next prompt, as a phone hears it (RFC 4733), while
so many other calls of the same kind go on beside it; and how soon a call is: from INVITE to the first sound. Whoever
does not keep up with so many lets keys unanswered, which is counted.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import uniform
from statistics import median
from time import monotonic

from benchmarks import installing, sipp
from benchmarks.contenders.lineup import OURS, PLAIN, Contender, line_up
from benchmarks.measuring import Spread, ratio, told
from benchmarks.results import Report, Row
from tests.phone import CallOver, CallRefused, NotHeard, Phone
from tests.phone.pacer import Pacer

BESIDE = (0, 20, 100)
PHONES, CALLS, ROUNDS = 4, 5, 6
CALL_S = 0.75  # a call of the load lasts about so long
_WARM_S = 2.0


@dataclass
class Cell:
    """Milliseconds: key-up to the next prompt, INVITE to the first sound. `unanswered`: calls that came to neither."""

    keys: list[float] = field(default_factory=list)
    sounds: list[float] = field(default_factory=list)
    unanswered: int = 0


async def measure(room: Path, quick: bool) -> Report:
    await installing.program("sipp", "sip-tester")
    rounds, beside = (1, (0, 5)) if quick else (ROUNDS, BESIDE)
    rounds_of: dict[tuple[str, int], list[Cell]] = defaultdict(list)
    async with line_up(room) as contenders:
        for number in range(rounds):
            for many in beside:
                for name in list(contenders)[:: -1 if number % 2 else 1]:
                    rounds_of[name, many].append(await _cell(room, contenders[name], many))
    return _report(rounds_of)


async def _cell(room: Path, of: Contender, beside: int) -> Cell:
    cell = Cell()
    async with asyncio.TaskGroup() as both:
        if beside:
            calls = round((CALLS * 1.6 + 2 * _WARM_S) * beside / CALL_S)
            both.create_task(sipp.run(room, "menu", of.to, of.server, of.account, rate=beside / CALL_S, calls=calls))
            await asyncio.sleep(_WARM_S)
        for _ in range(PHONES):
            both.create_task(_probe(of, cell))
    return cell


async def _probe(of: Contender, cell: Cell) -> None:
    async with Phone(of.account.user, of.account.password, of.server) as phone:
        for _ in range(CALLS):
            try:
                await _call(phone, of, cell)
            except (NotHeard, CallOver, CallRefused):
                cell.unanswered += 1
                return


async def _call(phone: Phone, of: Contender, cell: Cell) -> None:
    began = monotonic()
    call = await phone.call(of.to)
    cell.sounds.append(1000 * (await call.sound() - began))
    await asyncio.sleep(0.3 * uniform(0.8, 1.2))  # noqa: S311  so that they do not press all at once
    up = await call.press("5")
    cell.keys.append(1000 * ((await call.hear(of.goodbye)).at - up))
    await call.hung_up()


def _report(rounds_of: dict[tuple[str, int], list[Cell]]) -> Report:
    rows, measured = [], {}
    for (name, many), cells in rounds_of.items():
        keys, sounds = _all(cells)
        for what, times in (("key to prompt", keys), ("INVITE to sound", sounds)):
            if times:
                measured[f"{name}, {what} ms, {many} beside"] = Spread.of(times)
        measured[f"{name}, calls unanswered a round, {many} beside"] = Spread.of([cell.unanswered for cell in cells])
        if name == OURS:
            plain = rounds_of[PLAIN, many]
            rows += [
                Row(f"key-up to the next prompt, {many} calls beside it", told(keys),
                    f"{PLAIN} {told(_all(plain)[0])}", _ratio(cells, plain), "p50 ≤ 4, p99 ≤ 20 ms"),
                Row(f"INVITE to the first sound, {many} calls beside it", told(sounds),
                    f"{PLAIN} {told(_all(plain)[1])}"),
            ]  # fmt: skip
    ours = sum(cell.unanswered for (name, _), cells in rounds_of.items() if name == OURS for cell in cells)
    rows.append(Row(what="of these calls not answered", figure=f"{ours}", aim="0"))
    late = Pacer.of_this_loop().late
    rows.append(Row(what="late beats of the telephones meanwhile", figure=f"{len(late)}"))
    return Report(rows, measured)


def _all(cells: list[Cell]) -> tuple[list[float], list[float]]:
    return [value for cell in cells for value in cell.keys], [value for cell in cells for value in cell.sounds]


def _ratio(ours: list[Cell], theirs: list[Cell]) -> Spread:
    """Of the medians of each round."""
    return ratio(*([median(cell.keys) for cell in cells] for cells in (ours, theirs)))
