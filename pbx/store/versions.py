"""Questions about versions: what was recorded for a text, what is heard of it, and what its owner took back."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from pbx.errors import Refused
from pbx.store.tables import MessageRow, TextRow, VersionRow
from pbx.store.tx import Reading, Writing
from pbx.store.values import Original, Version

_EARLIER = (
    select(VersionRow)
    .where(
        VersionRow.text_id.in_(bindparam("texts", expanding=True)),
        VersionRow.used_at.is_not(None),
        VersionRow.retired_at.is_(None),
    )
    .order_by(VersionRow.id.desc())
)
_MOST = 5


async def earlier(tx: Reading, current: Version) -> list[Version]:
    """What was heard before `current`, latest first; nothing that its owner deleted or said no to."""
    return (await earlier_of(tx, [current]))[current.text]


async def earlier_of(tx: Reading, current: Sequence[Version]) -> dict[str, list[Version]]:
    """The same of some hundred, each of another text: by text."""
    found: dict[str, list[Version]] = {one.text: [] for one in current}
    newest = {one.text: one.id for one in current}
    for row in await tx.all(_EARLIER, texts=list(found)):
        if row.id < newest[row.text_id] and len(found[row.text_id]) < _MOST:
            found[row.text_id].append(value(row))
    return found


async def before(tx: Reading, sha256: str) -> list[Version]:
    """What was heard before the version that is now current with this object."""
    question = select(VersionRow).join(TextRow, TextRow.version_id == VersionRow.id).where(VersionRow.sha256 == sha256)
    row = await tx.first(question)
    return [] if row is None else await earlier(tx, value(row))


async def of_message(tx: Reading, message_id: str) -> list[Version]:
    """All of them, in all languages, newest first."""
    question = (
        select(VersionRow)
        .join(TextRow, TextRow.id == VersionRow.text_id)
        .where(TextRow.message_id == message_id)
        .order_by(VersionRow.id.desc())
    )
    return [value(row) for row in await tx.all(question)]


async def get(tx: Reading, version_id: str) -> Version:
    return value(await tx.get(VersionRow, version_id, "version-unknown"))


async def numbered(tx: Reading, text_id: str, number: int) -> Version:
    """Refused: `version-unknown`."""
    row = await tx.first(select(VersionRow).where(VersionRow.text_id == text_id, VersionRow.number == number))
    if row is None:
        raise Refused("version-unknown", str(number)[:20])
    return value(row)


async def of_take(tx: Reading, take_id: str) -> Version | None:
    row = await tx.first(select(VersionRow).where(VersionRow.take_id == take_id))
    return None if row is None else value(row)


async def use(tx: Writing, version_id: str) -> None:
    """Makes the version the one that should be heard."""
    row = await tx.get(VersionRow, version_id, "version-unknown")
    owner = await tx.get(TextRow, row.text_id, "version-unknown")
    row.used_at, row.retired_at = row.used_at or tx.now, None
    owner.version_id, owner.retired_id, owner.changed_at = row.id, None, tx.now
    owner.revision += 1
    await _touched(tx, owner.message_id)


async def turn_down(tx: Writing, version_id: str) -> None:
    """Its owner does not want it: it is offered no more. What is current cannot be turned down."""
    row = await tx.get(VersionRow, version_id, "version-unknown")
    owner = await tx.get(TextRow, row.text_id, "version-unknown")
    if owner.version_id == row.id:
        raise Refused("version-unknown")
    row.retired_at = tx.now
    await tx.flush()


async def retire(tx: Writing, message_id: str) -> int:
    """No text of the message has a version any more, until `restore`. How many had one."""
    rows = await tx.all(select(TextRow).where(TextRow.message_id == message_id, TextRow.version_id.is_not(None)))
    for row in rows:
        (await tx.get(VersionRow, row.version_id or "", "version-unknown")).retired_at = tx.now
        row.version_id, row.retired_id, row.changed_at = None, row.version_id, tx.now
        row.revision += 1
    if rows:
        await _touched(tx, message_id)
    return len(rows)


async def restore(tx: Writing, message_id: str) -> int:
    """Undoes `retire`, for texts that have got no other version since."""
    question = select(TextRow).where(
        TextRow.message_id == message_id, TextRow.retired_id.is_not(None), TextRow.version_id.is_(None)
    )
    rows = await tx.all(question)
    for row in rows:
        await use(tx, row.retired_id or "")
    return len(rows)


async def offered(tx: Reading, message_id: str) -> Version | None:
    """A take that was cut by a fault, is newer than what is heard, and that its owner has not answered for yet."""
    question = (
        select(VersionRow, TextRow.version_id)
        .join(TextRow, TextRow.id == VersionRow.text_id)
        .where(
            TextRow.message_id == message_id,
            VersionRow.interrupted.is_(True),
            VersionRow.used_at.is_(None),
            VersionRow.retired_at.is_(None),
        )
        .order_by(VersionRow.id.desc())
        .limit(1)
    )
    rows = await tx.rows(question)
    if not rows or (rows[0][1] is not None and rows[0][1] > rows[0][0].id):
        return None
    return value(rows[0][0])


async def _touched(tx: Writing, message_id: str) -> None:
    (await tx.get(MessageRow, message_id, "message-unknown")).changed_at = tx.now
    await tx.flush()


def value(row: VersionRow) -> Version:
    return Version(
        id=row.id,
        text=row.text_id,
        number=row.number,
        sha256=row.sha256,
        size=row.size,
        source=row.source,  # type: ignore[arg-type]
        first=row.first,
        last=row.last,
        level_db=row.level_db,
        made_by=row.made_by,
        from_number=row.from_number,
        interrupted=row.interrupted,
        created_at=row.created_at,
        used_at=row.used_at,
        retired_at=row.retired_at,
        notes=row.notes,
        voice=row.voice,
        script_sha256=row.script_sha256,
        original=Original(row.original_sha256, row.original_size or 0) if row.original_sha256 else None,
    )
