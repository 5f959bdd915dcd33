"""Questions about operators."""

from dataclasses import dataclass

from sqlalchemy import func, select

from pbx.errors import Refused
from pbx.store.tables import OperatorRow
from pbx.store.tx import Asking, House


@dataclass(frozen=True, slots=True)
class Operator:
    id: str
    name: str
    email: str
    language: str
    hash: str


async def add(tx: House, name: str, email: str, language: str, hashed: str) -> Operator:
    """Refused: `email-taken`."""
    row = OperatorRow(name=name, email=email, language=language, hash=hashed, created_at=tx.now)
    return _value(await tx.add(row))


async def by_email(tx: Asking, email: str) -> Operator | None:
    row = await tx.first(select(OperatorRow).where(OperatorRow.email == email))
    return None if row is None else _value(row)


async def get(tx: Asking, operator_id: str) -> Operator:
    """Refused: `account-unknown`."""
    return _value(await _row(tx, operator_id))


async def set_hash(tx: House, operator_id: str, hashed: str) -> None:
    (await _row(tx, operator_id)).hash = hashed
    await tx.flush()


async def set_language(tx: House, operator_id: str, language: str) -> None:
    (await _row(tx, operator_id)).language = language
    await tx.flush()


async def count(tx: Asking) -> int:
    return await tx.first(select(func.count(OperatorRow.id)).select_from(OperatorRow)) or 0


async def _row(tx: Asking, operator_id: str) -> OperatorRow:
    row = await tx.first(select(OperatorRow).where(OperatorRow.id == operator_id))
    if row is None:
        raise Refused("account-unknown")
    return row


def _value(row: OperatorRow) -> Operator:
    return Operator(row.id, row.name, row.email, row.language, row.hash)
