"""Questions for the list of messages: of each row only what a list shows, some hundred rows at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from pbx.store.tables import LossRow, MessageRow, TextRow
from pbx.store.tx import Reading

_PAGE = 400  # read in some 10 ms, during which no call goes on
_MESSAGES = (
    select(
        MessageRow.id, MessageRow.number, MessageRow.name, MessageRow.kind, MessageRow.changed_at, MessageRow.deleted_at
    )
    .where(MessageRow.id > bindparam("after"))
    .order_by(MessageRow.id)
    .limit(_PAGE)
)
_TEXTS = select(TextRow.id, TextRow.message_id, TextRow.script, TextRow.version_id).where(
    TextRow.message_id.in_(bindparam("ids", expanding=True))
)
_LOSSES = select(LossRow.id, LossRow.of_id, LossRow.how).where(LossRow.healed_at.is_(None), LossRow.lost.is_(True))


@dataclass(frozen=True, slots=True)
class MessageLine:
    number: int
    name: str
    kind: str
    changed: datetime
    deleted: bool


@dataclass(frozen=True, slots=True)
class TextLine:
    """`version`: the current one, or None."""

    message: str
    script: str
    version: str | None


@dataclass(frozen=True, slots=True)
class LossLine:
    """`of`: a version whose audio no copy has. `how`: missing or corrupt."""

    of: str
    how: str


async def messages(tx: Reading, after: str) -> dict[str, MessageLine]:
    """By id, the next ones behind that id; the deleted ones, too."""
    rows = await tx.rows(_MESSAGES, after=after)
    return {
        row_id: MessageLine(number, name, kind, changed, deleted is not None)
        for row_id, number, name, kind, changed, deleted in rows
    }


async def texts(tx: Reading, ids: Sequence[str]) -> dict[str, TextLine]:
    """By id, of these messages."""
    rows = await tx.rows(_TEXTS, ids=list(ids))
    return {row_id: TextLine(message, script, version) for row_id, message, script, version in rows}


async def losses(tx: Reading) -> dict[str, LossLine]:
    """By id, what is open and no copy has."""
    return {row_id: LossLine(of, how) for row_id, of, how in await tx.rows(_LOSSES)}
