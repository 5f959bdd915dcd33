"""The tables. A module for each part of the house; importing this package makes all of them known."""

from pbx.store.tables.access import AccountRow, AttemptRow, LinkRow, MailRow, OperatorRow, SessionRow
from pbx.store.tables.base import Base, Housed, Owned
from pbx.store.tables.catalogue import CatalogueRow
from pbx.store.tables.companies import AuditRow, CompanyRow, PronunciationRow
from pbx.store.tables.jobs import CallJobRow, JobItemRow
from pbx.store.tables.losses import BrakeRow, EraseOrderRow, LossRow
from pbx.store.tables.mailboxes import MailboxRow, TakeRow, VoiceMessageRow
from pbx.store.tables.messages import MessageRow, PlaceRow, TextRow, VersionRow
from pbx.store.tables.people import (
    BrowserPhoneRow,
    PhoneRow,
    PictureRow,
    PinFailureRow,
    PinRow,
    UserNumberRow,
    UserRow,
)
from pbx.store.tables.routes import MenuChoiceRow, MenuRow, NumberRow

__all__ = [
    "AccountRow",
    "AttemptRow",
    "AuditRow",
    "Base",
    "BrakeRow",
    "BrowserPhoneRow",
    "CallJobRow",
    "CatalogueRow",
    "CompanyRow",
    "EraseOrderRow",
    "Housed",
    "JobItemRow",
    "LinkRow",
    "LossRow",
    "MailRow",
    "MailboxRow",
    "MenuChoiceRow",
    "MenuRow",
    "MessageRow",
    "NumberRow",
    "OperatorRow",
    "Owned",
    "PhoneRow",
    "PictureRow",
    "PinFailureRow",
    "PinRow",
    "PlaceRow",
    "PronunciationRow",
    "SessionRow",
    "TakeRow",
    "TextRow",
    "UserNumberRow",
    "UserRow",
    "VersionRow",
    "VoiceMessageRow",
]
