"""Questions about erase orders: what is to be unlinked, how far each order has come, and what was erased for good.

An order goes one way: ordered; begun, while copies unlink its object; cleared, when all of them have, and nothing here
names the object any more; obeyed, when the catalogue has begun anew in every copy.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from pbx.errors import Refused
from pbx.store import catalogue, removing
from pbx.store.erased import digest
from pbx.store.ids import new_id
from pbx.store.orders import Order, Steps, put_steps, steps_of, value
from pbx.store.tables import EraseOrderRow, LossRow
from pbx.store.tx import Across, Asking, Writing

_OPEN = select(EraseOrderRow).where(EraseOrderRow.obeyed_at.is_(None)).order_by(EraseOrderRow.id)


async def add(
    tx: Writing, sha256: str | None, *, because: str, by: str, published: Iterable[str] = (), spool: Iterable[str] = ()
) -> None:
    """An order for an object, or for rows and files alone. One that was obeyed before begins anew."""
    name = digest(tx.company, sha256 or new_id())
    row = await _by_digest(tx, name) or EraseOrderRow(company_id=tx.company, digest=name)
    row.sha256, row.because, row.ordered_by = sha256, because[:20], by[:120]
    row.ordered_at, row.obeyed_at = tx.now, None
    put_steps(row, Steps(published=tuple(published), spool=tuple(spool)))
    await tx.add(row)


async def lift(tx: Writing, sha256: str) -> bool:
    """The same bytes are legitimately there again, so nothing keeps them out any more; in the transaction that writes
    their row. True: a copy may have unlinked them, so put them once more after this transaction, before anything is
    called saved. Refused `erase-ordered`: they are being unlinked at this moment; a minute later it goes."""
    row = await _by_digest(tx, digest(tx.company, sha256))
    if row is None:
        return False
    steps = steps_of(row)
    if steps.begun:
        raise Refused("erase-ordered")
    if row.obeyed_at is not None:
        await tx.remove(row)
    else:
        await _let_go(tx, row)
    return bool(steps.copies)


async def companies(tx: Across) -> list[str]:
    """In which orders are open."""
    return sorted(set(await tx.all(_OPEN.with_only_columns(EraseOrderRow.company_id))))


async def open_orders(tx: Asking) -> list[Order]:
    """Not obeyed by all yet; oldest first."""
    return [value(row) for row in await tx.all(_OPEN)]


async def begin(tx: Writing, ids: Collection[str]) -> list[Order]:
    """Those (some hundred) whose object may be unlinked now; of one that a row uses again, rows and files go only."""
    rows = [row for row in await _these(tx, ids) if row.sha256 is not None]
    used = await removing.used(tx, [row.sha256 or "" for row in rows])
    for row in rows:
        if row.sha256 in used:
            await _let_go(tx, row)
        else:
            put_steps(row, replace(steps_of(row), begun=True))
    await tx.flush()
    return [value(row) for row in rows if row.sha256 is not None]


async def unlinked(tx: Writing, copies: Mapping[str, Collection[str]]) -> None:
    """By order (some hundred): which copies have obeyed, besides those that had before."""
    for row in await _these(tx, copies):
        steps = steps_of(row)
        put_steps(row, replace(steps, begun=False, copies=tuple(sorted({*steps.copies, *copies[row.id]}))))
    await tx.flush()


async def clear(tx: Writing, ids: Collection[str]) -> None:
    """No copy has their objects (some hundred) any more, so nothing names them from this transaction's entry on."""
    entry = (await catalogue.head(tx)).number + 1
    rows = await _these(tx, ids)
    digests = {row.sha256: row.digest for row in rows}
    for line in await tx.all(select(LossRow).where(LossRow.sha256.in_(list(digests)))):
        line.sha256 = digests[line.sha256]
    for row in rows:
        row.sha256 = None
        put_steps(row, replace(steps_of(row), cleared=entry))
    await tx.flush()


async def obeyed(tx: Writing, ids: Collection[str]) -> None:
    """By every copy, catalogue included."""
    for row in await _these(tx, ids):
        row.obeyed_at = tx.now
        put_steps(row, Steps(copies=steps_of(row).copies))
    await tx.flush()


async def _let_go(tx: Writing, row: EraseOrderRow) -> None:
    """It is about the object no longer; what else went with it still leaves the catalogue."""
    row.digest, row.sha256 = digest(tx.company, row.id), None
    put_steps(row, replace(steps_of(row), begun=False, published=()))
    await tx.flush()


async def _these(tx: Writing, ids: Collection[str]) -> Sequence[EraseOrderRow]:
    return await tx.all(_OPEN.where(EraseOrderRow.id.in_(list(ids))))


async def _by_digest(tx: Writing, name: str) -> EraseOrderRow | None:
    return await tx.first(select(EraseOrderRow).where(EraseOrderRow.digest == name))
