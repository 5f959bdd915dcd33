"""Questions about menus and the company's numbers."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, bindparam, select

from pbx.errors import Refused
from pbx.rules.numbers import Number
from pbx.store.tables import MenuChoiceRow, MenuRow, NumberRow
from pbx.store.tables.routes import Aimed
from pbx.store.tx import Asking, Reading, Writing
from pbx.store.values import CompanyNumber, Menu, NumberKind, Target

_MENU = (
    select(MenuRow, MenuChoiceRow)
    .outerjoin(MenuChoiceRow, MenuChoiceRow.menu_id == MenuRow.id)
    .where(MenuRow.id == bindparam("menu_id"))
    .order_by(MenuChoiceRow.digit)
)
# Columns, and not rows that the session keeps track of: a company may have ten thousand, and all are asked for at once.
_NUMBERS = select(
    NumberRow.id, NumberRow.company_id, NumberRow.e164, NumberRow.kind, NumberRow.menu_id, NumberRow.user_id,
    NumberRow.mailbox_id, NumberRow.language,
).order_by(NumberRow.id)  # fmt: skip
_COLUMN = {
    "menu": "aim_menu_id",
    "extension": "aim_extension",
    "mailbox": "aim_mailbox_id",
    "message": "aim_message_id",
}


async def add(tx: Writing, name: str, tries: int, timeout_s: float, fallback: Target) -> Menu:
    """Refused: `menu-name-taken`."""
    row = MenuRow(company_id=tx.company, name=name, tries=tries, timeout_s=timeout_s)
    _aim(row, fallback)
    return _menu(await tx.add(row), {})


async def change(tx: Writing, menu_id: str, name: str, tries: int, timeout_s: float, fallback: Target) -> None:
    """Refused: `menu-unknown`, `menu-name-taken`."""
    row = await tx.get(MenuRow, menu_id, "menu-unknown")
    row.name, row.tries, row.timeout_s = name, tries, timeout_s
    _aim(row, fallback)
    await tx.flush()


async def remove_choices(tx: Writing, menu_id: str, but: Collection[str]) -> None:
    """All keys but these lead nowhere any more."""
    rows = await tx.all(select(MenuChoiceRow).where(MenuChoiceRow.menu_id == menu_id))
    await tx.remove_all([row for row in rows if row.digit not in but])


async def set_choice(tx: Writing, menu_id: str, digit: str, target: Target) -> None:
    question = select(MenuChoiceRow).where(MenuChoiceRow.menu_id == menu_id, MenuChoiceRow.digit == digit)
    row = await tx.first(question)
    if row is not None:
        _aim(row, target)
        await tx.flush()
        return
    row = MenuChoiceRow(company_id=tx.company, menu_id=menu_id, digit=digit)
    _aim(row, target)
    await tx.add(row)


async def get(tx: Reading, menu_id: str) -> Menu | None:
    """One statement: this is asked in a call."""
    rows = await tx.rows(_MENU, menu_id=menu_id)
    if not rows:
        return None
    return _menu(rows[0][0], {choice.digit: _target(choice) for _, choice in rows if choice is not None})  # type: ignore[redundant-expr]  # outer join


async def all_of_them(tx: Reading) -> list[Menu]:
    """By name."""
    choices: dict[str, dict[str, Target]] = {}
    for row in await tx.all(select(MenuChoiceRow).order_by(MenuChoiceRow.digit)):
        choices.setdefault(row.menu_id, {})[row.digit] = _target(row)
    return [_menu(row, choices.get(row.id, {})) for row in await tx.all(select(MenuRow).order_by(MenuRow.name))]


async def lead_to(tx: Writing, before: str, extension: str) -> None:
    """What led to the one extension leads to the other."""
    rows: list[Aimed] = [
        *await tx.all(select(MenuRow).where(MenuRow.aim_extension == before)),
        *await tx.all(select(MenuChoiceRow).where(MenuChoiceRow.aim_extension == before)),
    ]
    for row in rows:
        row.aim_extension = extension
    await tx.flush()


async def add_number(
    tx: Writing, number: Number, kind: NumberKind, target: str | None, mailbox: str | None, language: str | None
) -> CompanyNumber:
    """`target`: id of the menu or user; for "mailbox" it is `mailbox`. Refused: `number-taken` (by any company)."""
    row = NumberRow(company_id=tx.company, e164=number.e164)
    _lead(row, kind, target, mailbox, language)
    return number_value(await tx.add(row))


async def lead_number(
    tx: Writing, number: Number, kind: NumberKind, target: str | None, mailbox: str | None, language: str | None
) -> CompanyNumber:
    """Somewhere else from now on, as `add_number` has it. Refused: `company-number-unknown`."""
    row = await _of_ours(tx, number)
    _lead(row, kind, target, mailbox, language)
    await tx.flush()
    return number_value(row)


async def remove_number(tx: Writing, number: Number) -> None:
    """Refused: `company-number-unknown`."""
    await tx.remove(await _of_ours(tx, number))


async def numbers(tx: Asking) -> list[CompanyNumber]:
    return [number_value(row) for row in await tx.rows(_NUMBERS)]


async def number(tx: Reading, e164: str) -> CompanyNumber | None:
    row = await tx.first(select(NumberRow).where(NumberRow.e164 == e164))
    return None if row is None else number_value(row)


async def _of_ours(tx: Reading, number: Number) -> NumberRow:
    row = await tx.first(select(NumberRow).where(NumberRow.e164 == number.e164))
    if row is None:
        raise Refused("company-number-unknown", number.e164)
    return row


def _lead(row: NumberRow, kind: NumberKind, target: str | None, mailbox: str | None, language: str | None) -> None:
    row.kind, row.language = kind, language
    row.menu_id = target if kind == "menu" else None
    row.user_id = target if kind == "user" else None
    row.mailbox_id = target if kind == "mailbox" else mailbox


def number_value(row: NumberRow | Row[*tuple[Any, ...]]) -> CompanyNumber:
    target = {"menu": row.menu_id, "user": row.user_id, "mailbox": row.mailbox_id}.get(row.kind)
    kind: NumberKind = row.kind  # type: ignore[assignment]
    return CompanyNumber(row.id, row.company_id, Number(row.e164), kind, target, row.mailbox_id, row.language)


def _menu(row: MenuRow, choices: Mapping[str, Target]) -> Menu:
    return Menu(row.id, row.name, row.tries, row.timeout_s, MappingProxyType(dict(choices)), _target(row))


def _aim(row: Aimed, target: Target) -> None:
    row.aim = target.kind
    for kind, column in _COLUMN.items():
        setattr(row, column, target.value if kind == target.kind else None)


def _target(row: Aimed) -> Target:
    column = _COLUMN.get(row.aim)
    return Target(row.aim, "" if column is None else getattr(row, column))  # type: ignore[arg-type]
