"""Questions about mailboxes and voice messages."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, bindparam, func, or_, select

from pbx.errors import Refused
from pbx.store.callers import caller, columns
from pbx.store.tables import MailboxRow, UserRow, VoiceMessageRow
from pbx.store.tx import Across, Asking, Reading, Writing
from pbx.store.values import Audio, Mailbox, Take, VoiceMessage, VoiceState, Waiting

_MOST = 300
_MAILBOXES = select(MailboxRow, UserRow.language).join(UserRow, UserRow.id == MailboxRow.user_id)
_BY_ID = _MAILBOXES.where(MailboxRow.id == bindparam("mailbox_id"))
_BY_USER = _MAILBOXES.where(MailboxRow.user_id == bindparam("user_id"))
_COUNT = (
    select(func.count(VoiceMessageRow.id))
    .select_from(VoiceMessageRow)
    .where(
        VoiceMessageRow.mailbox_id == bindparam("mailbox_id"),
        VoiceMessageRow.state.in_(bindparam("states", expanding=True)),
    )
)
_WAITING = (
    select(
        VoiceMessageRow.mailbox_id,
        func.count().filter(VoiceMessageRow.state == "new"),
        func.count().filter(VoiceMessageRow.state == "kept"),
    )
    .where(VoiceMessageRow.state.in_(("new", "kept")))
    .group_by(VoiceMessageRow.company_id, VoiceMessageRow.mailbox_id)
)
_NOT_DELETED = (
    select(VoiceMessageRow)
    .where(VoiceMessageRow.mailbox_id == bindparam("mailbox_id"), VoiceMessageRow.state.in_(("new", "kept")))
    .order_by(VoiceMessageRow.at.desc(), VoiceMessageRow.id.desc())
)


async def add(tx: Writing, user_id: str, greeting_id: str, max_messages: int, max_s: int) -> Mailbox:
    """Refused: `mailbox-taken`."""
    row = MailboxRow(
        company_id=tx.company, user_id=user_id, greeting_id=greeting_id, max_messages=max_messages, max_s=max_s
    )
    await tx.add(row)
    return await get(tx, row.id)


async def get(tx: Reading, mailbox_id: str) -> Mailbox:
    return _one(await tx.rows(_BY_ID, mailbox_id=mailbox_id), mailbox_id)


async def of_user(tx: Reading, user_id: str) -> Mailbox:
    return _one(await tx.rows(_BY_USER, user_id=user_id), user_id)


async def all_of_them(tx: Asking) -> list[Mailbox]:
    rows = await tx.rows(_MAILBOXES.order_by(MailboxRow.id))
    return [_value(row, language) for row, language in rows]


async def count(tx: Reading, mailbox_id: str, *states: VoiceState) -> int:
    return await tx.first(_COUNT, mailbox_id=mailbox_id, states=states) or 0


async def waiting(tx: Across) -> dict[str, Waiting]:
    """By mailbox, of those in which there is a message. The index has all that is asked for."""
    return {box: Waiting(new, kept) for box, new, kept in await tx.rows(_WAITING)}


async def every_id(tx: Across) -> Sequence[str]:
    return await tx.all(select(MailboxRow.id).order_by(MailboxRow.id))


async def new_counts(tx: Reading) -> dict[str, int]:
    """By mailbox that holds any."""
    question = (
        select(VoiceMessageRow.mailbox_id, func.count(VoiceMessageRow.id))
        .where(VoiceMessageRow.state == "new")
        .group_by(VoiceMessageRow.mailbox_id)
    )
    return dict(await tx.rows(question))


async def messages(tx: Reading, mailbox_id: str) -> list[VoiceMessage]:
    """What is not deleted, newest first."""
    return [value(row) for row in await tx.all(_NOT_DELETED, mailbox_id=mailbox_id)]


async def messages_and_deleted(tx: Reading, mailbox_id: str, since: datetime) -> list[VoiceMessage]:
    """The same, and among them what has been deleted since then."""
    question = (
        select(VoiceMessageRow)
        .where(
            VoiceMessageRow.mailbox_id == mailbox_id,
            or_(VoiceMessageRow.state.in_(("new", "kept")), VoiceMessageRow.deleted_at >= since),
        )
        .order_by(VoiceMessageRow.at.desc(), VoiceMessageRow.id.desc())
        .limit(_MOST)
    )
    return [value(row) for row in await tx.all(question)]


async def holds(tx: Reading, mailbox_id: str, sha256: str) -> bool:
    """Whether a message with this audio is, or was, in the mailbox."""
    question = select(VoiceMessageRow.id).where(
        VoiceMessageRow.mailbox_id == mailbox_id, VoiceMessageRow.sha256 == sha256
    )
    return await tx.first(question) is not None


async def message(tx: Reading, voice_id: str) -> VoiceMessage:
    return value(await tx.get(VoiceMessageRow, voice_id, "message-unknown"))


async def add_message(tx: Writing, take: Take, audio: Audio, *, interrupted: bool) -> VoiceMessage:
    """The take as a new message of its mailbox, left when it was recorded. Refused: `take-kept`."""
    row = VoiceMessageRow(
        company_id=tx.company,
        mailbox_id=take.owner,
        at=take.at,
        state="new",
        sha256=audio.sha256,
        size=audio.size,
        first=audio.first,
        last=audio.last,
        level_db=audio.level_db,
        lang=take.lang,
        interrupted=interrupted,
        take_id=take.id,
        **columns(take.caller),
    )
    return value(await tx.add(row))


async def of_take(tx: Reading, take_id: str) -> VoiceMessage | None:
    row = await tx.first(select(VoiceMessageRow).where(VoiceMessageRow.take_id == take_id))
    return None if row is None else value(row)


async def mark(tx: Writing, voice_id: str, state: VoiceState) -> VoiceMessage:
    row = await tx.get(VoiceMessageRow, voice_id, "message-unknown")
    row.state, row.deleted_at = state, tx.now if state == "deleted" else None
    await tx.flush()
    return value(row)


def _one(rows: Sequence[Row[MailboxRow, str]], asked: str) -> Mailbox:
    if not rows:
        raise Refused("mailbox-unknown", asked[:40])
    return _value(*rows[0])


def _value(row: MailboxRow, language: str) -> Mailbox:
    return Mailbox(row.id, row.company_id, row.user_id, language, row.max_messages, row.max_s, row.greeting_id)


def value(row: VoiceMessageRow) -> VoiceMessage:
    return VoiceMessage(
        id=row.id,
        company=row.company_id,
        mailbox=row.mailbox_id,
        caller=caller(row.caller_kind, row.caller_number),
        at=row.at,
        state=row.state,  # type: ignore[arg-type]
        sha256=row.sha256,
        size=row.size,
        first=row.first,
        last=row.last,
        lang=row.lang,
        interrupted=row.interrupted,
        deleted_at=row.deleted_at,
    )
