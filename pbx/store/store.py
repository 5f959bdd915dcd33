"""The store: one database, opened once; everything is asked and changed in a transaction that knows its company."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from pbx.store import engine, migrate
from pbx.store.bound import ACROSS, BoundSession
from pbx.store.changes import Changes
from pbx.store.clock import Clock, utc_now
from pbx.store.ids import is_id
from pbx.store.tx import Across, Reading, Writing


class Store:
    """`database`: the SQLite file. Transactions are short: no call verb, no HTTP and no vault work inside one."""

    def __init__(self, database: Path | str, clock: Clock = utc_now) -> None:
        self.path = Path(database)
        self.clock = clock
        self._changes = Changes(self.path)
        self._reader: AsyncEngine | None = None
        self._writer: AsyncEngine | None = None

    async def open(self) -> None:
        """Makes the file (0600) if there is none, and brings its tables to what this program knows.

        Raises migrate.Newer if a later program has had it.
        """
        await asyncio.to_thread(engine.private_file, self.path)
        await asyncio.to_thread(migrate.to_head, self.path)
        self._reader, self._writer = engine.reader(self.path), engine.writer(self.path)
        async with self._writer.connect(), self._reader.connect():
            pass  # a connection that is made now cannot be cut off by a cancellation later
        await self._changes.open()

    async def close(self) -> None:
        await self._changes.close()
        for one in (self._reader, self._writer):
            if one is not None:
                await one.dispose()

    def changed(self) -> AsyncIterator[None]:
        """Yields when any process has committed: our own at once, others' within 200 ms."""
        return self._changes()

    @asynccontextmanager
    async def begin(self, company: str) -> AsyncIterator[Writing]:
        """Reads and changes in one company, alone among writers; committed at the end, rolled back by an exception."""
        async with self._session(self._writer, _checked(company), writes=True) as session:
            tx = Writing(session, self.clock(), company)
            yield tx
            await tx.flush()
            await session.commit()
        self._changes.poke()

    @asynccontextmanager
    async def read(self, company: str) -> AsyncIterator[Reading]:
        """Reads in one company, all at one point in time, beside any writer. The database refuses a change."""
        async with self._session(self._reader, _checked(company)) as session:
            yield Reading(session, self.clock(), company)

    @asynccontextmanager
    async def across(self) -> AsyncIterator[Across]:
        """Reads over all companies: for the operator and the service itself."""
        async with self._session(self._reader, ACROSS) as session:
            yield Across(session, self.clock())

    @asynccontextmanager
    async def _session(
        self, bind: AsyncEngine | None, company: str, *, writes: bool = False
    ) -> AsyncIterator[AsyncSession]:
        if bind is None:
            raise RuntimeError("the store is not open")
        async with AsyncSession(
            bind,
            sync_session_class=BoundSession,
            expire_on_commit=False,
            autoflush=False,
            info={"company": company, "writes": writes},
        ) as session:
            yield session


def _checked(company: str) -> str:
    if not is_id(company):
        raise ValueError(f"not a company's id: {company[:40]!r}")
    return company
