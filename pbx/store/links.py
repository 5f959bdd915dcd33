"""Questions about links that work once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from pbx.errors import Refused
from pbx.store.tables import LinkRow
from pbx.store.tx import House, Reading

LinkKind = Literal["first", "user", "operator"]


@dataclass(frozen=True, slots=True)
class Link:
    """`first`: to make the first operator; else whose password it is for."""

    kind: LinkKind
    person: str | None
    company: str | None


async def put(
    tx: House, secret: str, kind: LinkKind, person: str | None, company: str | None, ends_at: datetime
) -> None:
    """It takes the place of any other link of that kind for that person."""
    question = select(LinkRow).where(LinkRow.kind == kind, LinkRow.person_id == person)
    await tx.remove_all(await tx.all(question))
    await tx.add(LinkRow(secret=secret, kind=kind, person_id=person, company_id=company, ends_at=ends_at))


async def get(tx: Reading, secret: str) -> Link:
    """Refused: `link-used`: it was, or is too old, or never was one."""
    row = await _row(tx, secret)
    return Link(row.kind, row.person_id, row.company_id)  # type: ignore[arg-type]


async def use(tx: House, secret: str) -> Link:
    """The same, once. Refused: `link-used`."""
    row = await _row(tx, secret)
    await tx.remove(row)
    return Link(row.kind, row.person_id, row.company_id)  # type: ignore[arg-type]


async def _row(tx: Reading, secret: str) -> LinkRow:
    row = await tx.first(select(LinkRow).where(LinkRow.secret == secret))
    if row is None or row.ends_at < tx.now:
        raise Refused("link-used")
    return row
