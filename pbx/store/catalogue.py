"""Questions about the catalogue: a company's redo log, an entry for each transaction that touched its rows."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from pbx.store import migrate
from pbx.store.logged import Image
from pbx.store.tables import CatalogueRow, CompanyRow
from pbx.store.tx import Across, Reading, Writing

FORMAT = 1
_HEAD = select(CatalogueRow.number, CatalogueRow.sha).order_by(CatalogueRow.number.desc()).limit(1)
_HEADS = select(
    CompanyRow.id,
    select(func.max(CatalogueRow.number)).where(CatalogueRow.company_id == CompanyRow.id).scalar_subquery(),
)
_AFTER = (
    select(CatalogueRow)
    .where(CatalogueRow.number > bindparam("after"))
    .order_by(CatalogueRow.number)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry; number 0 and no sha before the first one."""

    number: int = 0
    sha: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """`body` is what is kept: JSON with all of this but `sha`, which is its SHA-256, and with the rows."""

    number: int
    prev: str
    sha: str
    kind: str
    body: str


async def head(tx: Reading) -> Head:
    rows = await tx.rows(_HEAD)
    return Head(*rows[0]) if rows else Head()


async def heads(tx: Across) -> dict[str, int]:
    """The last entry's number, for every company that has one. Asked after each commit: from the end of the index for
    each, since a group would be counted through."""
    return {company: number for company, number in await tx.rows(_HEADS) if number is not None}


async def after(tx: Reading, number: int, most: int = 200) -> list[Entry]:
    """The entries behind that one, oldest first."""
    rows = await tx.all(_AFTER, after=number, most=most)
    return [Entry(row.number, row.prev, row.sha, row.kind, row.body) for row in rows]


def changes(entry: Entry) -> Sequence[Image]:
    """The rows that its transaction touched. A full image tells all there are, and changes none."""
    rows: Sequence[Image] = json.loads(entry.body)["rows"] if entry.kind == "change" else ()
    return rows


async def append(tx: Writing, images: Sequence[Image]) -> None:
    """The transaction's own entry. Nothing touched, no entry."""
    if not images:
        return
    last = await head(tx)
    entry = written(last, "change", tx.now.isoformat(), migrate.head(), images)
    await tx.add(
        CatalogueRow(
            company_id=tx.company, number=entry.number, prev=entry.prev, sha=entry.sha, kind=entry.kind,
            at=tx.now, body=entry.body,
        )
    )  # fmt: skip


async def first(tx: Reading) -> int:
    """The number of the oldest entry that is not forgotten; 0 if there is none."""
    return await tx.first(select(func.min(CatalogueRow.number)).select_from(CatalogueRow)) or 0


async def last_image(tx: Reading) -> int:
    """Its number; 0 if there is none."""
    question = select(func.max(CatalogueRow.number)).select_from(CatalogueRow).where(CatalogueRow.kind == "image")
    return await tx.first(question) or 0


async def since_image(tx: Reading) -> tuple[int, int, int]:
    """How many entries there are behind the last image, how many bytes they have, and how many the image has."""
    at = await last_image(tx)
    size = select(func.count(CatalogueRow.id), func.coalesce(func.sum(func.length(CatalogueRow.body)), 0))
    count, length = (await tx.rows(size.select_from(CatalogueRow).where(CatalogueRow.number > at)))[0]
    whole = await tx.first(
        select(func.length(CatalogueRow.body)).select_from(CatalogueRow).where(CatalogueRow.number == at)
    )
    return count, length, whole or 0


async def forget(tx: Writing, before: int, most: int = 200) -> int:
    """Removes entries below that number, which all copies of the vault hold. How many went."""
    question = select(CatalogueRow).where(CatalogueRow.number < before).order_by(CatalogueRow.number).limit(most)
    rows = await tx.all(question)
    for row in rows:
        await tx.remove(row)
    return len(rows)


def written(last: Head, kind: str, at: str, revision: str, images: Iterable[Image | list[Any]]) -> Entry:
    """The entry that follows `last`. Row by row, as one JSON object with sorted keys, of which `rows` is the last: an
    image of a whole company at once would take many times its length of memory, and stop our loop as long."""
    number = last.number + 1
    head = _json(
        {"format": FORMAT, "number": number, "prev": last.sha, "kind": kind, "at": at, "revision": revision}
    )  # fmt: skip
    body = f'{head[:-1]},"rows":[{",".join(map(_json, images))}]}}'
    return Entry(number, last.sha, hashlib.sha256(body.encode()).hexdigest(), kind, body)


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
