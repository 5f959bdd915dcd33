"""How people come in: accounts of users, operators, sessions, links by mail, wrong attempts, and the mail itself.

Only an account belongs to a company, and comes back with it from the vault. Everything else belongs to the house: it
must be found before anybody knows which company it is about, and is of no use to a database that was rebuilt.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pbx.store.tables.base import Base, Housed, Owned, owned, points_at, reference, unique


class AccountRow(Owned, Base):
    """A user's way in. `hash` is empty until the user has chosen a password. An address is one person's, everywhere."""

    __tablename__ = "account"
    __table_args__ = owned(
        points_at("user_id", "user"),
        unique("company_id", "user_id", says="account-there"),
        unique("email", says="email-taken"),
    )

    user_id: Mapped[str] = reference()
    email: Mapped[str] = mapped_column(String(254))
    hash: Mapped[str] = mapped_column(String(200), default="")
    set_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class OperatorRow(Housed, Base):
    """Somebody who runs the service: stands above the companies, and belongs to none."""

    __tablename__ = "operator"
    __table_args__ = (unique("email", says="email-taken"),)

    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254))
    hash: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime]


class SessionRow(Housed, Base):
    """A browser that is signed in. `secret` is the SHA-256 of what its cookie holds. `company_id` is the user's, or the
    one that an operator has entered, `reason` why."""

    __tablename__ = "session"
    __table_args__ = (
        unique("secret", says="session-busy"),
        CheckConstraint("kind IN ('user', 'operator')", name="kind"),
        Index(None, "person_id"),
    )

    secret: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[str] = reference()
    company_id: Mapped[str | None] = reference()
    reason: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(45))
    agent: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class LinkRow(Housed, Base):
    """A link that works once: to choose a password, or to make the first operator. `secret` as in a session."""

    __tablename__ = "link"
    __table_args__ = (
        unique("secret", says="link-used"),
        CheckConstraint("kind IN ('first', 'user', 'operator')", name="kind"),
        Index(None, "person_id"),
    )

    secret: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[str | None] = reference()
    company_id: Mapped[str | None] = reference()
    ends_at: Mapped[datetime]


class AttemptRow(Housed, Base):
    """Attempts, by whose account (a digest of the address that was typed, be there one or not), by whom, or from
    where."""

    __tablename__ = "attempt"
    __table_args__ = (unique("key", says="session-busy"),)

    key: Mapped[str] = mapped_column(String(80))
    count: Mapped[int]
    since: Mapped[datetime]
    last_at: Mapped[datetime]


class MailRow(Housed, Base):
    """A mail on its way. Once it has left, or was given up, its `body` is emptied: it may hold a link."""

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state"),
        Index(None, "state", "next_at"),
    )

    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8))
    tries: Mapped[int]
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(200), default="")
