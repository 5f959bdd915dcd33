"""Bringing a database to the tables that this program knows.

Alembic's batch mode copies a table and drops the old one. With foreign keys on, that drop deletes what refers to the
table: changing one column of `message` once left one message and no version. So a migration runs with the pragma off
(it does nothing inside a transaction, hence before), under the write lock; afterwards all references are checked and no
table that existed may have fewer rows than it had. A snapshot of before stays beside the database, until something is
erased for good.
"""

import fcntl
import logging
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool

from pbx.errors import VaxelError

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


class Newer(VaxelError):
    """The database was last used by a later program, whose tables this one does not know."""


class MigrationFailed(VaxelError):
    """A migration would have lost rows or references; it was undone, and the snapshot is beside the database."""


def head() -> str:
    """The newest revision, told by the files' names, so that an ordinary start need not load alembic (0.2 s)."""
    return max(known())


def known() -> tuple[str, ...]:
    return _in(MIGRATIONS)


@cache  # each transaction tells its revision, and a program's migrations do not change while it runs
def _in(folder: Path) -> tuple[str, ...]:
    return tuple(file.name.split("_")[0] for file in (folder / "versions").glob("[0-9]*_*.py"))


def revision(database: Path) -> str | None:
    """The revision that the database is at; None if it has no tables yet."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
    finally:
        connection.close()


def to_head(database: Path) -> None:
    """Upgrades if needed. Safe when several processes start at once: the second finds nothing left to do."""
    if revision(database) == head():
        return
    with _alone(database):
        at = revision(database)
        if at is not None and at not in known():
            raise Newer(f"{database} is at revision {at}, and this program knows {head()} at most")
        if at is not None and at != head():
            _snapshot(database, at)
        if at != head():
            move(database, head())


def move(database: Path, to: str) -> None:
    """Upgrades or downgrades to revision `to` ("base": no tables) in one transaction."""
    from alembic import command  # loaded only when there is something to migrate
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    with _connected(database) as connection:
        before = _counts(connection)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        at = _order(connection.execute(text("SELECT version_num FROM alembic_version")).scalar()) if before else 0
        (command.upgrade if _order(to) >= at else command.downgrade)(config, to)
        if _order(to) >= at:
            _prove(connection, before)
        connection.commit()


@contextmanager
def _alone(database: Path) -> Iterator[None]:
    """One at a time. SQLite's own lock is not enough: two that turn a new file to WAL wait 30 s for each other."""
    with database.with_name(f"{database.name}.migrating").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _connected(database: Path) -> Connection:
    engine = create_engine(f"sqlite:///{database.absolute()}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _pragmas(raw: sqlite3.Connection, record: object) -> None:
        raw.isolation_level = None
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "foreign_keys=OFF", "synchronous=FULL"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine.connect()


def _counts(connection: Connection) -> dict[str, int]:
    tables = inspect(connection).get_table_names()
    return {table: connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one() for table in tables}  # noqa: S608


def _prove(connection: Connection, before: dict[str, int]) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    after = _counts(connection)
    fewer = [table for table, rows in before.items() if table in after and after[table] < rows]
    if broken or fewer:
        raise MigrationFailed(f"broken references: {broken[:5]}; fewer rows in: {fewer}")


def forget_snapshots(database: Path) -> None:
    """Removes for good what migrations have left beside it, once they are done: it knows what was erased since, of any
    company. Raises OSError."""
    if not _snapshots(database):
        return
    with _alone(database):
        for snapshot in _snapshots(database):
            snapshot.unlink(missing_ok=True)
    folder = os.open(database.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _snapshots(database: Path) -> list[Path]:
    named = re.compile(rf"{re.escape(database.name)}\.\d{{4}}")
    return [path for path in database.parent.iterdir() if named.fullmatch(path.name)]


def _snapshot(database: Path, at: str) -> None:
    """A copy of the database as it was, made whole by SQLite itself, named by the revision it is at."""
    target = database.with_name(f"{database.name}.{at}")
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    source, copy = sqlite3.connect(database), sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        source.close()
        copy.close()


def _order(name: str | None) -> int:
    return int(name) if name and name.isdigit() else 0
