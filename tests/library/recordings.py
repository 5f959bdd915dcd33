"""Rows of recordings without their audio, for tests of what becomes of rows."""

import hashlib
from datetime import datetime

from pbx.store import messages, versions
from pbx.store.tables import CallJobRow, JobItemRow, TakeRow, VersionRow, VoiceMessageRow
from pbx.store.tx import Writing
from pbx.store.values import Mailbox


def name_of(seed: str) -> str:
    """The name of an object, made of nothing but `seed`."""
    return hashlib.sha256(seed.encode()).hexdigest()


def version(tx: Writing, text_id: str, number: int, sha256: str, at: datetime) -> VersionRow:
    return VersionRow(
        company_id=tx.company, text_id=text_id, number=number, sha256=sha256, size=1_000, source="call", first=0,
        last=16_000, level_db=-26.0, made_by="test", interrupted=False, created_at=at,
    )  # fmt: skip


async def recorded(tx: Writing, message_id: str, seed: str, *, lang: str = "sv", current: bool = True) -> VersionRow:
    """A version of the message, by upload: it has no take."""
    text_id = await messages.text_id(tx, message_id, lang)
    number = 1 + len([v for v in await versions.of_message(tx, message_id) if v.text == text_id])
    row = await tx.add(version(tx, text_id, number, name_of(seed), tx.now))
    if current:
        await versions.use(tx, row.id)
    return row


async def called(tx: Writing, message_id: str, seed: str, *, state: str = "saved") -> tuple[VersionRow, TakeRow]:
    """A version of the message that a job brought home, with all the rows that this leaves."""
    row = await recorded(tx, message_id, seed)
    job = await tx.add(
        CallJobRow(
            company_id=tx.company, kind="record", rings="+46701740605", asked_by="test", state=state, created_at=tx.now,
            updated_at=tx.now,
        )
    )  # fmt: skip
    take = await tx.add(_take(tx, "prompt", seed, text_id=row.text_id, job_id=job.id))
    await tx.add(
        JobItemRow(company_id=tx.company, job_id=job.id, message_id=message_id, lang="sv", state=state, take_id=take.id)
    )
    row.take_id = take.id
    await tx.flush()
    return row, take


async def left(tx: Writing, box: Mailbox, seed: str) -> VoiceMessageRow:
    """A new voice message, and its take."""
    take = await tx.add(_take(tx, "voice", seed, mailbox_id=box.id))
    return await tx.add(
        VoiceMessageRow(
            company_id=tx.company, mailbox_id=box.id, caller_kind="number", caller_number="+46701740606", at=tx.now,
            state="new", sha256=name_of(seed), size=1_000, first=0, last=16_000, level_db=-26.0, lang="sv",
            interrupted=False, take_id=take.id,
        )
    )  # fmt: skip


def _take(tx: Writing, kind: str, seed: str, **owner: str) -> TakeRow:
    return TakeRow(
        company_id=tx.company, kind=kind, lang="sv", channel="1.1", caller_kind="number",
        caller_number="+46701740606", made_by="test", at=tx.now, file=f"recording/{name_of(seed)[:36]}.sln16",
        state="kept", spooled=False, interrupted=False, seconds=1.0, copies=2, **owner,
    )  # fmt: skip
