"""Questions about the brake: what went lately, and whether anything more may go."""

from datetime import datetime

from sqlalchemy import func, select

from pbx.rules.brake import BrakeState
from pbx.store.tables import BrakeRow, EraseOrderRow, MessageRow, PictureRow, TextRow, VersionRow, VoiceMessageRow
from pbx.store.tx import Across, Reading, Writing

_ROW = select(BrakeRow)
_VERSIONS = select(func.count(VersionRow.id)).select_from(VersionRow)
_VOICE = select(func.count(VoiceMessageRow.id)).select_from(VoiceMessageRow)
_PICTURES = select(func.count(PictureRow.id)).select_from(PictureRow)
_ORDERS = select(func.count(EraseOrderRow.id)).select_from(EraseOrderRow)
_OF_MESSAGES = (
    select(MessageRow.id, func.count(VersionRow.id))
    .outerjoin(TextRow, TextRow.message_id == MessageRow.id)
    .outerjoin(VersionRow, VersionRow.text_id == TextRow.id)
    .group_by(MessageRow.id)
)


async def state(tx: Reading) -> BrakeState:
    row = await tx.first(_ROW)
    return BrakeState() if row is None else _value(row)


async def stopped(tx: Across) -> dict[str, BrakeState]:
    """By company: where nothing goes until the operator has said yes."""
    rows = await tx.all(_ROW.where(BrakeRow.stopped_at.is_not(None)).order_by(BrakeRow.company_id))
    return {row.company_id: _value(row) for row in rows}


async def objects(tx: Reading) -> int:
    """How many recordings and pictures the company has, deleted ones included."""
    return sum([await tx.first(question) or 0 for question in (_VERSIONS, _VOICE, _PICTURES)])


async def gone(tx: Reading, since: datetime) -> int:
    """What was deleted and not brought back, and what was ordered to be erased."""
    deleted = await tx.rows(_OF_MESSAGES.where(MessageRow.deleted_at > since))
    return sum(max(1, count) for _, count in deleted) + (
        await tx.first(_ORDERS.where(EraseOrderRow.ordered_at > since)) or 0
    )


async def weight(tx: Reading, *message_ids: str) -> int:
    """What the messages count: each its versions, or one."""
    rows = await tx.rows(_OF_MESSAGES.where(MessageRow.id.in_(message_ids)))
    return sum(max(1, count) for _, count in rows)


async def stop(tx: Writing, because: str) -> None:
    """What was the reason first stays so."""
    row = await _row(tx)
    if row.stopped_at is None:
        row.stopped_at, row.because = tx.now, because[:200]
        await tx.flush()


async def release(tx: Writing, until: datetime, by: str) -> None:
    row = await _row(tx)
    row.stopped_at, row.because, row.released_until, row.released_by = None, "", until, by[:120]
    await tx.flush()


async def _row(tx: Writing) -> BrakeRow:
    return await tx.first(_ROW) or await tx.add(BrakeRow(company_id=tx.company))


def _value(row: BrakeRow) -> BrakeState:
    return BrakeState(row.stopped_at, row.because, row.released_until, row.released_by)
