"""The log of changes: written, read, and never changed."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from pbx.store.tables import AuditRow
from pbx.store.tx import Reading, Writing
from pbx.store.values import AuditEntry


async def write(tx: Writing, actor: str, action: str, subject: str, **details: Any) -> None:
    """`actor`: who, as in "cli:root" or "call:201". In the transaction of the change itself, or it is worthless."""
    text = json.dumps(details, ensure_ascii=False, sort_keys=True, default=str)
    await tx.add(
        AuditRow(
            company_id=tx.company, at=tx.now, actor=actor[:120], action=action[:60], subject=subject[:120], details=text
        )
    )


async def recent(tx: Reading, limit: int) -> list[AuditEntry]:
    """Newest first."""
    return await page(tx, "", limit)


async def page(tx: Reading, before: str, limit: int) -> list[AuditEntry]:
    """The next ones that are older than the entry `before`; without one, the newest."""
    question = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    rows = await tx.all(question.where(AuditRow.id < before) if before else question)
    return [_value(row) for row in rows]


async def who_at(tx: Reading, at: datetime) -> str | None:
    """Who made the change of that very moment, which is the same for all that one transaction writes."""
    return await tx.first(select(AuditRow.actor).where(AuditRow.at == at).order_by(AuditRow.id.desc()).limit(1))


async def who(tx: Reading, moments: Sequence[datetime]) -> Mapping[datetime, str]:
    """The same for some hundred."""
    rows = await tx.rows(select(AuditRow.at, AuditRow.actor).where(AuditRow.at.in_(moments)).order_by(AuditRow.id))
    return {row[0]: row[1] for row in rows}


def _value(row: AuditRow) -> AuditEntry:
    return AuditEntry(row.id, row.at, row.actor, row.action, row.subject, json.loads(row.details))
