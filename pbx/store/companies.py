"""Questions about companies."""

from sqlalchemy import select

from pbx.errors import Refused
from pbx.store.tables import CompanyRow
from pbx.store.tx import Asking, Reading, Writing
from pbx.store.values import Company, Outgoing

_THIS = select(CompanyRow)


async def add(tx: Writing, name: str, slug: str, language: str, time_zone: str, outgoing: Outgoing) -> Company:
    """The company for whose (new) id the transaction was begun."""
    row = CompanyRow(
        id=tx.company,
        name=name,
        slug=slug,
        language=language,
        time_zone=time_zone,
        outgoing=outgoing,
        created_at=tx.now,
    )
    return value(await tx.add(row))


async def this(tx: Reading) -> Company:
    row = await tx.first(_THIS)
    if row is None:
        raise Refused("company-unknown", tx.company)
    return value(row)


async def all_of_them(tx: Asking) -> list[Company]:
    """Oldest first: the first one is meant where none is named."""
    return [value(row) for row in await tx.all(select(CompanyRow).order_by(CompanyRow.id))]


def value(row: CompanyRow) -> Company:
    return Company(row.id, row.name, row.slug, row.language, row.time_zone, row.outgoing)  # type: ignore[arg-type]
