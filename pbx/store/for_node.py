"""What a call node must know of all companies to let phones register and calls find their way."""

from dataclasses import dataclass

from sqlalchemy import select

from pbx.store.tables import CompanyRow, MailboxRow, NumberRow, PhoneRow, UserRow
from pbx.store.tx import Across


@dataclass(frozen=True, slots=True)
class NodeCompany:
    id: str
    language: str
    outgoing: str


@dataclass(frozen=True, slots=True)
class NodeUser:
    id: str
    company: str
    name: str
    extension: str
    language: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class NodePhone:
    company: str
    user: str
    sip_user: str
    ha1: str


@dataclass(frozen=True, slots=True)
class NodeNumber:
    company: str
    e164: str
    kind: str
    target: str
    mailbox: str
    language: str


@dataclass(frozen=True, slots=True)
class NodeRows:
    companies: tuple[NodeCompany, ...]
    users: tuple[NodeUser, ...]
    phones: tuple[NodePhone, ...]
    numbers: tuple[NodeNumber, ...]


async def everything(tx: Across) -> NodeRows:
    """All rows, in the order of their ids, at one point in time."""
    companies = await tx.rows(select(CompanyRow.id, CompanyRow.language, CompanyRow.outgoing).order_by(CompanyRow.id))
    users = await tx.rows(
        select(
            UserRow.id, UserRow.company_id, UserRow.name, UserRow.extension, UserRow.language, MailboxRow.id
        )
        .join(MailboxRow, (MailboxRow.company_id == UserRow.company_id) & (MailboxRow.user_id == UserRow.id))
        .order_by(UserRow.id)
    )  # fmt: skip
    phones = await tx.rows(
        select(PhoneRow.company_id, PhoneRow.user_id, PhoneRow.sip_user, PhoneRow.ha1).order_by(PhoneRow.id)
    )
    numbers = await tx.rows(
        select(
            NumberRow.company_id, NumberRow.e164, NumberRow.kind, NumberRow.menu_id, NumberRow.user_id,
            NumberRow.mailbox_id, NumberRow.language,
        ).order_by(NumberRow.id)
    )  # fmt: skip
    return NodeRows(
        tuple(NodeCompany(*row) for row in companies),
        tuple(NodeUser(*row) for row in users),
        tuple(NodePhone(*row) for row in phones),
        tuple(
            NodeNumber(company, e164, kind, menu or user or mailbox or "", mailbox or "", language or "")
            for company, e164, kind, menu, user, mailbox, language in numbers
        ),
    )
