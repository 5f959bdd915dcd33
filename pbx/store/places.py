"""Questions about places, in which messages are heard."""

from sqlalchemy import select

from pbx.store.tables import PlaceRow
from pbx.store.tx import Reading, Writing
from pbx.store.values import Place, PlaceKind


async def put(tx: Writing, kind: PlaceKind, slot: str, message_id: str | None) -> Place:
    """Makes the place if it is new, and puts the message (or none) there."""
    row = await tx.first(select(PlaceRow).where(PlaceRow.kind == kind, PlaceRow.slot == slot))
    if row is None:
        row = await tx.add(PlaceRow(company_id=tx.company, kind=kind, slot=slot, message_id=message_id))
    row.message_id = message_id
    await tx.flush()
    return _value(row)


async def of(tx: Reading, message_id: str | None = None) -> list[Place]:
    """Where the message is; without one, all places of the company."""
    question = select(PlaceRow).order_by(PlaceRow.kind, PlaceRow.slot)
    if message_id is not None:
        question = question.where(PlaceRow.message_id == message_id)
    return [_value(row) for row in await tx.all(question)]


def _value(row: PlaceRow) -> Place:
    return Place(row.id, row.kind, row.slot, row.message_id)  # type: ignore[arg-type]
