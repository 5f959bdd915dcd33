"""Companies, and the log of what was changed in them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pbx.store.ids import new_id
from pbx.store.tables.base import Base, Owned, owned, unique


class CompanyRow(Base):
    __tablename__ = "company"
    __table_args__ = (
        unique("name", says="company-name-taken"),
        unique("slug", says="company-name-taken"),
        CheckConstraint("outgoing IN ('all', 'checked', 'none')", name="outgoing"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(2))
    time_zone: Mapped[str] = mapped_column(String(64))
    outgoing: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]


class AuditRow(Owned, Base):
    """Append-only: triggers in the database refuse every change and removal (see the first migration)."""

    __tablename__ = "audit"
    __table_args__ = owned(Index(None, "company_id", "at"))

    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    details: Mapped[str] = mapped_column(Text)  # JSON


class PronunciationRow(Owned, Base):
    """How a word that no voice knows is to be said: a name, a brand."""

    __tablename__ = "pronunciation"
    __table_args__ = owned(unique("company_id", "lang", "word", says="pronunciation-busy"))

    lang: Mapped[str] = mapped_column(String(2))
    word: Mapped[str] = mapped_column(String(80))
    spoken: Mapped[str] = mapped_column(String(160))
