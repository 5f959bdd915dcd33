"""Questions about jobs that ring people up."""

import json
from datetime import datetime

from sqlalchemy import Select, bindparam, func, select

from pbx.errors import Refused
from pbx.rules.jobs import LIVE, JobState
from pbx.rules.numbers import Number
from pbx.store.tables import CallJobRow, JobItemRow, MessageRow
from pbx.store.tx import Asking, Reading, Writing
from pbx.store.values import Job

_JOBS = (
    select(CallJobRow, JobItemRow, MessageRow)
    .join(JobItemRow, JobItemRow.job_id == CallJobRow.id)
    .join(MessageRow, MessageRow.id == JobItemRow.message_id)
)
_BY_ID = _JOBS.where(CallJobRow.id == bindparam("job_id"))
_LIVE = [str(state) for state in LIVE]


async def add(
    tx: Writing, message_id: str, lang: str, to: Number, asked_by: str, key: str | None, kind: str = "record"
) -> Job:
    """Refused: `message-busy`, `number-busy` (a live job for the same), `job-known` (the key was used a moment ago)."""
    job = CallJobRow(
        company_id=tx.company,
        kind=kind,
        e164=to.e164,
        asked_by=asked_by[:120],
        key=key,
        state=JobState.QUEUED,
        history=_noted("[]", JobState.QUEUED, tx.now),
        created_at=tx.now,
        updated_at=tx.now,
    )
    await tx.add(job)
    item = JobItemRow(company_id=tx.company, job_id=job.id, message_id=message_id, lang=lang, state=JobState.QUEUED)
    await tx.add(item)
    return await get(tx, job.id)


async def get(tx: Reading, job_id: str) -> Job:
    found = [_value(*row) for row in await tx.rows(_BY_ID, job_id=job_id)]
    if not found:
        raise Refused("job-unknown", job_id[:40])
    return found[0]


async def by_key(tx: Reading, key: str) -> Job | None:
    return next(iter(await _values(tx, _JOBS.where(CallJobRow.key == key))), None)


async def live(tx: Asking, node: str | None = None) -> list[Job]:
    """Oldest first; with `node`, only what that one has claimed."""
    question = _JOBS.where(CallJobRow.state.in_(_LIVE)).order_by(CallJobRow.id)
    return await _values(tx, question if node is None else question.where(CallJobRow.node == node))


async def recent(tx: Reading, limit: int) -> list[Job]:
    """Newest first."""
    return await _values(tx, _JOBS.order_by(CallJobRow.id.desc()).limit(limit))


async def asked_since(tx: Reading, since: datetime, asked_by: str | None = None) -> int:
    """How many jobs the company, or one of its people, has asked for."""
    question = select(func.count(CallJobRow.id)).select_from(CallJobRow).where(CallJobRow.created_at > since)
    if asked_by is not None:
        question = question.where(CallJobRow.asked_by == asked_by)
    return await tx.first(question) or 0


async def ringing(tx: Asking) -> set[str]:
    """Numbers that some company's job is about to ring, rings, or talks to."""
    busy = [state for state in _LIVE if state != JobState.QUEUED]
    return set(await tx.all(select(CallJobRow.e164).where(CallJobRow.state.in_(busy))))


async def set_state(tx: Writing, job_id: str, state: JobState, because: str = "", node: str | None = None) -> Job:
    """Job and items together, so that what is unique among live ones is free again when it ends."""
    row = await tx.get(CallJobRow, job_id, "job-unknown")
    row.state, row.because, row.updated_at = state, because[:120], tx.now
    row.history = _noted(row.history, state, tx.now)
    if node is not None:
        row.node = node
    for item in await tx.all(select(JobItemRow).where(JobItemRow.job_id == job_id)):
        item.state = state
    await tx.flush()
    return await get(tx, job_id)


async def explain(tx: Writing, job_id: str, because: str) -> Job:
    """Why it is still in its state."""
    row = await tx.get(CallJobRow, job_id, "job-unknown")
    row.because, row.updated_at = because[:120], tx.now
    await tx.flush()
    return await get(tx, job_id)


async def set_take(tx: Writing, job_id: str, take_id: str) -> None:
    row = await tx.first(select(JobItemRow).where(JobItemRow.job_id == job_id))
    if row is None:
        raise Refused("job-unknown", job_id[:40])
    row.take_id = take_id
    await tx.flush()


async def _values(tx: Asking, question: Select[CallJobRow, JobItemRow, MessageRow]) -> list[Job]:
    return [_value(*row) for row in await tx.rows(question)]


def _noted(history: str, state: JobState, at: datetime) -> str:
    return json.dumps([*json.loads(history), [state, at.isoformat()]])


def _value(row: CallJobRow, item: JobItemRow, message: MessageRow) -> Job:
    history = tuple((JobState(state), datetime.fromisoformat(at)) for state, at in json.loads(row.history))
    return Job(
        id=row.id,
        company=row.company_id,
        kind=row.kind,
        to=Number(row.e164),
        asked_by=row.asked_by,
        key=row.key,
        state=JobState(row.state),
        because=row.because,
        node=row.node,
        created_at=row.created_at,
        updated_at=row.updated_at,
        history=history,
        message=item.message_id,
        message_name=message.name,
        message_number=message.number,
        lang=item.lang,
        take=item.take_id,
    )
