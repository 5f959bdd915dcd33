"""What must be true after any restart: nothing is half, nothing is missing, and work goes on."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pbx.library import returning
from pbx.store import catalogue, objects, redo, takes
from pbx.vault.things import is_whole
from pbx.vault.values import Kind
from tests.library.house import House


async def lacks(house: House, empty_database: Path, copy: str) -> list[str]:
    """Nothing, if all is well. `empty_database`: one with all tables and no rows. `copy`: from which alone a database
    is made; with what the other tells it is only compared."""
    found = [*_halves(house), *_database(house.world.store.path), *_spool(house)]
    for company in (house.world.exempel.id, house.world.annat.id):
        found += [f"company {company}: {lack}" for lack in await _company(house, company)]
    found += await _rebuilt(house, empty_database, copy)
    if failed := house.library.published.failed:
        found.append(f"{failed} files could not be published")
    return [*found, *await _edited(house)]


def _halves(house: House) -> Iterator[str]:
    """Files under their final names that are not what their names say."""
    for copy in house.copies:
        for path in (copy / "companies").rglob("*"):
            name, company = path.name, path.relative_to(copy).parts[1]
            if path.is_file() and not name.startswith(".new-"):
                kind: Kind = "entry" if path.parent.name == "catalogue" else "sidecar" if path.suffix else "object"
                if not is_whole(path.read_bytes(), kind, company, path.stem):
                    yield f"{path} is not whole"


def _database(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(path)) as db:
        if (told := db.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            yield f"the database is damaged: {told}"
        yield from (f"a reference without a row: {row}" for row in db.execute("PRAGMA foreign_key_check"))


def _spool(house: House) -> Iterator[str]:
    yield from (f"{file} is still in the spool" for file in house.spooled() if not file.startswith("aside/"))


async def _company(house: House, company: str) -> list[str]:
    found: list[str] = []
    async with house.world.store.read(company) as tx:
        head, unfinished = (await catalogue.head(tx)).number, await takes.unfinished(tx)
        used = [*await objects.used(tx, "", 500), *await objects.used_by_voice(tx, "", 500)]
        used += [*await objects.used_as_original(tx, "", 500), *await objects.used_by_picture(tx, "", 500)]
    if heads := {name: at for name, at in (await house.vault.catalogue.heads(company)).items() if at != head}:
        found.append(f"the catalogue is at {heads}, the rows at {head}")
    found += [f"take {take.id} is unfinished: {take.state}" for take in unfinished]
    found += [f"a loss: {line}" for line in await house.library.ledger.all(company, only_open=True)]
    held = await house.vault.holders(company, [(one.sha256, one.size) for one in used])
    found += [f"{one} is in {count} copies" for one, count in zip(used, held, strict=True) if count != 2]
    return found


async def _rebuilt(house: House, empty: Path, copy: str) -> list[str]:
    """A database made from one copy alone says the same, and so does the other copy."""
    database, new = house.world.store.path, house.root / "rebuilt.db"
    shutil.copyfile(empty, new)
    found: list[str] = []
    for one in await returning.rebuild(new, house.vault, copy):
        rows = redo.rows_of(new, one.company)
        found += [f"made from copy {copy}: {lack}" for lack in redo.differences(database, one.company, rows)]
    other = "2" if copy == "1" else "1"
    for lacks in (await returning.compare(database, house.vault, other)).values():
        found += [f"told by copy {other}: {lack}" for lack in lacks]
    return found


async def _edited(house: House) -> list[str]:
    """Nothing that was left stands in the way."""
    company, message = house.world.exempel.id, house.world.welcome.id
    await house.library.messages.set_script(company, message, "en", "Nothing stands in the way.", by="test")
    return []
