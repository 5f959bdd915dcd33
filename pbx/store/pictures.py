"""Questions about users' pictures: the one that is shown, and those that can still be brought back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pbx.store.tables import PictureRow
from pbx.store.tx import Reading, Writing

_CURRENT = select(PictureRow).where(PictureRow.retired_at.is_(None))
_RETIRED = (
    select(PictureRow)
    .where(PictureRow.retired_at.is_not(None))
    .order_by(PictureRow.retired_at.desc(), PictureRow.id.desc())
)


@dataclass(frozen=True, slots=True)
class Picture:
    """`sha256`, `size`: of the object in the vault. `retired_at`: when it was replaced or removed."""

    id: str
    user: str
    sha256: str
    size: int
    made_by: str
    made_at: datetime
    retired_at: datetime | None


async def current(tx: Reading) -> list[Picture]:
    """Of all users who have one."""
    return [value(row) for row in await tx.all(_CURRENT)]


async def of_user(tx: Reading, user_id: str) -> list[Picture]:
    """The one that is shown, if there is one, and those before it, latest first."""
    shown: Sequence[PictureRow] = await tx.all(_CURRENT.where(PictureRow.user_id == user_id))
    return [value(row) for row in (*shown, *await tx.all(_RETIRED.where(PictureRow.user_id == user_id)))]


async def put(tx: Writing, user_id: str, sha256: str, size: int, by: str) -> Picture:
    """Shown from now on; the one before is retired. The same once more changes nothing."""
    shown = await _shown(tx, user_id)
    if shown is not None and shown.sha256 == sha256:
        return value(shown)
    await retire(tx, user_id)
    row = PictureRow(company_id=tx.company, user_id=user_id, sha256=sha256, size=size, made_by=by[:120], made_at=tx.now)
    return value(await tx.add(row))


async def retire(tx: Writing, user_id: str) -> bool:
    """False if none is shown."""
    row = await _shown(tx, user_id)
    if row is not None:
        row.retired_at = tx.now
        await tx.flush()
    return row is not None


async def restore(tx: Writing, user_id: str) -> bool:
    """The one that was retired last is shown again, in the place of what is shown now. False if there is none."""
    row = await tx.first(_RETIRED.where(PictureRow.user_id == user_id))
    if row is None:
        return False
    await retire(tx, user_id)
    row.retired_at = None
    await tx.flush()
    return True


async def _shown(tx: Reading, user_id: str) -> PictureRow | None:
    return await tx.first(_CURRENT.where(PictureRow.user_id == user_id))


def value(row: PictureRow) -> Picture:
    return Picture(row.id, row.user_id, row.sha256, row.size, row.made_by, row.made_at, row.retired_at)
