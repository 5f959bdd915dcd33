"""Attempts by what they are counted by: to come in, to get a link, to have something spoken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from pbx.store.tables import AttemptRow
from pbx.store.tx import House, Reading


@dataclass(frozen=True, slots=True)
class Attempts:
    """So many since then, the last one at `last_at`."""

    count: int
    since: datetime
    last_at: datetime


async def of(tx: Reading, keys: Sequence[str]) -> Mapping[str, Attempts]:
    rows = await tx.all(select(AttemptRow).where(AttemptRow.key.in_(keys)))
    return {row.key: Attempts(row.count, row.since, row.last_at) for row in rows}


async def count(tx: House, keys: Mapping[str, timedelta]) -> None:
    """One more for each key; counting begins anew once its time has passed since the first."""
    known = {row.key: row for row in await tx.all(select(AttemptRow).where(AttemptRow.key.in_(list(keys))))}
    for key, lasts in keys.items():
        row = known.get(key)
        if row is None:
            await tx.add(AttemptRow(key=key, count=1, since=tx.now, last_at=tx.now))
        elif tx.now - row.since > lasts:
            row.count, row.since, row.last_at = 1, tx.now, tx.now
        else:
            row.count, row.last_at = row.count + 1, tx.now
    await tx.flush()


async def forgive(tx: House, key: str) -> None:
    await tx.remove_all(await tx.all(select(AttemptRow).where(AttemptRow.key == key)))


async def forget(tx: House, before: datetime) -> int:
    """What is so old that it counts no more."""
    rows = await tx.all(select(AttemptRow).where(AttemptRow.last_at < before))
    await tx.remove_all(rows)
    return len(rows)
