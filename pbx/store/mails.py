"""Questions about mail on its way."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pbx.store.tables import MailRow
from pbx.store.tx import House, Reading


@dataclass(frozen=True, slots=True)
class Mail:
    """`body`: plain text; empty once it has left or was given up."""

    id: str
    recipient: str
    subject: str
    body: str
    state: str
    tries: int
    next_at: datetime
    fault: str


async def add(tx: House, recipient: str, subject: str, body: str) -> str:
    row = MailRow(
        recipient=recipient, subject=subject, body=body, state="waiting", tries=0, created_at=tx.now, next_at=tx.now,
        sent_at=None, fault="",
    )  # fmt: skip
    return (await tx.add(row)).id


async def waiting(tx: Reading, limit: int = 20) -> list[Mail]:
    """What should leave first, first; also what should leave later."""
    question = select(MailRow).where(MailRow.state == "waiting").order_by(MailRow.next_at).limit(limit)
    return [_value(row) for row in await tx.all(question)]


async def sent(tx: House, mail_id: str) -> None:
    row = await _row(tx, mail_id)
    row.state, row.sent_at, row.body, row.tries = "sent", tx.now, "", row.tries + 1


async def later(tx: House, mail_id: str, at: datetime, fault: str) -> None:
    row = await _row(tx, mail_id)
    row.next_at, row.fault, row.tries = at, fault[:200], row.tries + 1


async def failed(tx: House, mail_id: str, fault: str) -> None:
    """It is tried no more."""
    row = await _row(tx, mail_id)
    row.state, row.fault, row.body, row.tries = "failed", fault[:200], "", row.tries + 1


async def _row(tx: House, mail_id: str) -> MailRow:
    return (await tx.all(select(MailRow).where(MailRow.id == mail_id)))[0]


def _value(row: MailRow) -> Mail:
    return Mail(row.id, row.recipient, row.subject, row.body, row.state, row.tries, row.next_at, row.fault)
