"""Questions about the ledger: what was found gone or damaged, whose it is, and whether it is whole again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from sqlalchemy import bindparam, func, or_, select

from pbx.store.tables import (
    LossRow,
    MailboxRow,
    MessageRow,
    PictureRow,
    TextRow,
    UserRow,
    VersionRow,
    VoiceMessageRow,
)
from pbx.store.tx import Asking, Reading, Writing

How = Literal["missing", "corrupt"]
_LINES = select(LossRow, VersionRow.number).outerjoin(VersionRow, VersionRow.id == LossRow.of_id)
_OPEN_OF = _LINES.where(LossRow.healed_at.is_(None), LossRow.of_id.in_(bindparam("ids", expanding=True)))
_OPEN_WITH = select(LossRow).where(LossRow.healed_at.is_(None), LossRow.sha256.in_(bindparam("names", expanding=True)))
_PAGE = _LINES.where(LossRow.id > bindparam("after")).order_by(LossRow.id).limit(bindparam("most"))
_TOLD = (MessageRow.kind, MessageRow.name, TextRow.lang)
_VERSIONS = (
    select(VersionRow.id, MessageRow.id, VersionRow.sha256, *_TOLD, VersionRow.number)
    .join(TextRow, TextRow.id == VersionRow.text_id)
    .join(MessageRow, MessageRow.id == TextRow.message_id)
    .where(VersionRow.sha256.in_(bindparam("names", expanding=True)))
)
_ORIGINALS = (
    select(VersionRow.id, MessageRow.id, VersionRow.original_sha256, MessageRow.name, TextRow.lang)
    .join(TextRow, TextRow.id == VersionRow.text_id)
    .join(MessageRow, MessageRow.id == TextRow.message_id)
    .where(VersionRow.original_sha256.in_(bindparam("names", expanding=True)))
)
_VOICE = (
    select(VoiceMessageRow.id, MailboxRow.id, VoiceMessageRow.sha256, UserRow.name, VoiceMessageRow.lang)
    .join(MailboxRow, MailboxRow.id == VoiceMessageRow.mailbox_id)
    .join(UserRow, UserRow.id == MailboxRow.user_id)
    .where(VoiceMessageRow.sha256.in_(bindparam("names", expanding=True)))
)
_PICTURES = (
    select(PictureRow.id, UserRow.id, PictureRow.sha256, UserRow.name)
    .join(UserRow, UserRow.id == PictureRow.user_id)
    .where(PictureRow.sha256.in_(bindparam("names", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Use:
    """A version, voice message or picture (`of`) whose bytes are the object, and the message, mailbox or user
    (`subject`) that it belongs to. `kind`: the message's, "original", "voice" or "picture"; the file that a version
    was uploaded as has a line of its own, by `original_id`. `name`: the message's, or the user's.
    `lang`: empty for a picture. `number`: the version's."""

    of: str
    subject: str
    sha256: str
    kind: str
    name: str
    lang: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """An object that is not what it was in `copies` (names). `lost`: no other copy has it. `proved_at`: when it was
    last seen whole."""

    sha256: str
    how: How
    lost: bool
    copies: tuple[str, ...]
    proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Loss:
    """A line of the ledger: `Use` and `Found`, as they were at the worst. `heard`: what callers hear instead.
    `number`: None where there is no version, or once it is erased. `healed_from`: a copy, or why it is closed."""

    id: str
    company: str
    sha256: str
    of: str
    subject: str
    kind: str
    name: str
    lang: str
    how: How
    lost: bool
    copies: tuple[str, ...]
    heard: str
    found_at: datetime
    proved_at: datetime | None
    healed_at: datetime | None
    healed_from: str
    number: int | None


async def uses(tx: Reading, names: Sequence[str]) -> list[Use]:
    """By which rows these objects (some hundred) are used."""
    found = [Use(*row) for row in await tx.rows(_VERSIONS, names=names)]
    voice = await tx.rows(_VOICE, names=names)
    found += [Use(of, box, sha256, "voice", owner, lang, None) for of, box, sha256, owner, lang in voice]
    originals = await tx.rows(_ORIGINALS, names=names)
    found += [
        Use(original_id(of), message, sha256 or "", "original", name, lang, None)
        for of, message, sha256, name, lang in originals
    ]
    pictures = await tx.rows(_PICTURES, names=names)
    return found + [Use(of, user, sha256, "picture", name, "", None) for of, user, sha256, name in pictures]


def original_id(version_id: str) -> str:
    """What the ledger calls the uploaded file of a version, which may be lost while the version is heard as ever."""
    return str(uuid5(UUID(version_id), "original"))


async def open_of(tx: Reading, ids: Sequence[str]) -> dict[str, Loss]:
    """By version or voice message (some hundred): the line that is open."""
    return {row.of_id: value(row, number) for row, number in await tx.rows(_OPEN_OF, ids=ids)}


async def add(tx: Writing, lines: Iterable[tuple[Use, Found, str]]) -> None:
    """Lines for uses that have none open; the third is what callers hear. Refused: `loss-known`."""
    await tx.add_all(
        [
            LossRow(
                company_id=tx.company, sha256=use.sha256, of_id=use.of, subject_id=use.subject, kind=use.kind,
                name=use.name, lang=use.lang, how=found.how, lost=found.lost, copies=",".join(found.copies),
                heard=heard, found_at=tx.now, proved_at=found.proved_at,
            )
            for use, found, heard in lines
        ]
    )  # fmt: skip


async def change(tx: Writing, changed: Mapping[str, Loss]) -> None:
    """By id: what an open line is to tell from now on."""
    for row in await tx.all(_OPEN_OF.with_only_columns(LossRow), ids=[line.of for line in changed.values()]):
        line = changed[row.id]
        row.how, row.lost, row.copies = line.how, line.lost, ",".join(line.copies)
        row.heard, row.proved_at = line.heard, line.proved_at
    await tx.flush()


def after(line: Loss, found: Found, heard: str) -> Loss:
    """The line once this was found, too: it only gets worse, until it is closed. Of what was missing, damaged bytes may
    have come back: that is "corrupt", since something of that name and size is there again."""
    copies = (*line.copies, *(copy for copy in found.copies if copy not in line.copies))
    worse = copies != line.copies or (found.lost and not line.lost) or found.how == "corrupt"
    return replace(
        line, how=found.how if worse else line.how, lost=line.lost or found.lost, copies=copies, heard=heard,
        proved_at=line.proved_at or found.proved_at,
    )  # fmt: skip


async def heal(tx: Writing, healed: Mapping[str, str]) -> int:
    """Closes what is open of these objects (some hundred); by name: from which copy each is whole again."""
    rows = await tx.all(_OPEN_WITH, names=list(healed))
    for row in rows:
        row.healed_at, row.healed_from = tx.now, healed[row.sha256][:80]
    await tx.flush()
    return len(rows)


async def latest(tx: Reading, most: int, *, only_open: bool) -> list[Loss]:
    """Newest first: what is open, or what is closed."""
    if only_open:
        question = _LINES.where(LossRow.healed_at.is_(None)).order_by(LossRow.found_at.desc(), LossRow.id.desc())
    else:
        question = _LINES.where(LossRow.healed_at.is_not(None)).order_by(LossRow.healed_at.desc(), LossRow.id.desc())
    return [value(row, number) for row, number in await tx.rows(question.limit(most))]


async def counts(tx: Asking, healed_since: datetime) -> dict[str, tuple[int, int, int]]:
    """By company: what no copy has, what another copy still has, and what was healed since then."""
    found: dict[str, tuple[int, int, int]] = {}
    rows = await tx.rows(
        select(LossRow.company_id, LossRow.lost, LossRow.healed_at.is_(None), func.count(LossRow.id))
        .where(or_(LossRow.healed_at.is_(None), LossRow.healed_at > healed_since))
        .group_by(LossRow.company_id, LossRow.lost, LossRow.healed_at.is_(None))
    )
    for company, lost, is_open, many in rows:
        gone, damaged, healed = found.get(company, (0, 0, 0))
        if not is_open:
            healed += many
        elif lost:
            gone += many
        else:
            damaged += many
        found[company] = (gone, damaged, healed)
    return found


async def gone(tx: Reading) -> dict[str, int]:
    """By kind: how many lines are open of what no copy has."""
    question = select(LossRow.kind, func.count(LossRow.id)).where(LossRow.healed_at.is_(None), LossRow.lost.is_(True))
    return {str(kind): int(many) for kind, many in await tx.rows(question.group_by(LossRow.kind))}


async def page(tx: Asking, after: str, most: int, *, only_open: bool) -> list[Loss]:
    """Lines behind that id, oldest first."""
    question = _PAGE.where(LossRow.healed_at.is_(None)) if only_open else _PAGE
    return [value(row, number) for row, number in await tx.rows(question, after=after, most=most)]


def value(row: LossRow, number: int | None) -> Loss:
    return Loss(
        row.id, row.company_id, row.sha256, row.of_id, row.subject_id, row.kind, row.name, row.lang,
        row.how, row.lost, tuple(row.copies.split(",")) if row.copies else (), row.heard,  # type: ignore[arg-type]
        row.found_at, row.proved_at, row.healed_at, row.healed_from, number,
    )  # fmt: skip
