"""The store: one database, opened once; everything is asked and changed in a transaction that knows its company."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import Engine, Result
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from pbx.store import catalogue, engine, migrate
from pbx.store.bound import ACROSS, HOUSE, BoundSession
from pbx.store.changes import Changes
from pbx.store.clock import Clock, utc_now
from pbx.store.ids import is_id
from pbx.store.logged import after_images
from pbx.store.memory import Memory
from pbx.store.tx import Across, Ask, House, Reading, Writing

log = logging.getLogger(__name__)

B = TypeVar("B", Engine, AsyncEngine)
T = TypeVar("T")


class Vaulted(Protocol):
    """Where the redo log goes. An edit is done when it is there, too."""

    async def check(self, company: str) -> None:
        """Refused where rows cannot be put into safety now, or where the vault knows later ones."""

    async def caught_up(self, company: str) -> None:
        """Waits until it holds every entry of the company. Refused if it cannot."""


class Store:
    """`database`: the SQLite file, or `sqlite:///` and its path; ValueError for another kind.

    Transactions are short: no call verb, no HTTP and no vault work inside one.
    """

    def __init__(self, database: Path | str, clock: Clock = utc_now) -> None:
        name = str(database).removeprefix("sqlite:///")
        if "://" in name:
            raise ValueError(f"only SQLite so far: {name.split('://')[0]}://…")
        self.path = Path(name)
        self.clock = clock
        self._changes = Changes(self.path)
        self._memory = Memory(self.path)
        self._reader: Engine | None = None
        self._writer: AsyncEngine | None = None
        self._vaulted: Vaulted | None = None

    def join(self, vaulted: Vaulted) -> None:
        """From now on edits need the vault."""
        self._vaulted = vaulted

    async def open(self) -> None:
        """Makes the file (0600) if there is none, and brings its tables to what this program knows.

        Raises migrate.Newer if a later program has had it.
        """
        await asyncio.to_thread(engine.private_file, self.path)
        await asyncio.to_thread(migrate.to_head, self.path)
        self._reader, self._writer = engine.reader(self.path), engine.writer(self.path)
        async with self._writer.connect():
            pass  # a connection that is made now cannot be cut off by a cancellation later
        self._memory.open()
        await self._changes.open()

    async def close(self) -> None:
        await self._changes.close()
        self._memory.close()
        if self._writer is not None:
            await self._writer.dispose()
        if self._reader is not None:
            self._reader.dispose()

    def changed(self) -> AsyncIterator[None]:
        """Yields when any process has committed: our own at once, others' within 200 ms."""
        return self._changes()

    @asynccontextmanager
    async def begin(self, company: str) -> AsyncIterator[Writing]:
        """Reads and changes in one company, alone among writers; committed at the end, rolled back by an exception."""
        async with self._writing(_checked(company)) as session:
            tx = Writing(session, self.clock(), company)
            yield tx
            await tx.flush()
            await catalogue.append(tx, after_images(session.sync_session))
            await session.commit()
        log.debug("committed in company %s", company)
        self._changes.poke()

    @asynccontextmanager
    async def edit(self, company: str) -> AsyncIterator[Writing]:
        """`begin` for what a person decides: done when the vault has it, refused in words where it cannot be had.
        What happens in a call never waits for that, and is caught up with."""
        if self._vaulted is not None:
            await self._vaulted.check(company)
        async with self.begin(company) as tx:
            yield tx
        if self._vaulted is not None:
            await self._vaulted.caught_up(company)

    @asynccontextmanager
    async def house(self) -> AsyncIterator[House]:
        """Reads and changes of what belongs to no company: operators, sessions, mail. Nothing of it is in the vault."""
        async with self._writing(HOUSE) as session:
            tx = House(session, self.clock(), HOUSE)
            yield tx
            await tx.flush()
            await session.commit()
        self._changes.poke()

    @asynccontextmanager
    async def read_house(self) -> AsyncIterator[Reading]:
        """Reads of the same."""
        with self._reading(HOUSE) as ask:
            yield Reading(ask, self.clock(), HOUSE)

    @asynccontextmanager
    async def read(self, company: str) -> AsyncIterator[Reading]:
        """Reads in one company, all at one point in time, beside any writer. The database refuses a change."""
        with self._reading(_checked(company)) as ask:
            yield Reading(ask, self.clock(), company)

    async def recall(self, company: str, question: Hashable, ask: Callable[[Reading], Awaitable[T]]) -> T:
        """The answer of `ask`, from memory where the same `question` was asked before and nobody has committed since:
        for what every call asks. The answer is shared, so nobody may change it."""
        version, key = self._memory.version(), (company, question)
        if key in self._memory.answers:
            return cast(T, self._memory.answers[key])
        async with self.read(company) as tx:
            answer = await ask(tx)
        self._memory.keep(version, key, answer)
        return answer

    async def head(self, company: str) -> int:
        """The number of the last entry of its redo log, 0 where there is none; as `recall`."""
        return (await self.recall(company, "head", catalogue.head)).number

    @asynccontextmanager
    async def across(self) -> AsyncIterator[Across]:
        """Reads over all companies: for the operator and the service itself."""
        with self._reading(ACROSS) as ask:
            yield Across(ask, self.clock())

    def _writing(self, company: str) -> AsyncSession:
        info = {"company": company, "writes": True}
        return AsyncSession(
            _open(self._writer), sync_session_class=BoundSession, expire_on_commit=False, autoflush=False, info=info
        )

    @contextmanager
    def _reading(self, company: str) -> Iterator[Ask]:
        info = {"company": company, "writes": False}
        with BoundSession(_open(self._reader), expire_on_commit=False, autoflush=False, info=info) as session:

            async def ask(question: Any, values: Any) -> Result[Any]:
                return session.execute(question, values)

            yield ask


def _open(bind: B | None) -> B:
    if bind is None:
        raise RuntimeError("the store is not open")
    return bind


def _checked(company: str) -> str:
    if not is_id(company):
        raise ValueError(f"not a company's id: {company[:40]!r}")
    return company
