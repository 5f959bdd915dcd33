"""Questions about users, their numbers and phones."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from pbx.rules.numbers import Number
from pbx.store.tables import BrowserPhoneRow, MailboxRow, PhoneRow, UserNumberRow, UserRow
from pbx.store.tx import Asking, Reading, Writing
from pbx.store.values import Phone, Role, User, UserNumber

_BY_EXTENSION = select(UserRow).where(UserRow.extension == bindparam("extension"))
_CALLING = (
    select(UserRow).join(PhoneRow, PhoneRow.user_id == UserRow.id).where(PhoneRow.sip_user == bindparam("sip_user"))
)

_CALLING_BY_BROWSER = (
    select(UserRow)
    .join(BrowserPhoneRow, BrowserPhoneRow.user_id == UserRow.id)
    .where(BrowserPhoneRow.sip_user == bindparam("sip_user"))
)


async def add(tx: Writing, name: str, extension: str, language: str, role: Role) -> User:
    """Refused: `extension-taken`."""
    row = UserRow(
        company_id=tx.company, name=name, extension=extension, language=language, role=role, created_at=tx.now
    )
    return value(await tx.add(row))


async def get(tx: Reading, user_id: str) -> User:
    return value(await tx.get(UserRow, user_id, "user-unknown"))


async def set_language(tx: Writing, user_id: str, language: str) -> None:
    (await tx.get(UserRow, user_id, "user-unknown")).language = language
    await tx.flush()


async def change(tx: Writing, user_id: str, name: str, extension: str, role: Role) -> User:
    """Refused: `user-unknown`, `extension-taken`."""
    row = await tx.get(UserRow, user_id, "user-unknown")
    row.name, row.extension, row.role = name, extension, role
    await tx.flush()
    return value(row)


async def all_numbers(tx: Reading) -> dict[str, list[UserNumber]]:
    """By user who has any; oldest first."""
    found: dict[str, list[UserNumber]] = {}
    for row in await tx.all(select(UserNumberRow).order_by(UserNumberRow.id)):
        found.setdefault(row.user_id, []).append(_number(row))
    return found


async def by_extension(tx: Reading, extension: str) -> User | None:
    row = await tx.first(_BY_EXTENSION, extension=extension)
    return None if row is None else value(row)


async def calling(tx: Reading, sip_user: str) -> User | None:
    """Whose phone it is, be it one in a browser."""
    row = await tx.first(_CALLING, sip_user=sip_user) or await tx.first(_CALLING_BY_BROWSER, sip_user=sip_user)
    return None if row is None else value(row)


async def everybody(tx: Asking) -> list[User]:
    """By extension."""
    return [value(row) for row in await tx.all(select(UserRow).order_by(UserRow.company_id, UserRow.extension))]


async def add_number(tx: Writing, user_id: str, number: Number) -> UserNumber:
    """Refused: `number-taken`."""
    row = UserNumberRow(company_id=tx.company, user_id=user_id, e164=number.e164, created_at=tx.now)
    return _number(await tx.add(row))


async def remove_number(tx: Writing, user_id: str, number: Number) -> bool:
    question = select(UserNumberRow).where(UserNumberRow.user_id == user_id, UserNumberRow.e164 == number.e164)
    row = await tx.first(question)
    if row is None:
        return False
    await tx.remove(row)
    return True


async def numbers(tx: Reading, user_id: str) -> list[UserNumber]:
    question = select(UserNumberRow).where(UserNumberRow.user_id == user_id).order_by(UserNumberRow.id)
    return [_number(row) for row in await tx.all(question)]


async def owner(tx: Reading, number: Number) -> User | None:
    """The user for whom this number was entered."""
    question = (
        select(UserRow)
        .join(UserNumberRow, UserNumberRow.user_id == UserRow.id)
        .where(UserNumberRow.e164 == number.e164)
    )
    row = await tx.first(question)
    return None if row is None else value(row)


async def greeted_by(tx: Reading, message_id: str) -> User | None:
    """Whose greeting the message is."""
    question = (
        select(UserRow).join(MailboxRow, MailboxRow.user_id == UserRow.id).where(MailboxRow.greeting_id == message_id)
    )
    row = await tx.first(question)
    return None if row is None else value(row)


async def greeters(tx: Reading) -> dict[str, str]:
    """By greeting (a message): the name of whose it is."""
    question = select(MailboxRow.greeting_id, UserRow.name).join(UserRow, MailboxRow.user_id == UserRow.id)
    return {str(greeting): str(name) for greeting, name in await tx.rows(question)}


async def add_phone(tx: Writing, user_id: str, sip_user: str, ha1: str, label: str) -> Phone:
    row = PhoneRow(company_id=tx.company, user_id=user_id, sip_user=sip_user, ha1=ha1, label=label, created_at=tx.now)
    return _phone(await tx.add(row))


async def phones(tx: Asking, user_id: str | None = None) -> list[Phone]:
    """A user's, or everybody's."""
    question = select(PhoneRow).order_by(PhoneRow.id)
    rows: Sequence[PhoneRow] = await tx.all(
        question if user_id is None else question.where(PhoneRow.user_id == user_id)
    )
    return [_phone(row) for row in rows]


def value(row: UserRow) -> User:
    return User(row.id, row.company_id, row.name, row.extension, row.language, row.role)  # type: ignore[arg-type]


def _number(row: UserNumberRow) -> UserNumber:
    return UserNumber(row.id, row.user_id, Number(row.e164))


def _phone(row: PhoneRow) -> Phone:
    return Phone(row.id, row.company_id, row.user_id, row.sip_user, row.ha1, row.label)
