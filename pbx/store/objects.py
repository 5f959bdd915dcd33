"""Questions about objects of the vault: which of them rows use."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from pbx.store.tables import VersionRow, VoiceMessageRow
from pbx.store.tx import Reading


@dataclass(frozen=True, slots=True)
class Used:
    """`of`: id of the version or voice message. `since`: when it was recorded."""

    of: str
    sha256: str
    size: int
    since: datetime


async def used(tx: Reading, after: str, most: int) -> list[Used]:
    """What versions use, by their ids, behind that one; what is deleted and not erased too. Columns only, since all of
    a company is asked for every half minute."""
    question = (
        select(VersionRow.id, VersionRow.sha256, VersionRow.size, VersionRow.created_at)
        .where(VersionRow.id > after)
        .order_by(VersionRow.id)
        .limit(most)
    )
    return _values(await tx.rows(question))


async def used_by_voice(tx: Reading, after: str, most: int) -> list[Used]:
    """The same of voice messages."""
    question = (
        select(VoiceMessageRow.id, VoiceMessageRow.sha256, VoiceMessageRow.size, VoiceMessageRow.at)
        .where(VoiceMessageRow.id > after)
        .order_by(VoiceMessageRow.id)
        .limit(most)
    )
    return _values(await tx.rows(question))


def _values(rows: Any) -> list[Used]:
    return [Used(*row) for row in rows]
