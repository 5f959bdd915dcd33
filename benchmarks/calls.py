"""A menu of two prompts and a key, from the outside to the last BYE: Växel's own number path (routes file, store,
library, published files) against the same menu in a pure dialplan, in a program over ARI of a hundred lines, and with
the ready-made clients asyncari and Node's ari-client; each on an Asterisk of the same build, modules and settings. In
turn, in rounds whose order is reversed; ratios are of the same round.
"""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from benchmarks import installing
from benchmarks.contenders.lineup import OURS, PLAIN, Cell, line_up, one
from benchmarks.measuring import Spread, ratio
from benchmarks.results import Report, Row

RATE, CALLS, ROUNDS = 100, 150, 6
AIMS = {PLAIN: "≤ 1.6", "asyncari": "≤ 0.33", "Node's ari-client": "≤ 0.67"}


async def measure(room: Path, quick: bool) -> Report:
    await installing.program("sipp", "sip-tester")
    rounds, calls, rate = (2, 20, 20) if quick else (ROUNDS, CALLS, RATE)
    async with line_up(room) as contenders:
        cells: dict[str, list[Cell]] = defaultdict(list)
        for number in range(-1, rounds):
            for name in list(contenders)[:: -1 if number % 2 else 1]:
                cell = await one(room, contenders[name], rate, calls)
                if number >= 0:
                    cells[name].append(cell)
    return _report(cells, rate)


def _report(cells: Mapping[str, list[Cell]], rate: float) -> Report:
    ours = [cell.total_ms for cell in cells[OURS]]
    own, beside = Spread.of([cell.program_ms for cell in cells[OURS]]), Spread.of(ours)
    rows, measured = [], {"Växel ms of a call": beside, "Växel ms of a call, its own process": own}
    failed = sum(cell.ran.failed for kind in cells.values() for cell in kind)
    for name, kind in cells.items():
        if name == OURS:
            continue
        measured[f"{name} ms of a call"] = Spread.of([cell.total_ms for cell in kind])
        measured[f"{name} ms of a call, beside Asterisk"] = Spread.of([cell.program_ms for cell in kind])
        rows.append(
            Row(
                what=f"processors for a call with a menu, {rate} a second",
                figure=f"{beside.median:.1f} ms",
                against=f"{name}, {measured[f'{name} ms of a call'].median:.1f} ms",
                ratio=ratio(ours, [cell.total_ms for cell in kind]),
                aim=AIMS.get(name, ""),
            )
        )
    rows.append(Row(what="of these by our own process", figure=f"{own.median:.2f} ms", aim="≤ 1.2 ms"))
    if failed:
        rows.append(Row(what="of these calls failed", figure=str(failed), aim="0"))
    return Report(rows, measured)
