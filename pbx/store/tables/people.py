"""Users, their numbers, phones and PINs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pbx.store.tables.base import Base, Owned, owned, points_at, reference, unique


class UserRow(Owned, Base):
    __tablename__ = "user"
    __table_args__ = owned(
        unique("company_id", "extension", says="extension-taken"),
        CheckConstraint("role IN ('user', 'admin')", name="role"),
    )

    name: Mapped[str] = mapped_column(String(80))
    extension: Mapped[str] = mapped_column(String(6))
    language: Mapped[str] = mapped_column(String(2))
    role: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]


class UserNumberRow(Owned, Base):
    """A number at which a user may be rung. Nobody is rung at a number that is not here."""

    __tablename__ = "user_number"
    __table_args__ = owned(
        points_at("user_id", "user"),
        unique("company_id", "e164", says="number-taken"),
        Index(None, "company_id", "user_id"),
    )

    user_id: Mapped[str] = reference()
    e164: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]


class PhoneRow(Owned, Base):
    """A SIP endpoint. `ha1` is the MD5 of user:realm:password; the password itself is nowhere in the database."""

    __tablename__ = "phone"
    __table_args__ = owned(
        points_at("user_id", "user"),
        unique("sip_user", says="phone-taken"),
        Index(None, "company_id", "user_id"),
    )

    user_id: Mapped[str] = reference()
    sip_user: Mapped[str] = mapped_column(String(32))
    ha1: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]


class BrowserPhoneRow(Owned, Base):
    """A SIP endpoint of minutes, for one page of a user who is signed in: `session_id` is where. It is not in the
    catalogue: a page that finds its phone gone asks for another one."""

    __tablename__ = "browser_phone"
    __table_args__ = owned(
        points_at("user_id", "user"),
        unique("sip_user", says="phone-taken"),
        Index(None, "company_id", "user_id"),
    )

    user_id: Mapped[str] = reference()
    session_id: Mapped[str] = reference()
    sip_user: Mapped[str] = mapped_column(String(32))
    ha1: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class PinRow(Owned, Base):
    __tablename__ = "pin"
    __table_args__ = owned(points_at("user_id", "user"), unique("company_id", "user_id", says="pin-busy"))

    user_id: Mapped[str] = reference()
    hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]


class PinFailureRow(Owned, Base):
    """Wrong PINs in a row for a mailbox, by who called; `caller` is empty for all callers from outside together."""

    __tablename__ = "pin_failure"
    __table_args__ = owned(
        points_at("mailbox_id", "mailbox"), unique("company_id", "mailbox_id", "caller", says="pin-busy")
    )

    mailbox_id: Mapped[str] = reference()
    caller: Mapped[str] = mapped_column(String(40))
    count: Mapped[int]
    last_at: Mapped[datetime]


class PictureRow(Owned, Base):
    """What a user looks like, or looked like before `retired_at`: an object of the vault."""

    __tablename__ = "picture"
    __table_args__ = owned(
        points_at("user_id", "user"),
        Index(
            "uq_picture_current", "company_id", "user_id", unique=True,
            sqlite_where=text("retired_at IS NULL"),
            info={"says": "picture-busy"},
        ),
        Index(None, "company_id", "sha256"),
    )  # fmt: skip

    user_id: Mapped[str] = reference()
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    made_by: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
