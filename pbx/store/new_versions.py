"""Versions as they come: from a take, or from elsewhere. None is heard until it is used."""

from datetime import datetime

from sqlalchemy import func, select

from pbx.rules.numbers import Number
from pbx.rules.scripts import script_mark
from pbx.store.tables import TextRow, VersionRow
from pbx.store.tx import Writing
from pbx.store.values import Audio, Original, Source, Take, Version
from pbx.store.versions import value


async def add(
    tx: Writing, take: Take, audio: Audio, *, from_number: Number | None, interrupted: bool, notes: str = ""
) -> Version:
    """The take as a version of its text, not yet heard. Refused: `take-kept`."""
    row = VersionRow(
        text_id=take.text,
        source="call",
        made_by=take.made_by,
        from_number=from_number.e164 if from_number else "",
        take_id=take.id,
        interrupted=interrupted,
        created_at=take.at,
        notes=notes,
        script_sha256=script_mark((await tx.get(TextRow, take.text, "message-unknown")).script) if take.text else "",
    )
    return await _insert(tx, row, audio)


async def bring(
    tx: Writing,
    text_id: str,
    audio: Audio,
    source: Source,
    *,
    made_by: str,
    made_at: datetime,
    notes: str = "",
    from_number: Number | None = None,
    interrupted: bool = False,
    heard: bool = False,
    voice: str = "",
    script_sha256: str = "",
    original: Original | None = None,
) -> Version:
    """What no take of ours is behind, as a version of the text. `heard`: it was the current one at some time. `voice`
    and `script_sha256`: what spoke it, and what the script was that it was made from, where that is known. `original`:
    of an upload, the file."""
    row = VersionRow(
        text_id=text_id,
        source=source,
        made_by=made_by[:120],
        from_number=from_number.e164 if from_number else "",
        interrupted=interrupted,
        created_at=made_at,
        used_at=made_at if heard else None,
        notes=notes,
        voice=voice[:160],
        script_sha256=script_sha256,
        original_sha256=original.sha256 if original else None,
        original_size=original.size if original else None,
    )
    return await _insert(tx, row, audio)


async def _insert(tx: Writing, row: VersionRow, audio: Audio) -> Version:
    """With the next number of its text."""
    last = select(func.max(VersionRow.number)).select_from(VersionRow).where(VersionRow.text_id == row.text_id)
    row.company_id, row.number = tx.company, 1 + (await tx.first(last) or 0)
    row.sha256, row.size, row.first, row.last = audio.sha256, audio.size, audio.first, audio.last
    row.level_db = audio.level_db
    return value(await tx.add(row))
