"""Questions about objects of the vault: which of them rows use."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Integer, bindparam, select

from pbx.store.tables import PictureRow, VersionRow, VoiceMessageRow
from pbx.store.tx import Reading


@dataclass(frozen=True, slots=True)
class Used:
    """`of`: id of the version, voice message or picture. `since`: when it was made."""

    of: str
    sha256: str
    size: int
    since: datetime


_FROM: BindParameter[str] = bindparam("after")
_MOST = bindparam("most", type_=Integer)
_VERSIONS = (
    select(VersionRow.id, VersionRow.sha256, VersionRow.size, VersionRow.created_at)
    .where(VersionRow.id > _FROM)
    .order_by(VersionRow.id)
    .limit(_MOST)
)
_ORIGINALS = (
    select(VersionRow.id, VersionRow.original_sha256, VersionRow.original_size, VersionRow.created_at)
    .where(VersionRow.id > _FROM, VersionRow.original_sha256.is_not(None))
    .order_by(VersionRow.id)
    .limit(_MOST)
)
_VOICE = (
    select(VoiceMessageRow.id, VoiceMessageRow.sha256, VoiceMessageRow.size, VoiceMessageRow.at)
    .where(VoiceMessageRow.id > _FROM)
    .order_by(VoiceMessageRow.id)
    .limit(_MOST)
)
_PICTURES = (
    select(PictureRow.id, PictureRow.sha256, PictureRow.size, PictureRow.made_at)
    .where(PictureRow.id > _FROM)
    .order_by(PictureRow.id)
    .limit(_MOST)
)


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
