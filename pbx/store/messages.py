"""Questions about messages and their texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, bindparam, func, select

from pbx.errors import Refused
from pbx.store.tables import CompanyRow, MessageRow, PlaceRow, TextRow, VersionRow
from pbx.store.tx import Across, Reading, Writing
from pbx.store.values import Message, PlaceKind, Text
from pbx.store.versions import value as version

_WITH_TEXTS = (
    select(MessageRow, CompanyRow.language, TextRow, VersionRow)
    .join(CompanyRow, CompanyRow.id == MessageRow.company_id)
    .outerjoin(TextRow, TextRow.message_id == MessageRow.id)
    .outerjoin(VersionRow, VersionRow.id == TextRow.version_id)
)
_TEXT = select(TextRow).where(TextRow.message_id == bindparam("message_id"), TextRow.lang == bindparam("lang"))
_HERE = select(PlaceRow.message_id).where(PlaceRow.kind == bindparam("kind"), PlaceRow.slot == bindparam("slot"))
_HEARD = _WITH_TEXTS.where(MessageRow.id == bindparam("message_id"), MessageRow.deleted_at.is_(None))
_HEARD_AT = _WITH_TEXTS.where(MessageRow.id == _HERE.scalar_subquery())


@dataclass(frozen=True, slots=True)
class Heard:
    """What a player has to know about a message: its texts by language, and the company's language."""

    message: Message
    texts: Mapping[str, Text]
    language: str


async def add(tx: Writing, name: str, kind: str, number: int | None) -> Message:
    """Without a number it gets the next one. Refused: `message-name-taken`, `message-number-taken`."""
    if number is None:
        number = 1 + (await tx.first(select(func.max(MessageRow.number)).select_from(MessageRow)) or 0)
    row = MessageRow(company_id=tx.company, number=number, name=name, kind=kind, changed_at=tx.now)
    return value(await tx.add(row))


async def get(tx: Reading, message_id: str) -> Message:
    """Refused: `message-unknown`, `message-deleted`."""
    message = await even_deleted(tx, message_id)
    if message.deleted_at is not None:
        raise Refused("message-deleted", message.name)
    return message


async def even_deleted(tx: Reading, message_id: str) -> Message:
    """Refused: `message-unknown`."""
    return value(await tx.get(MessageRow, message_id, "message-unknown"))


async def by_name(tx: Reading, name: str) -> Message | None:
    """Also one that is deleted: it keeps its name and number until it is erased."""
    row = await tx.first(select(MessageRow).where(MessageRow.name == name))
    return None if row is None else value(row)


async def by_number(tx: Reading, number: int) -> Message | None:
    """Also one that is deleted."""
    row = await tx.first(select(MessageRow).where(MessageRow.number == number))
    return None if row is None else value(row)


async def set_deleted(tx: Writing, message_id: str, deleted: bool) -> Message:
    """In no list any more, or back in them."""
    row = await tx.get(MessageRow, message_id, "message-unknown")
    row.deleted_at, row.changed_at = tx.now if deleted else None, tx.now
    await tx.flush()
    return value(row)


async def rename(tx: Writing, message_id: str, name: str) -> None:
    """Refused: `message-name-taken`."""
    row = await tx.get(MessageRow, message_id, "message-unknown")
    row.name, row.changed_at = name, tx.now
    await tx.flush()


async def set_script(tx: Writing, message_id: str, lang: str, script: str) -> None:
    row = await tx.get(TextRow, await text_id(tx, message_id, lang), "message-unknown")
    row.script, row.changed_at = script, tx.now
    row.revision += 1
    await touched(tx, message_id)


async def text_id(tx: Writing, message_id: str, lang: str) -> str:
    """The message's text in that language, made if there was none."""
    row = await tx.first(_TEXT, message_id=message_id, lang=lang)
    if row is None:
        row = TextRow(company_id=tx.company, message_id=message_id, lang=lang, script="", changed_at=tx.now)
        await tx.add(row)
    return row.id


async def of_text(tx: Reading, text_id: str) -> str:
    """The message that this is a text of. Refused: `message-unknown`."""
    return str((await tx.get(TextRow, text_id, "message-unknown")).message_id)


async def heard(tx: Reading, message_id: str) -> Heard | None:
    """One statement: this is asked in a call."""
    return _heard(await tx.rows(_HEARD, message_id=message_id))


async def with_texts(tx: Reading, message_id: str) -> Heard:
    """Refused: `message-unknown`, `message-deleted`."""
    found = await heard(tx, message_id)
    if found is None:
        raise Refused("message-deleted", (await even_deleted(tx, message_id)).name)
    return found


async def heard_at(tx: Reading, kind: PlaceKind, slot: str) -> Heard | None:
    """The same for what is in a place. None: nothing is there."""
    return _heard(await tx.rows(_HEARD_AT, kind=kind, slot=slot))


def _heard(rows: Sequence[Row[MessageRow, str, TextRow, VersionRow]]) -> Heard | None:
    if not rows:
        return None
    texts = {row.lang: text(row, current) for _, _, row, current in rows if row is not None}  # type: ignore[redundant-expr]  # outer join
    return Heard(value(rows[0][0]), texts, rows[0][1])


async def page(tx: Reading, after: int, limit: int, *, deleted: bool = False) -> list[Heard]:
    """The messages numbered above `after`, with their texts, by number; the `deleted` ones, or those that are not.

    A page at a time, so that reading ten thousand of them never keeps a caller waiting.
    """
    which = MessageRow.deleted_at.is_not(None) if deleted else MessageRow.deleted_at.is_(None)
    question = select(MessageRow).where(MessageRow.number > after, which).order_by(MessageRow.number).limit(limit)
    return await _with_texts(tx, await tx.all(question))


async def numbers(tx: Reading) -> dict[str, int]:
    """By id, of all that are not deleted: some megabytes for ten thousand."""
    rows = await tx.rows(select(MessageRow.id, MessageRow.number).where(MessageRow.deleted_at.is_(None)))
    return {row[0]: row[1] for row in rows}


async def names(tx: Reading) -> dict[str, str]:
    """By id, of all that are not deleted, by name."""
    rows = await tx.rows(
        select(MessageRow.id, MessageRow.name).where(MessageRow.deleted_at.is_(None)).order_by(MessageRow.name)
    )
    return {row[0]: row[1] for row in rows}


async def changed(tx: Reading, since: datetime) -> Sequence[str]:
    """Ids of the messages that were changed since, and that are not deleted."""
    return await tx.all(select(MessageRow.id).where(MessageRow.changed_at >= since, MessageRow.deleted_at.is_(None)))


async def these(tx: Reading, ids: Sequence[str]) -> list[Heard]:
    """These messages (some hundred at a time), with their texts."""
    return await _with_texts(tx, await tx.all(select(MessageRow).where(MessageRow.id.in_(ids))))


async def _with_texts(tx: Reading, found: Sequence[MessageRow]) -> list[Heard]:
    if not found:
        return []
    language = await tx.first(select(CompanyRow.language)) or "sv"
    texts: dict[str, dict[str, Text]] = {row.id: {} for row in found}
    ours = select(TextRow, VersionRow).outerjoin(VersionRow, VersionRow.id == TextRow.version_id)
    for row, current in await tx.rows(ours.where(TextRow.message_id.in_(list(texts)))):
        texts[row.message_id][row.lang] = text(row, current)
    return [Heard(value(row), texts[row.id], language) for row in found]


async def companies_changed(tx: Across, since: datetime) -> set[str]:
    """The companies in which a message was changed since."""
    return set(await tx.all(select(MessageRow.company_id).where(MessageRow.changed_at >= since).distinct()))


async def touched(tx: Writing, message_id: str) -> None:
    """Somebody changed the message now."""
    (await tx.get(MessageRow, message_id, "message-unknown")).changed_at = tx.now
    await tx.flush()


def value(row: MessageRow) -> Message:
    return Message(row.id, row.number, row.name, row.kind, row.changed_at, row.deleted_at)


def text(row: TextRow, current: VersionRow | None) -> Text:
    return Text(
        row.id,
        row.message_id,
        row.lang,
        row.script,
        row.revision,
        None if current is None else version(current),
        row.retired_id,
        row.changed_at,
    )
