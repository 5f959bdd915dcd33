"""The presence sweep over 10,000 objects in two copies, every half minute beside all calls, against asking the system
for the size of the same 20,000 files. It must not stop the event loop for more than 50 ms.

Files lie in memory, as their names and sizes do in a page cache after the first sweep.
"""

import asyncio
import gc
from pathlib import Path

from benchmarks import large, rooms
from benchmarks.measuring import Spread, Ticker, alternately, ratio
from benchmarks.results import Report, Row
from pbx.vault.layout import object_name


async def measure(room: Path, quick: bool) -> Report:
    count, rounds = (1_000, 3) if quick else (10_000, 9)
    with rooms.in_memory(room) as memory:
        house = await large.stocked(memory, count)
        names = large.objects(count)
        large.furnish(house, names)
        company, stops = house.world.exempel.id, list[Ticker]()
        paths = [str(copy / object_name(company, name)) for copy in house.copies for name in names]

        async def prepare(name: str) -> None:
            gc.collect()
            gc.freeze()  # as the service does

        async def sweep(given: None) -> None:
            async with Ticker() as ticker:
                swept = await house.library.proof.sweep()
            stops.append(ticker)
            if swept.looked != len(names) or swept.lost or swept.healed:
                raise RuntimeError(f"{swept}")

        async def plain(given: None) -> None:
            await asyncio.to_thread(lambda: [Path(path).stat().st_size for path in paths])

        done = await alternately({"sweep": sweep, "stat": plain}, prepare, rounds)
        await large.closed(house)
    ours = Spread.of([1000 * ticker.ours_s for ticker in stops[1:]])
    took = {name: Spread.of(times.wall) for name, times in done.items()}
    rows = [
        Row(f"sweep over {len(names):,} objects in two copies", f"{took['sweep'].median:.2f} s",
            f"`stat` of {len(paths):,} files", ratio(done["sweep"].wall, done["stat"].wall)),
        Row("the loop's longest stop meanwhile", f"{ours.median:.0f} ms ({ours.low:.0f} to {ours.high:.0f})",
            aim="≤ 50 ms"),
    ]  # fmt: skip
    late = Spread.of([1000 * ticker.late_s for ticker in stops[1:]])
    measured = {f"{name} s": spread for name, spread in took.items()}
    return Report(rows, {**measured, "stop ms": ours, "stop ms, with what others took": late})
