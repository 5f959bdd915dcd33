"""Questions about the phones of minutes that pages have."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from pbx.store.tables import BrowserPhoneRow
from pbx.store.tx import Asking, Reading, Writing
from pbx.store.values import BrowserPhone


async def add(tx: Writing, user_id: str, session: str, sip_user: str, ha1: str, ends_at: datetime) -> BrowserPhone:
    row = BrowserPhoneRow(
        company_id=tx.company, user_id=user_id, session_id=session, sip_user=sip_user, ha1=ha1, created_at=tx.now,
        ends_at=ends_at,
    )  # fmt: skip
    return _value(await tx.add(row))


async def get(tx: Reading, sip_user: str) -> BrowserPhone | None:
    """Unless its time is over."""
    row = await _row(tx, sip_user)
    return None if row is None or row.ends_at <= tx.now else _value(row)


async def lasting(tx: Asking) -> list[BrowserPhone]:
    """Those whose time is not over, oldest first."""
    question = select(BrowserPhoneRow).where(BrowserPhoneRow.ends_at > tx.now).order_by(BrowserPhoneRow.id)
    return [_value(row) for row in await tx.all(question)]


async def keep(tx: Writing, sip_user: str, ends_at: datetime) -> None:
    row = await _row(tx, sip_user)
    if row is not None:
        row.ends_at = ends_at


async def remove(tx: Writing, phones: Sequence[BrowserPhone]) -> None:
    names = [phone.sip_user for phone in phones]
    await tx.remove_all(await tx.all(select(BrowserPhoneRow).where(BrowserPhoneRow.sip_user.in_(names))))


async def over(tx: Asking) -> list[BrowserPhone]:
    """Those whose time is over."""
    return [_value(row) for row in await tx.all(select(BrowserPhoneRow).where(BrowserPhoneRow.ends_at <= tx.now))]


async def _row(tx: Reading, sip_user: str) -> BrowserPhoneRow | None:
    return await tx.first(select(BrowserPhoneRow).where(BrowserPhoneRow.sip_user == sip_user))


def _value(row: BrowserPhoneRow) -> BrowserPhone:
    return BrowserPhone(row.company_id, row.user_id, row.session_id, row.sip_user, row.ha1, row.ends_at)
