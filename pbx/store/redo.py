"""The redo log carried out: rows from entries, images from rows. With the driver alone and in a thread of its own,
since all rows of a company pass here, at any revision of the tables, and no caller is to wait for it.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pbx.errors import VaxelError
from pbx.store import engine, migrate
from pbx.store.catalogue import Entry, Head, written
from pbx.store.clock import utc_now
from pbx.store.ids import new_id
from pbx.store.logged import LOGGED

_BUSY_S = 30.0

Key = tuple[str, str]
Rows = dict[Key, Mapping[str, Any]]


class DoesNotFit(VaxelError):
    """Entries were handed in that do not follow what the database holds, or that leave a reference without a row."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of which database and catalogue say different things. `how`: only-database, only-catalogue, differs."""

    table: str
    id: str
    how: str
    columns: tuple[str, ...] = ()


def head(database: Path, company: str) -> Head:
    """Number 0 also where there is no database, or one from before there was a log."""
    if not database.exists() or not _has_log(database):
        return Head()
    with _reading(database) as db:
        return _head(db, company)


def entry_sha(database: Path, company: str, number: int) -> str | None:
    """The entry's SHA-256; None if the database does not hold it (any more)."""
    with _reading(database) as db:
        row = db.execute(
            "SELECT sha FROM catalogue_entry WHERE company_id = ? AND number = ?", (company, number)
        ).fetchone()
    return row[0] if row else None


def replay(database: Path, logs: Mapping[str, Sequence[Entry]]) -> dict[str, dict[Key, bool]]:
    """Carries out each company's entries in turn, and brings the tables to the entries' revisions on the way.

    By company: which rows were touched, and whether they are there now. Each entry is carried out whole or not at all,
    so what was interrupted can be begun again. DoesNotFit; migrate.Newer if a later program wrote them.
    """
    touched: dict[str, dict[Key, bool]] = {company: {} for company in logs}
    steps = [(json.loads(entry.body)["revision"], company, entry) for company in logs for entry in logs[company]]
    with ExitStack() as at_end:
        for done, (revision, company, entry) in enumerate(sorted(steps, key=lambda one: (*one[:2], one[2].number))):
            _to(database, revision)
            if not done:  # whoever closes last moves SQLite's own log into the file: not after every entry
                at_end.enter_context(closing(_connect(database)))
            touched[company] |= _one(database, company, entry)
    _prove(database)
    return touched


def _one(database: Path, company: str, entry: Entry) -> dict[Key, bool]:
    body = json.loads(entry.body)
    with _writing(database) as db:
        last = _head(db, company)
        follows = entry.prev == last.sha and entry.number == last.number + 1
        if last.number and not follows and (entry.kind != "image" or entry.number <= last.number):
            raise DoesNotFit(f"entry {entry.number} of company {company} does not follow {last.number}")
        if entry.kind == "image":
            _empty(db, company)
            # What lies before it may be of something that was erased since, and would go into a new copy.
            db.execute("DELETE FROM catalogue_entry WHERE company_id = ?", (company,))
        touched = _carry_out(db, body["rows"])
        _note(db, company, entry, body["at"])
    return touched


def image(database: Path, company: str) -> int:
    """Appends an entry with all rows of the company, which begins the log anew. Its number."""
    with _writing(database) as db:
        now = utc_now().isoformat()
        rows = ([table, values["id"], values] for table, values in _each(db, company))
        entry = written(_head(db, company), "image", now, migrate.head(), rows)
        _note(db, company, entry, now)
    return entry.number


def fold(entries: Iterable[Entry]) -> Rows:
    """What the rows are after these entries, of which the first is an image or the very first."""
    rows: Rows = {}
    for entry in entries:
        if entry.kind == "image":
            rows.clear()
        for table, row_id, values in json.loads(entry.body)["rows"]:
            if values is None:
                rows.pop((table, row_id), None)
            else:
                rows[table, row_id] = values
    return rows


def rows_of(database: Path, company: str) -> Rows:
    """Every row of the company that is in the catalogue."""
    with _reading(database) as db:
        return _rows(db, company)


def differences(database: Path, company: str, told: Rows) -> Iterator[Difference]:
    """Where a living database says otherwise than `told`; columns that only one of them knows are passed over."""
    here = rows_of(database, company)
    for key in sorted(here.keys() | told.keys()):
        if key not in told:
            yield Difference(*key, "only-database")
        elif key not in here:
            yield Difference(*key, "only-catalogue")
        else:
            columns = [c for c in here[key].keys() & told[key].keys() if here[key][c] != told[key][c]]
            if columns:
                yield Difference(*key, "differs", tuple(sorted(columns)))


def _to(database: Path, revision: str) -> None:
    if not database.exists():
        engine.private_file(database)
    at = migrate.revision(database)
    if revision not in migrate.known():
        raise migrate.Newer(f"the catalogue has entries of revision {revision}, which this program does not know")
    if at is None or at < revision:
        migrate.move(database, revision)


def _carry_out(db: sqlite3.Connection, rows: Sequence[Sequence[Any]]) -> dict[Key, bool]:
    """First everything that is touched goes, so that no row is in the way of another's new name."""
    for table, row_id, _ in rows:
        db.execute(f'DELETE FROM "{_known(table)}" WHERE id = ?', (row_id,))  # noqa: S608
    for table, _, values in rows:
        if values is not None:
            columns = ", ".join(f'"{_plain(column)}"' for column in values)
            marks = ", ".join("?" for _ in values)
            db.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', list(values.values()))  # noqa: S608
    return {(table, row_id): values is not None for table, row_id, values in rows}


def _empty(db: sqlite3.Connection, company: str) -> None:
    for table in LOGGED:
        db.execute(f'DELETE FROM "{table}" WHERE {_owner(table)} = ?', (company,))  # noqa: S608


def _rows(db: sqlite3.Connection, company: str) -> Rows:
    return {(table, values["id"]): values for table, values in _each(db, company)}


def _each(db: sqlite3.Connection, company: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for table in sorted(LOGGED):
        asked = db.execute(f'SELECT * FROM "{table}" WHERE {_owner(table)} = ? ORDER BY id', (company,))  # noqa: S608
        names = [column[0] for column in asked.description]
        for row in asked:
            yield table, dict(zip(names, row, strict=True))


def _note(db: sqlite3.Connection, company: str, entry: Entry, at: str) -> None:
    at = at.replace("T", " ").removesuffix("+00:00")
    db.execute(
        "INSERT INTO catalogue_entry (id, company_id, number, prev, sha, kind, at, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (new_id(), company, entry.number, entry.prev, entry.sha, entry.kind, at, entry.body),
    )


def _head(db: sqlite3.Connection, company: str) -> Head:
    row = db.execute(
        "SELECT number, sha FROM catalogue_entry WHERE company_id = ? ORDER BY number DESC LIMIT 1", (company,)
    ).fetchone()
    return Head(*row) if row else Head()


def companies(database: Path) -> int:
    """How many the database knows; 0 if there is none, or it has no tables yet."""
    if not database.exists() or migrate.revision(database) is None:
        return 0
    with _reading(database) as db:
        return int(db.execute("SELECT count(*) FROM company").fetchone()[0])


def _has_log(database: Path) -> bool:
    with _reading(database) as db:
        return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'catalogue_entry'").fetchone() is not None


def _prove(database: Path) -> None:
    with _reading(database) as db:
        broken = db.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise DoesNotFit(f"rows refer to rows that are not there: {broken[:5]}")


def _owner(table: str) -> str:
    return "id" if table == "company" else "company_id"


def _known(table: str) -> str:
    if table not in LOGGED:
        raise DoesNotFit(f"the catalogue names the table {table[:40]!r}")
    return table


def _plain(column: str) -> str:
    if not column.isidentifier():
        raise DoesNotFit(f"the catalogue names the column {column[:40]!r}")
    return column


@contextmanager
def _writing(database: Path) -> Iterator[sqlite3.Connection]:
    """Alone, all or nothing; references are looked at when everything is there."""
    with closing(_connect(database)) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


@contextmanager
def _reading(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(_connect(database)) as db:
        db.execute("BEGIN")
        yield db


def _connect(database: Path) -> sqlite3.Connection:
    db = sqlite3.connect(database, timeout=_BUSY_S, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    return db
