"""Where a message is heard: one question, asked of one message or of all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Row, Select, bindparam, func, literal, select, union

from pbx.store.tables import MailboxRow, MenuChoiceRow, MenuRow, PlaceRow, UserRow
from pbx.store.tx import Reading

_ID_LENGTH = 36
_OWNER = func.substr(PlaceRow.slot, 1, _ID_LENGTH)
_NAME = func.coalesce(MenuRow.name, UserRow.extension, "")

_WAYS = (
    (
        PlaceRow.message_id,
        select(PlaceRow.message_id.label("message"), PlaceRow.kind, _NAME.label("name"), PlaceRow.slot)
        .outerjoin(MenuRow, MenuRow.id == _OWNER)
        .outerjoin(MailboxRow, MailboxRow.id == _OWNER)
        .outerjoin(UserRow, UserRow.id == MailboxRow.user_id),
    ),
    (
        MenuChoiceRow.aim_message_id,
        select(
            MenuChoiceRow.aim_message_id, literal("menu"), MenuRow.name, literal("/key ").concat(MenuChoiceRow.digit)
        ).join(MenuRow, MenuRow.id == MenuChoiceRow.menu_id),
    ),
    (MenuRow.aim_message_id, select(MenuRow.aim_message_id, literal("menu"), MenuRow.name, literal("/fallback"))),
    (
        MailboxRow.greeting_id,
        select(MailboxRow.greeting_id, literal("mailbox"), UserRow.extension, literal("/greeting")).join(
            UserRow, UserRow.id == MailboxRow.user_id
        ),
    ),
)


def _in_order(found: CompoundSelect[Any]) -> Select[str, str, str, str]:
    """Message, kind, name and slot."""
    all_ways = found.subquery()
    return select(all_ways).order_by(all_ways.c.kind, all_ways.c.name, all_ways.c.slot)


_EVERYWHERE = _in_order(union(*(way.where(message.is_not(None)) for message, way in _WAYS)))
_OF_THESE = _in_order(union(*(way.where(message.in_(bindparam("ids", expanding=True))) for message, way in _WAYS)))
_OF_ONE = _in_order(union(*(way.where(message == bindparam("message_id")) for message, way in _WAYS)))


@dataclass(frozen=True, slots=True)
class Use:
    """`owner`: a menu's name or a user's extension, if it belongs to one. `slot`: "welcome", "key 3", "fallback"."""

    kind: str
    owner: str
    slot: str

    def __str__(self) -> str:
        """As people see it: `menu Huvudmeny/welcome`."""
        return f"{self.kind} {self.owner}/{self.slot}" if self.owner else f"{self.kind} {self.slot}"


async def used(tx: Reading, message_id: str) -> Sequence[Use]:
    """Places, keys and fallbacks of menus, and the mailbox whose greeting it is."""
    return _found(await tx.rows(_OF_ONE, message_id=message_id)).get(message_id, ())


async def everywhere(tx: Reading) -> Mapping[str, Sequence[Use]]:
    """The same for every message of the company that is used."""
    return _found(await tx.rows(_EVERYWHERE))


async def of_these(tx: Reading, ids: Sequence[str]) -> Mapping[str, Sequence[Use]]:
    """The same for these (some hundred) messages."""
    return _found(await tx.rows(_OF_THESE, ids=list(ids)))


def _found(rows: Sequence[Row[str, str, str, str]]) -> dict[str, list[Use]]:
    found: dict[str, list[Use]] = {}
    for message, kind, name, slot in rows:
        uses = found.setdefault(message, [])
        use = Use(kind, name, slot.partition("/")[2] if name else slot)
        if use not in uses:  # a greeting is in its place and its mailbox names it, too
            uses.append(use)
    return found
