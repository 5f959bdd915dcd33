"""Transactions: what the modules of questions get in their hands. Rows stay inside; only values leave."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar, TypeVarTuple

from sqlalchemy import Row, Select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from pbx.errors import Refused
from pbx.store.refusals import refusal
from pbx.store.tables import Base

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
R = TypeVar("R", bound=Base)


class Asking:
    """Reads. `now` is one time for the whole transaction."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self.now = now

    async def first(self, question: Select[T]) -> T | None:
        return (await self._session.scalars(question)).first()

    async def all(self, question: Select[T]) -> Sequence[T]:
        return (await self._session.scalars(question)).all()

    async def rows(self, question: Select[*Ts]) -> Sequence[Row[*Ts]]:
        return (await self._session.execute(question)).all()


class Across(Asking):
    """The operator's questions, over all companies."""


class Reading(Asking):
    """Questions about one company."""

    def __init__(self, session: AsyncSession, now: datetime, company: str) -> None:
        super().__init__(session, now)
        self.company = company

    async def get(self, table: type[R], row_id: str, says: str) -> R:
        """The row, or Refused(`says`): of another company is as good as not there."""
        row = await self._session.get(table, row_id)
        if row is None:
            raise Refused(says, row_id[:40])
        return row


class Writing(Reading):
    """Questions and changes. Changes are made by the unit of work alone: one hook sees every row touched."""

    async def add(self, row: R) -> R:
        """The row, flushed, so that what refers to it may follow. Refused as the broken constraint says."""
        self._session.add(row)
        await self.flush()
        return row

    async def remove(self, row: Base) -> None:
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
