"""Mailboxes, what callers left in them, and takes: audio that is not yet a version or a voice message."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pbx.store.tables.base import Base, Owned, owned, points_at, reference, unique


class MailboxRow(Owned, Base):
    __tablename__ = "mailbox"
    __table_args__ = owned(
        points_at("user_id", "user"),
        points_at("greeting_id", "message"),
        unique("company_id", "user_id", says="mailbox-taken"),
    )

    user_id: Mapped[str] = reference()
    greeting_id: Mapped[str] = reference()
    max_messages: Mapped[int]
    max_s: Mapped[int]


class VoiceMessageRow(Owned, Base):
    __tablename__ = "voice_message"
    __table_args__ = owned(
        points_at("mailbox_id", "mailbox"),
        points_at("take_id", "take"),
        unique("company_id", "take_id", says="take-kept"),
        CheckConstraint("state IN ('new', 'kept', 'deleted')", name="state"),
        CheckConstraint("first >= 0 AND last > first", name="cut"),
        Index(None, "company_id", "mailbox_id", "state"),
        Index(None, "company_id", "sha256"),
    )

    mailbox_id: Mapped[str] = reference()
    caller_kind: Mapped[str] = mapped_column(String(10))
    caller_number: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8))
    deleted_at: Mapped[datetime | None]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    level_db: Mapped[float]
    lang: Mapped[str] = mapped_column(String(2))
    interrupted: Mapped[bool]
    take_id: Mapped[str] = reference()


class TakeRow(Owned, Base):
    """Exists before the first sample does. `file` is where it lies in the spool; `spooled` says that it still does.
    `waiting` is a good take that no copy of the vault has accepted yet."""

    __tablename__ = "take"
    __table_args__ = owned(
        points_at("text_id", "text"),
        points_at("mailbox_id", "mailbox"),
        points_at("job_id", "call_job"),
        unique("file", says="take-known"),
        CheckConstraint("state IN ('open', 'waiting', 'kept', 'rejected', 'replaced')", name="state"),
        CheckConstraint(
            "(kind = 'greeting' AND text_id IS NOT NULL AND mailbox_id IS NOT NULL)"
            " OR (kind = 'prompt' AND text_id IS NOT NULL AND job_id IS NOT NULL)"
            " OR (kind = 'voice' AND mailbox_id IS NOT NULL)",
            name="kind",
        ),
        Index(None, "spooled"),
    )

    kind: Mapped[str] = mapped_column(String(8))
    text_id: Mapped[str | None] = reference()
    mailbox_id: Mapped[str | None] = reference()
    job_id: Mapped[str | None] = reference()
    lang: Mapped[str] = mapped_column(String(2))
    channel: Mapped[str] = mapped_column(String(150))
    caller_kind: Mapped[str] = mapped_column(String(10))
    caller_number: Mapped[str] = mapped_column(String(16))
    made_by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    file: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8))
    spooled: Mapped[bool]
    interrupted: Mapped[bool]
    says: Mapped[str | None] = mapped_column(String(60))
    result_id: Mapped[str | None] = reference()
    seconds: Mapped[float]
    copies: Mapped[int]
