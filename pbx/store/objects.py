"""Questions about objects of the vault: which of them rows use."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select

from pbx.store.tables import PictureRow, VersionRow, VoiceMessageRow
from pbx.store.tx import Reading


@dataclass(frozen=True, slots=True)
class Used:
    """`of`: id of the version, voice message or picture. `since`: when it was made."""

    of: str
    sha256: str
    size: int
    since: datetime


def _behind(row: Any, sha256: Any, size: Any, since: Any) -> Select[Any, Any, Any, Any]:
    """Those behind the id `after`, `most` of them."""
    return (
        select(row.id, sha256, size, since)
        .where(row.id > bindparam("after"))
        .order_by(row.id)
        .limit(bindparam("most", type_=Integer))
    )


_VERSIONS = _behind(VersionRow, VersionRow.sha256, VersionRow.size, VersionRow.created_at)
_ORIGINALS = _behind(VersionRow, VersionRow.original_sha256, VersionRow.original_size, VersionRow.created_at).where(
    VersionRow.original_sha256.is_not(None)
)
_VOICE = _behind(VoiceMessageRow, VoiceMessageRow.sha256, VoiceMessageRow.size, VoiceMessageRow.at)
_PICTURES = _behind(PictureRow, PictureRow.sha256, PictureRow.size, PictureRow.made_at)


async def used(tx: Reading, after: str, most: int) -> list[Used]:
    """What versions use, by their ids, behind that one; what is deleted and not erased too. Columns only, since all of
    a company is asked for every half minute."""
    return _values(await tx.rows(_VERSIONS, after=after, most=most))


async def used_as_original(tx: Reading, after: str, most: int) -> list[Used]:
    """The files that versions were uploaded as."""
    return _values(await tx.rows(_ORIGINALS, after=after, most=most))


async def used_by_voice(tx: Reading, after: str, most: int) -> list[Used]:
    """The same of voice messages."""
    return _values(await tx.rows(_VOICE, after=after, most=most))


async def used_by_picture(tx: Reading, after: str, most: int) -> list[Used]:
    """The same of users' pictures."""
    return _values(await tx.rows(_PICTURES, after=after, most=most))


def _values(rows: Any) -> list[Used]:
    return [Used(*row) for row in rows]
