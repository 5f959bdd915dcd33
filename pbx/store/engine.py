"""The database's connections, as SQLite wants them: many readers, one writer."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import LRUCache

from pbx.store.bound import watch

BUSY_MS = 8_000  # a writer waits this long for another process; who waits with it on the phone is told so
READ_BUSY_MS = 500  # a reader waits only while another process mends the log of one that died
READERS = 4
_COMPILED: LRUCache[Any, Any] = LRUCache(1_000)
"""Statements in SQL, for all engines of this process: a writer asks much of what a reader has asked."""


class _RolledBack(sqlite3.Connection):
    """Closed with its transaction rolled back. A cursor that is still held, by the traceback of a cancelled task for
    one, keeps SQLite from ending a closed connection, and with it the lock: nobody could write until a collection."""

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self.rollback()
        super().close()


def private_file(path: Path) -> None:
    """Makes the file, readable by us alone, before SQLite does; its -wal and -shm get the same rights from it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    path.chmod(0o600)


def reader(path: Path) -> Engine:
    """Reads on the event loop, without a thread in between, and without ever waiting for a writer (WAL).

    Through aiosqlite each statement is four hops to a thread and back: an indexed question cost 1.3 ms of CPU instead
    of 0.55, and on a busy machine 11 ms instead of 5 until its answer. The rows of a call lie in the page cache. The
    pool has no limit, since waiting for it would stop the loop.
    """
    engine = create_engine(f"sqlite:///{path.absolute()}", pool_size=READERS, max_overflow=-1)
    _prepare(engine, READ_BUSY_MS, begin="BEGIN", pragmas=("query_only=ON",))
    return engine


def writer(path: Path) -> AsyncEngine:
    """Writes through a thread, since each commit waits for the disk. One connection, so that writers of this process
    queue in fair order instead of polling for the lock.

    BEGIN IMMEDIATE takes the lock before the first read: what a transaction has seen is still true when it writes.
    What is erased is overwritten, and not only taken out of the index of the file.
    """
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path.absolute()}",
        pool_size=1,
        max_overflow=0,
        pool_timeout=30,
        connect_args={"factory": _RolledBack},
    )
    _prepare(
        engine.sync_engine,
        BUSY_MS,
        begin="BEGIN IMMEDIATE",
        pragmas=("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"),
    )
    return engine


def _prepare(engine: Engine, busy_ms: int, begin: str, pragmas: tuple[str, ...]) -> None:
    watch(engine)
    engine.update_execution_options(compiled_cache=_COMPILED)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; we do, below
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={busy_ms}", "journal_mode=WAL", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
