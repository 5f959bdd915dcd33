"""Transactions: what the modules of questions get in their hands. Rows stay inside; only values leave."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import Result, Row, Select, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from pbx.errors import Refused
from pbx.store.refusals import refusal
from pbx.store.tables import Base, Owned

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
R = TypeVar("R", bound=Base)
Mine = TypeVar("Mine", bound=Owned)
Ask = Callable[[Any, Any], Awaitable[Result[Any]]]


_by_ids: dict[type[Owned], Any] = {}


def _by_id(table: type[Mine]) -> Select[Mine]:
    """Built once for each table."""
    if table not in _by_ids:
        _by_ids[table] = select(table).where(table.id == bindparam("row_id"))
    question: Select[Mine] = _by_ids[table]
    return question


class Asking:
    """Reads. `now` is one time for the whole transaction. `ask` runs a statement in the session behind it."""

    def __init__(self, ask: Ask, now: datetime) -> None:
        self._ask = ask
        self.now = now

    async def first(self, question: Select[T], **values: object) -> T | None:
        """`values`: for the bound parameters of a question that is built once."""
        return (await self._ask(question, values)).scalars().first()

    async def all(self, question: Select[T], **values: object) -> Sequence[T]:
        return (await self._ask(question, values)).scalars().all()

    async def rows(self, question: Select[*Ts], **values: object) -> Sequence[Row[*Ts]]:
        return (await self._ask(question, values)).all()


class Across(Asking):
    """The operator's questions, over all companies."""


class Reading(Asking):
    """Questions about one company."""

    def __init__(self, ask: Ask, now: datetime, company: str) -> None:
        super().__init__(ask, now)
        self.company = company

    async def get(self, table: type[Mine], row_id: str, says: str) -> Mine:
        """The row, or Refused(`says`): of another company is as good as not there."""
        row = await self.first(_by_id(table), row_id=row_id)
        if row is None:
            raise Refused(says, row_id[:40])
        return row


class Writing(Reading):
    """Questions and changes. Changes are made by the unit of work alone: one hook sees every row touched."""

    def __init__(self, session: AsyncSession, now: datetime, company: str) -> None:
        super().__init__(session.execute, now, company)
        self._session = session

    async def add(self, row: R) -> R:
        """The row, flushed, so that what refers to it may follow. Refused as the broken constraint says."""
        self._session.add(row)
        await self.flush()
        return row

    async def add_all(self, rows: Sequence[Base]) -> None:
        """The same for many in one go."""
        self._session.add_all(rows)
        await self.flush()

    async def remove(self, row: Base) -> None:
        await self.remove_all([row])

    async def remove_all(self, rows: Sequence[Base]) -> None:
        for row in rows:
            await self._session.delete(row)
        await self.flush()

    async def flush(self) -> None:
        try:
            await self._session.flush()
        except IntegrityError as error:
            refused = refusal(error)
            if refused is None:
                raise
            raise refused from error


class House(Writing):
    """Questions and changes of what belongs to no company."""
