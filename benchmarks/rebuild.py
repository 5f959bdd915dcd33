"""A database from the vault's catalogue alone, of a company with 10,000 messages, against plain SQL that inserts the
same rows in one transaction. The catalogue is as it is after a while: an image of all rows, and 200 changes since, an
entry each, every entry carried out in a transaction of its own, which waits for the disk.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from benchmarks import large
from benchmarks.measuring import Spread, alternately, ratio
from benchmarks.results import Report, Row
from pbx.library import returning
from pbx.store import engine, messages, migrate, redo
from tests.library.house import House


async def measure(room: Path, quick: bool) -> Report:
    count, changes, rounds = (500, 20, 1) if quick else (10_000, 200, 3)
    house = await large.stocked(room / "house", count)
    company, new = house.world.exempel.id, iter(range(10**9))
    await asyncio.to_thread(redo.image, house.world.store.path, company)
    await _change(house, changes)
    for one in (company, house.world.annat.id):
        await house.library.catalogue.export(one)
    empty = room / "empty.db"
    engine.private_file(empty)
    migrate.to_head(empty)
    rows = {one: redo.rows_of(house.world.store.path, one) for one in (company, house.world.annat.id)}
    total = sum(map(len, rows.values()))

    async def prepare(name: str) -> Path:
        database = room / f"{name}-{next(new)}.db"
        await asyncio.to_thread(shutil.copyfile, empty, database)
        return database

    async def rebuild(database: Path) -> None:
        await returning.rebuild(database, house.vault)
        if redo.rows_of(database, company) != rows[company]:
            raise RuntimeError("it is not what it was")

    async def plain(database: Path) -> None:
        await asyncio.to_thread(_insert, database, rows.values())

    done = await alternately({"rebuild": rebuild, "sql": plain}, prepare, rounds, warm=0 if quick else 1)
    await large.closed(house)
    rates = {name: Spread.of([total / value for value in times.wall]) for name, times in done.items()}
    row = Row(
        what=f"rebuild from the catalogue, {total:,} rows and {changes} changes",
        figure=f"{rates['rebuild'].median:,.0f} rows a second",
        against="inserting the same rows by plain SQL",
        ratio=ratio(done["rebuild"].wall, done["sql"].wall),
    )
    return Report([row], {f"{name} rows a second": spread for name, spread in rates.items()})


async def _change(house: House, changes: int) -> None:
    company = house.world.exempel.id
    async with house.world.store.read(company) as tx:
        some = await messages.page(tx, 100, changes)
    for number, heard in enumerate(some):
        async with house.world.store.begin(company) as tx:
            await messages.set_script(tx, heard.message.id, "sv", f"Ändrat {number}.")


def _insert(database: Path, companies: Iterable[redo.Rows]) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("BEGIN IMMEDIATE")
        for rows in companies:
            for (table, _), row in rows.items():
                large.insert(db, table, row)
        db.execute("COMMIT")
