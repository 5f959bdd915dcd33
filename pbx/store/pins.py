"""PIN hashes, and the wrong attempts that make the next one wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pbx.store.tables import PinFailureRow, PinRow
from pbx.store.tx import Reading, Writing


@dataclass(frozen=True, slots=True)
class Failures:
    """So many wrong ones in a row, the last one then."""

    count: int
    last_at: datetime


OUTSIDE = ""
"""In place of a caller: everybody who calls from outside, together."""


async def hash_of(tx: Reading, user_id: str) -> str | None:
    row = await tx.first(select(PinRow).where(PinRow.user_id == user_id))
    return None if row is None else row.hash


async def put(tx: Writing, user_id: str, hashed: str) -> None:
    row = await tx.first(select(PinRow).where(PinRow.user_id == user_id))
    if row is None:
        await tx.add(PinRow(company_id=tx.company, user_id=user_id, hash=hashed, set_at=tx.now))
    else:
        row.hash, row.set_at = hashed, tx.now


async def set_at(tx: Reading) -> dict[str, datetime]:
    """By user who has one: since when."""
    return {row.user_id: row.set_at for row in await tx.all(select(PinRow))}


async def remove(tx: Writing, user_id: str) -> bool:
    row = await tx.first(select(PinRow).where(PinRow.user_id == user_id))
    if row is not None:
        await tx.remove(row)
    return row is not None


async def failures(tx: Reading, mailbox_id: str, callers: Sequence[str]) -> list[Failures]:
    return [Failures(row.count, row.last_at) for row in await _rows(tx, mailbox_id, callers)]


async def count(tx: Writing, mailbox_id: str, callers: Sequence[str]) -> None:
    """One more wrong attempt for each."""
    known = {row.caller: row for row in await _rows(tx, mailbox_id, callers)}
    for caller in callers:
        if caller in known:
            known[caller].count += 1
            known[caller].last_at = tx.now
        else:
            row = PinFailureRow(company_id=tx.company, mailbox_id=mailbox_id, caller=caller, count=1, last_at=tx.now)
            await tx.add(row)


async def forgive(tx: Writing, mailbox_id: str, callers: Sequence[str] | None = None) -> None:
    """For these callers, or for all."""
    for row in await _rows(tx, mailbox_id, callers):
        await tx.remove(row)


async def _rows(tx: Reading, mailbox_id: str, callers: Sequence[str] | None) -> Sequence[PinFailureRow]:
    question = select(PinFailureRow).where(PinFailureRow.mailbox_id == mailbox_id)
    return await tx.all(question if callers is None else question.where(PinFailureRow.caller.in_(callers)))
