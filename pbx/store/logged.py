"""Which rows a transaction has touched, and what they are after it: one hook for all tables of a company.

A table is in the catalogue because it is listed in LOGGED; nothing has to be written for it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from pbx.store.bound import BoundSession
from pbx.store.tables import (
    AccountRow,
    Base,
    BrakeRow,
    CallJobRow,
    CompanyRow,
    EraseOrderRow,
    JobItemRow,
    LossRow,
    MailboxRow,
    MenuChoiceRow,
    MenuRow,
    MessageRow,
    NumberRow,
    PhoneRow,
    PictureRow,
    PinRow,
    PlaceRow,
    PronunciationRow,
    TakeRow,
    TextRow,
    UserNumberRow,
    UserRow,
    VersionRow,
    VoiceMessageRow,
)

_LOGGED = (
    CompanyRow, UserRow, UserNumberRow, PhoneRow, PinRow, MessageRow, TextRow, VersionRow, PlaceRow, MailboxRow,
    MenuRow, MenuChoiceRow, NumberRow, CallJobRow, JobItemRow, TakeRow, VoiceMessageRow, LossRow, EraseOrderRow,
    BrakeRow, PictureRow, PronunciationRow, AccountRow,
)  # fmt: skip
LOGGED = frozenset(table.__tablename__ for table in _LOGGED)
"""Not in it: the log of changes, which may name what has been erased; wrong PINs; browsers' phones of minutes; and the
catalogue itself."""

Image = tuple[str, str, dict[str, Any] | None]
"""Table, id, and the row's columns as the database has them; None: gone."""


@event.listens_for(BoundSession, "before_flush")
def _note(session: Session, context: Any, instances: Any) -> None:
    touched: dict[Base, bool] = session.info.setdefault("touched", {})
    for row in (*session.new, *session.dirty):
        if row.__tablename__ in LOGGED and session.is_modified(row):
            touched[row] = True
    for row in session.deleted:
        if row.__tablename__ in LOGGED:
            touched[row] = False


def after_images(session: Session) -> list[Image]:
    """Of every row that was flushed in this session, in the order in which they were touched first."""
    touched: dict[Base, bool] = session.info.get("touched", {})
    return [
        (row.__tablename__, row.id, dict(_columns(row)) if stays else None)  # type: ignore[attr-defined]
        for row, stays in touched.items()
    ]


def _columns(row: Base) -> Iterator[tuple[str, Any]]:
    for column in row.__table__.columns:
        yield column.name, stored(getattr(row, column.name))


def stored(value: Any) -> Any:
    """The value as SQLite keeps it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, bool):
        return int(value)
    return value
