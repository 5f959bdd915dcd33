"""Questions about accounts: whose an address is, and the hash of the password."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from pbx.errors import Refused
from pbx.store.tables import AccountRow
from pbx.store.tx import Across, Asking, Reading, Writing

_BY_EMAIL = select(AccountRow).where(AccountRow.email == bindparam("email"))
_OF_USER = select(AccountRow).where(AccountRow.user_id == bindparam("user_id"))


@dataclass(frozen=True, slots=True)
class Account:
    """`hash`: empty until its owner has chosen a password."""

    id: str
    company: str
    user: str
    email: str
    hash: str
    set_at: datetime | None


async def by_email(tx: Across, email: str) -> Account | None:
    row = await tx.first(_BY_EMAIL, email=email)
    return None if row is None else _value(row)


async def of_user(tx: Reading, user_id: str) -> Account | None:
    row = await tx.first(_OF_USER, user_id=user_id)
    return None if row is None else _value(row)


async def everybody(tx: Asking) -> list[Account]:
    rows: Sequence[AccountRow] = await tx.all(select(AccountRow))
    return [_value(row) for row in rows]


async def put(tx: Writing, user_id: str, email: str) -> Account:
    """The user's account, with that address from now on. Refused: `email-taken`."""
    row = await tx.first(_OF_USER, user_id=user_id)
    if row is None:
        row = await tx.add(AccountRow(company_id=tx.company, user_id=user_id, email=email, created_at=tx.now))
    row.email = email
    await tx.flush()
    return _value(row)


async def set_hash(tx: Writing, user_id: str, hashed: str) -> None:
    """Refused: `account-unknown`."""
    row = await tx.first(_OF_USER, user_id=user_id)
    if row is None:
        raise Refused("account-unknown", user_id[:40])
    row.hash, row.set_at = hashed, tx.now
    await tx.flush()


def _value(row: AccountRow) -> Account:
    return Account(row.id, row.company_id, row.user_id, row.email, row.hash or "", row.set_at)
