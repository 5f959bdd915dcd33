"""Rows that go for good, and what of their audio goes with them: what no other row of the company uses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from pbx.errors import Refused
from pbx.rules.jobs import LIVE
from pbx.store import uses
from pbx.store.losses import original_id
from pbx.store.tables import (
    CallJobRow,
    JobItemRow,
    LossRow,
    MessageRow,
    PictureRow,
    TakeRow,
    TextRow,
    VersionRow,
    VoiceMessageRow,
)
from pbx.store.tx import Reading, Writing

ERASED = "erased"
_LIVE = [str(state) for state in LIVE]
_USING = (VersionRow, VoiceMessageRow)
Cut = tuple[str, int, int]
"""An object, and the samples from which to which it is heard."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What nothing of the company uses any more: `objects` by name, `cuts` of objects, and `words` (script, language).
    `files`: where the takes lay in the spool. `name`: the message's, if it was one."""

    objects: frozenset[str]
    cuts: frozenset[Cut]
    files: tuple[str, ...]
    words: frozenset[tuple[str, str]] = frozenset()
    name: str = ""


async def hindered(tx: Reading, only: str | None = None) -> dict[str, Refused]:
    """By message (all of them, or `only` this): why it must not go now: `message-placed`, `message-busy`,
    `erase-waits`."""
    items = select(JobItemRow.message_id).where(JobItemRow.state.in_(_LIVE))
    takes = select(TextRow.message_id).join(TakeRow, TakeRow.text_id == TextRow.id).where(TakeRow.spooled.is_(True))
    placed = await uses.everywhere(tx) if only is None else {only: await uses.used(tx, only)}
    if only is not None:
        items, takes = items.where(JobItemRow.message_id == only), takes.where(TextRow.message_id == only)
    found = {message: Refused("erase-waits") for message in await tx.all(takes)}
    found |= {message: Refused("message-busy") for message in await tx.all(items)}
    found |= {message: Refused("message-placed", ", ".join(map(str, at))) for message, at in placed.items() if at}
    return found


async def message(tx: Writing, message_id: str) -> Removed:
    """With its texts, versions, takes and jobs. Refused: `message-unknown`, and as `hindered` says."""
    row = await tx.get(MessageRow, message_id, "message-unknown")
    if refused := (await hindered(tx, message_id)).get(message_id):
        raise refused
    texts = await tx.all(select(TextRow).where(TextRow.message_id == message_id))
    ids = [text.id for text in texts]
    versions = await tx.all(select(VersionRow).where(VersionRow.text_id.in_(ids)))
    takes = await tx.all(select(TakeRow).where(TakeRow.text_id.in_(ids)))
    for text in texts:
        text.version_id = text.retired_id = None
    await tx.flush()
    await tx.remove_all(versions)
    await _remove_jobs(tx, message_id, takes)
    await tx.remove_all(texts)
    await tx.remove(row)
    words = {(text.script, text.lang) for text in texts if text.script}
    said = select(TextRow.script, TextRow.lang).where(TextRow.script.in_([script for script, _ in words]))
    words -= {(script, lang) for script, lang in await tx.rows(said)}
    return await _removed(tx, versions, takes, words, row.name)


async def version(tx: Writing, version_id: str) -> Removed:
    """With its take. Refused: `version-unknown`, `version-current`, `erase-waits`."""
    row = await tx.get(VersionRow, version_id, "version-unknown")
    text = await tx.get(TextRow, row.text_id, "version-unknown")
    if text.version_id == row.id:
        raise Refused("version-current", f"version {row.number}")
    if text.retired_id == row.id:
        text.retired_id = None
        await tx.flush()
    return await _with_take(tx, row, row.take_id)


async def voice(tx: Writing, voice_id: str) -> Removed:
    """With its take. Refused: `message-unknown`, `erase-waits`."""
    row = await tx.get(VoiceMessageRow, voice_id, "message-unknown")
    return await _with_take(tx, row, row.take_id)


async def picture(tx: Writing, picture_id: str) -> Removed:
    """A user's, be it shown or not. Refused: `picture-unknown`."""
    row = await tx.get(PictureRow, picture_id, "picture-unknown")
    await tx.remove(row)
    await _close(tx, [row.id])
    return Removed(frozenset({row.sha256} - await used(tx, [row.sha256])), frozenset(), ())


async def used(tx: Reading, names: Iterable[str]) -> set[str]:
    """Which of these objects some row uses."""
    asked = list(names)
    pictures = await tx.all(select(PictureRow.sha256).where(PictureRow.sha256.in_(asked)))
    originals = await tx.all(select(VersionRow.original_sha256).where(VersionRow.original_sha256.in_(asked)))
    return {sha256 for sha256, _, _ in await _cuts(tx, asked)} | set(pictures) | {name or "" for name in originals}


async def _with_take(tx: Writing, row: VersionRow | VoiceMessageRow, take_id: str | None) -> Removed:
    takes = await tx.all(select(TakeRow).where(TakeRow.id == take_id))
    if any(take.spooled for take in takes):
        raise Refused("erase-waits")
    await tx.remove(row)
    await tx.remove_all(takes)
    return await _removed(tx, [row], takes)


async def _removed(
    tx: Writing,
    rows: Sequence[VersionRow | VoiceMessageRow],
    takes: Sequence[TakeRow],
    words: Iterable[tuple[str, str]] = (),
    name: str = "",
) -> Removed:
    """Once the rows are gone. What the ledger still has open of them is closed."""
    uploads = [row for row in rows if isinstance(row, VersionRow)]
    await _close(tx, [row.id for row in rows] + [original_id(row.id) for row in uploads])
    cuts = frozenset((row.sha256, row.first, row.last) for row in rows) - await _cuts(tx, [row.sha256 for row in rows])
    objects = {row.sha256 for row in rows} | {row.original_sha256 for row in uploads if row.original_sha256}
    return Removed(
        frozenset(objects - await used(tx, objects)), cuts, tuple(take.file for take in takes), frozenset(words), name
    )


async def _close(tx: Writing, ids: Sequence[str]) -> None:
    lines = select(LossRow).where(LossRow.healed_at.is_(None), LossRow.of_id.in_(ids))
    for line in await tx.all(lines):
        line.healed_at, line.healed_from = tx.now, ERASED
    await tx.flush()


async def _cuts(tx: Reading, names: Sequence[str]) -> set[Cut]:
    found: set[Cut] = set()
    for table in _USING:
        question = select(table.sha256, table.first, table.last).where(table.sha256.in_(names))
        found |= {(sha256, first, last) for sha256, first, last in await tx.rows(question)}
    return found


async def _remove_jobs(tx: Writing, message_id: str, takes: Sequence[TakeRow]) -> None:
    """The takes, and the jobs that were for nothing else."""
    items = await tx.all(select(JobItemRow).where(JobItemRow.message_id == message_id))
    ids = {item.job_id for item in items} | {take.job_id for take in takes if take.job_id}
    await tx.remove_all(items)
    await tx.remove_all(takes)
    others = set(await tx.all(select(JobItemRow.job_id).where(JobItemRow.job_id.in_(ids))))
    others |= {job or "" for job in await tx.all(select(TakeRow.job_id).where(TakeRow.job_id.in_(ids)))}
    await tx.remove_all(await tx.all(select(CallJobRow).where(CallJobRow.id.in_(ids - others))))
