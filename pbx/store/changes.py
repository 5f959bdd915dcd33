"""Noticing that any process has committed."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

from pbx.waiting import set_within

log = logging.getLogger(__name__)

POLL_S = 0.1
AFTER_FAULT_S = 1.0


class Changes:
    """SQLite counts commits for each connection (`data_version`); one connection of ours asks ten times a second.

    The question costs some microseconds and takes no lock, but it may have to read a file, hence the thread.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._poke = asyncio.Event()
        self._changed = asyncio.Condition()
        self._count = 0
        self._open = False
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        connection = await asyncio.to_thread(sqlite3.connect, self._path, check_same_thread=False, isolation_level=None)
        self._open = True
        self._task = asyncio.create_task(self._watch(connection), name="store changes")

    async def close(self) -> None:
        """Those who wait for a change come to the end of their loop."""
        self._open = False
        self._poke.set()
        if self._task is not None:
            await self._task

    def poke(self) -> None:
        """We have just committed: look at once."""
        self._poke.set()

    def __call__(self) -> AsyncIterator[None]:
        """Yields after each commit from now on; several in a row may come as one."""
        return self._after(self._count)

    async def _after(self, seen: int) -> AsyncIterator[None]:
        while self._open:
            async with self._changed:
                while self._count == seen and self._open:
                    await self._changed.wait()
                changed, seen = self._count != seen, self._count
            if changed:
                yield

    async def _watch(self, connection: sqlite3.Connection) -> None:
        version = await asyncio.to_thread(_version, connection)
        while self._open:
            await set_within(POLL_S, self._poke)
            self._poke.clear()
            before = version
            try:
                version = await asyncio.to_thread(_version, connection)
            except sqlite3.Error:  # of a disk that fails: it is asked again
                log.exception("whether anybody has committed is not known")
                await asyncio.sleep(AFTER_FAULT_S)
            if version != before:
                self._count += 1
            if version != before or not self._open:
                async with self._changed:
                    self._changed.notify_all()
        await asyncio.to_thread(connection.close)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])
