"""The message library: messages, their texts and versions, and the places that outlive all audio."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pbx.store.tables.base import Base, Owned, owned, points_at, reference, unique


class MessageRow(Owned, Base):
    """`deleted_at`: it is in no list any more, and can be brought back until it is erased."""

    __tablename__ = "message"
    __table_args__ = owned(
        unique("company_id", "number", says="message-number-taken"),
        unique("company_id", "name", says="message-name-taken"),
        Index(None, "changed_at"),
        Index(None, "company_id", "changed_at"),
    )

    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    changed_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class TextRow(Owned, Base):
    """A message in one language. `version_id` is what should be heard; `retired_id` what was before it was deleted.
    `revision` grows with each edit, so that the second of two who edit at once is told."""

    __tablename__ = "text"
    __table_args__ = owned(
        points_at("message_id", "message"),
        points_at("version_id", "version", back=True),
        points_at("retired_id", "version", back=True),
        unique("company_id", "message_id", "lang", says="text-taken"),
    )

    message_id: Mapped[str] = reference()
    lang: Mapped[str] = mapped_column(String(2))
    script: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=0)
    version_id: Mapped[str | None] = reference()
    retired_id: Mapped[str | None] = reference()
    changed_at: Mapped[datetime]


class VersionRow(Owned, Base):
    """One immutable take of a text's audio. The object in the vault is the whole take; `first` to `last` are the
    samples (at 16 kHz) that are heard. `number` counts in its text from 1; `notes` is what the judge remarked.
    `used_at`: when it became current first; `retired_at`: when its owner deleted it, or said no to it. `voice`: what
    spoke it, with rate and version; `script_sha256`: of the script as it was then. `original_…`: the file as it was
    uploaded, another object of the vault."""

    __tablename__ = "version"
    __table_args__ = owned(
        points_at("text_id", "text"),
        points_at("take_id", "take"),
        unique("company_id", "take_id", says="take-kept"),
        CheckConstraint("source IN ('call', 'upload', 'speech', 'import')", name="source"),
        CheckConstraint("first >= 0 AND last > first", name="cut"),
        Index(None, "company_id", "text_id"),
        Index(None, "company_id", "sha256"),
        Index(None, "company_id", "original_sha256"),
    )

    text_id: Mapped[str] = reference()
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    source: Mapped[str] = mapped_column(String(8))
    first: Mapped[int]
    last: Mapped[int]
    level_db: Mapped[float]
    made_by: Mapped[str] = mapped_column(String(120))
    from_number: Mapped[str] = mapped_column(String(16), default="")
    take_id: Mapped[str | None] = reference()
    interrupted: Mapped[bool]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    notes: Mapped[str] = mapped_column(Text, default="")
    voice: Mapped[str] = mapped_column(String(160), default="")
    script_sha256: Mapped[str] = mapped_column(String(64), default="")
    original_sha256: Mapped[str | None] = mapped_column(String(64))
    original_size: Mapped[int | None]


class PlaceRow(Owned, Base):
    """Something is heard here. It refers to a message, or to none yet, and never to audio."""

    __tablename__ = "place"
    __table_args__ = owned(
        points_at("message_id", "message"),
        unique("company_id", "kind", "slot", says="place-taken"),
        CheckConstraint("kind IN ('menu', 'mailbox', 'announcement')", name="kind"),
        Index(None, "company_id", "message_id"),
    )

    kind: Mapped[str] = mapped_column(String(16))
    slot: Mapped[str] = mapped_column(String(80))
    message_id: Mapped[str | None] = reference()
