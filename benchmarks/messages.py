"""The list of messages of a company with 10,000, half of them recorded in both languages, against reading the same rows
with plain SQL. The list is made of what is true now: it looks for each recording in both copies and for each published
file. It may take its time, but no call may wait for it: the event loop must not stop for more than 50 ms.

Files lie in memory, as names and sizes in a page cache would. The longest stop is told as far as this process was
computing: what others take from a shared machine says nothing about the program.
"""

import gc
import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks import large, rooms
from benchmarks.measuring import Spread, Ticker, alternately, ratio
from benchmarks.results import Report, Row

_ROWS = """
SELECT message.*, company.language, text.*, version.* FROM message
JOIN company ON company.id = message.company_id
LEFT JOIN text ON text.company_id = message.company_id AND text.message_id = message.id
LEFT JOIN version ON version.id = text.version_id
WHERE message.company_id = ? AND message.deleted_at IS NULL ORDER BY message.number
"""


async def measure(room: Path, quick: bool) -> Report:
    count, rounds = (1_000, 2) if quick else (10_000, 4)
    with rooms.in_memory(room) as memory:
        house = await large.stocked(memory, count)
        large.furnish(house, large.objects(count))
        company, stops = house.world.exempel.id, list[Ticker]()

        async def prepare(name: str) -> None:
            gc.collect()
            gc.freeze()  # as the service does

        async def listed(given: None) -> None:
            async with Ticker() as ticker:
                views = await house.library.messages.all(company)
            stops.append(ticker)
            if [view.state for view in views[-2:]] != ["ok", "stand-in"] or len(views) < count:
                raise RuntimeError(f"{len(views)} messages, the last {views[-2:]}")

        async def plain(given: None) -> None:
            with closing(sqlite3.connect(house.world.store.path)) as db:
                db.execute(_ROWS, (company,)).fetchall()

        done = await alternately({"list": listed, "sql": plain}, prepare, rounds)
        await large.closed(house)
    late = Spread.of([1000 * ticker.late_s for ticker in stops[1:]])
    ours = Spread.of([1000 * ticker.ours_s for ticker in stops[1:]])
    took = {name: Spread.of(times.wall) for name, times in done.items()}
    rows = [
        Row(f"list of {count:,} messages, half recorded", f"{took['list'].median:.2f} s", "the rows by plain SQL",
            ratio(done["list"].wall, done["sql"].wall)),
        Row("the loop's longest stop meanwhile", f"{ours.median:.0f} ms ({ours.low:.0f} to {ours.high:.0f})",
            aim="≤ 50 ms"),
    ]  # fmt: skip
    measured = {f"{name} s": spread for name, spread in took.items()}
    return Report(rows, {**measured, "stop ms": ours, "stop ms, with what others took": late})
