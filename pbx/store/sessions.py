"""Questions about sessions: who is signed in, where, and since when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, select

from pbx.store.tables import SessionRow
from pbx.store.tx import House, Reading

Kind = Literal["user", "operator"]
_BY_SECRET = select(SessionRow).where(SessionRow.secret == bindparam("secret"))
_BY_ID = select(SessionRow).where(SessionRow.id == bindparam("session_id"))


@dataclass(frozen=True, slots=True)
class Session:
    """`company`: the user's, or the one that an operator has entered for `reason`."""

    id: str
    kind: Kind
    person: str
    company: str | None
    reason: str
    address: str
    agent: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime


async def add(
    tx: House, secret: str, kind: Kind, person: str, company: str | None, address: str, agent: str, ends_at: datetime
) -> Session:
    row = SessionRow(
        secret=secret, kind=kind, person_id=person, company_id=company, reason="", address=address[:45],
        agent=agent[:200], created_at=tx.now, seen_at=tx.now, ends_at=ends_at,
    )  # fmt: skip
    return _value(await tx.add(row))


async def by_secret(tx: Reading, secret: str) -> Session | None:
    """Also one that has ended: `ends_at` says so."""
    row = await tx.first(_BY_SECRET, secret=secret)
    return None if row is None else _value(row)


async def of_person(tx: Reading, person: str) -> list[Session]:
    """Used last first."""
    question = select(SessionRow).where(SessionRow.person_id == person).order_by(SessionRow.seen_at.desc())
    return [_value(row) for row in await tx.all(question)]


async def seen(tx: House, session_id: str, ends_at: datetime) -> None:
    row = await tx.first(_BY_ID, session_id=session_id)
    if row is not None:
        row.seen_at, row.ends_at = tx.now, ends_at


async def enter(tx: House, session_id: str, company: str | None, reason: str) -> None:
    """An operator is in that company from now on; None: in none."""
    row = await tx.first(_BY_ID, session_id=session_id)
    if row is not None:
        row.company_id, row.reason = company, reason


async def end(tx: House, person: str, session_id: str | None = None, *, but: str | None = None) -> int:
    """One of the person's sessions, or all of them (`but` one). How many ended."""
    rows = await tx.all(select(SessionRow).where(SessionRow.person_id == person))
    gone = [row for row in rows if session_id in {None, row.id} and row.id != but]
    await tx.remove_all(gone)
    return len(gone)


async def forget_ended(tx: House) -> int:
    rows = await tx.all(select(SessionRow).where(SessionRow.ends_at < tx.now))
    await tx.remove_all(rows)
    return len(rows)


def _value(row: SessionRow) -> Session:
    return Session(
        row.id, row.kind, row.person_id, row.company_id, row.reason, row.address, row.agent,  # type: ignore[arg-type]
        row.created_at, row.seen_at, row.ends_at,
    )  # fmt: skip
