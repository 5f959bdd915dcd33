"""The database's connections, as SQLite wants them: many readers, one writer."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from pbx.store.bound import watch

BUSY_MS = 5_000
READERS = 4


def private_file(path: Path) -> None:
    """Makes the file, readable by us alone, before SQLite does; its -wal and -shm get the same rights from it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    path.chmod(0o600)


def reader(path: Path) -> AsyncEngine:
    engine = create_async_engine(_url(path), pool_size=READERS, max_overflow=0, pool_timeout=10)
    _prepare(engine, begin="BEGIN", pragmas=("query_only=ON",))
    return engine


def writer(path: Path) -> AsyncEngine:
    """One connection, so that writers of this process queue in fair order instead of polling for the lock.

    BEGIN IMMEDIATE takes the lock before the first read: what a transaction has seen is still true when it writes.
    """
    engine = create_async_engine(_url(path), pool_size=1, max_overflow=0, pool_timeout=30)
    _prepare(engine, begin="BEGIN IMMEDIATE", pragmas=("synchronous=FULL", "foreign_keys=ON"))
    return engine


def _url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path.absolute()}"


def _prepare(engine: AsyncEngine, begin: str, pragmas: tuple[str, ...]) -> None:
    watch(engine.sync_engine)

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; we do, below
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
