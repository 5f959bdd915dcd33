"""Questions about jobs that ring people up."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Row, Select, bindparam, func, select

from pbx.errors import Refused
from pbx.rules.destinations import Destination, destination, written
from pbx.rules.jobs import FINAL, LIVE, JobState, left
from pbx.store.tables import CallJobRow, JobItemRow, MessageRow
from pbx.store.tx import Asking, Reading, Writing
from pbx.store.values import Item, Job, JobKind, Target

_JOBS = (
    select(CallJobRow, JobItemRow, MessageRow)
    .outerjoin(JobItemRow, JobItemRow.job_id == CallJobRow.id)
    .outerjoin(MessageRow, MessageRow.id == JobItemRow.message_id)
)
_IN_ORDER = CallJobRow.id, JobItemRow.id
_BY_ID = _JOBS.where(CallJobRow.id == bindparam("job_id")).order_by(*_IN_ORDER)
_LIVE = [str(state) for state in LIVE]


async def add(
    tx: Writing,
    kind: JobKind,
    items: Iterable[tuple[str, str]],
    to: Destination,
    asked_by: str,
    key: str | None,
    aim: Target | None = None,
    aim_lang: str = "",
) -> Job:
    """`items`: messages with their languages, in the order in which they are to be recorded.

    Refused: `message-busy`, `number-busy` (a live job for the same), `job-known` (the key was used a moment ago).
    """
    job = CallJobRow(
        company_id=tx.company,
        kind=kind,
        rings=written(to),
        asked_by=asked_by[:120],
        key=key,
        state=JobState.QUEUED,
        history=_noted("[]", JobState.QUEUED, tx.now),
        created_at=tx.now,
        updated_at=tx.now,
        aim=aim.kind if aim else "",
        aim_value=aim.value if aim else "",
        aim_lang=aim_lang,
    )
    await tx.add(job)
    await tx.add_all(
        [
            JobItemRow(company_id=tx.company, job_id=job.id, message_id=message_id, lang=lang, state=JobState.QUEUED)
            for message_id, lang in items
        ]
    )
    return await get(tx, job.id)


async def get(tx: Reading, job_id: str) -> Job:
    found = _grouped(await tx.rows(_BY_ID, job_id=job_id))
    if not found:
        raise Refused("job-unknown", job_id[:40])
    return found[0]


async def by_key(tx: Reading, key: str) -> Job | None:
    return next(iter(await _values(tx, _JOBS.where(CallJobRow.key == key).order_by(*_IN_ORDER))), None)


async def live(tx: Asking, node: str | None = None) -> list[Job]:
    """Oldest first; with `node`, only what that one has claimed."""
    question = _JOBS.where(CallJobRow.state.in_(_LIVE)).order_by(*_IN_ORDER)
    return await _values(tx, question if node is None else question.where(CallJobRow.node == node))


async def about(tx: Reading, message_id: str) -> Job | None:
    """The live one in which this message is, or is to be, recorded."""
    items = select(JobItemRow.job_id).where(JobItemRow.message_id == message_id)
    question = _JOBS.where(CallJobRow.id.in_(items), CallJobRow.state.in_(_LIVE)).order_by(*_IN_ORDER)
    return next(iter(await _values(tx, question)), None)


async def called_off(tx: Asking, node: str, since: datetime) -> set[str]:
    """The ids of what that node had claimed and somebody has cancelled since then."""
    cancelled = select(CallJobRow.id).where(CallJobRow.state == JobState.CANCELLED)
    return set(await tx.all(cancelled.where(CallJobRow.node == node, CallJobRow.updated_at > since)))


async def recent(tx: Reading, limit: int, kind: JobKind | None = None) -> list[Job]:
    """Newest first; with `kind`, only those."""
    latest = select(CallJobRow.id).order_by(CallJobRow.id.desc()).limit(limit)
    ids = await tx.all(latest if kind is None else latest.where(CallJobRow.kind == kind))
    return await _values(tx, _JOBS.where(CallJobRow.id.in_(ids)).order_by(CallJobRow.id.desc(), JobItemRow.id))


async def asked_since(tx: Reading, since: datetime, asked_by: str | None = None) -> int:
    """How many jobs the company, or one of its people, has asked for."""
    question = select(func.count(CallJobRow.id)).select_from(CallJobRow).where(CallJobRow.created_at > since)
    if asked_by is not None:
        question = question.where(CallJobRow.asked_by == asked_by)
    return await tx.first(question) or 0


async def ringing(tx: Asking) -> set[Destination]:
    """What some company's job is about to ring, rings, or talks to."""
    busy = [state for state in _LIVE if state != JobState.QUEUED]
    return {destination(rings) for rings in await tx.all(select(CallJobRow.rings).where(CallJobRow.state.in_(busy)))}


async def set_state(tx: Writing, job_id: str, state: JobState, because: str = "", node: str | None = None) -> Job:
    """Job and items together, so that what is unique among live ones is free again when it ends. Messages of a round
    have states of their own until then."""
    row = await tx.get(CallJobRow, job_id, "job-unknown")
    row.state, row.because, row.updated_at = state, because[:120], tx.now
    row.history = _noted(row.history, state, tx.now)
    if node is not None:
        row.node = node
    for item in await tx.all(select(JobItemRow).where(JobItemRow.job_id == job_id)):
        if row.kind != "round":
            item.state = state
        elif state in FINAL:
            item.state = left(JobState(item.state))
    await tx.flush()
    return await get(tx, job_id)


async def set_item(tx: Writing, item_id: str, state: JobState) -> None:
    """How far a message of a round has come."""
    row = await tx.get(JobItemRow, item_id, "job-unknown")
    row.state = state
    await tx.flush()


async def explain(tx: Writing, job_id: str, because: str) -> Job:
    """Why it is still in its state. The same again changes nothing."""
    row = await tx.get(CallJobRow, job_id, "job-unknown")
    if row.because != because[:120]:
        row.because, row.updated_at = because[:120], tx.now
        await tx.flush()
    return await get(tx, job_id)


async def set_take(tx: Writing, job: Job, take_id: str) -> None:
    """The take that is made now, of what the job is about now. Refused: `job-unknown` where that is nothing."""
    if job.item is None:
        raise Refused("job-unknown", job.id)
    (await tx.get(JobItemRow, job.item.id, "job-unknown")).take_id = take_id
    await tx.flush()


async def _values(tx: Asking, question: Select[CallJobRow, JobItemRow, MessageRow]) -> list[Job]:
    return _grouped(await tx.rows(question))


def _grouped(rows: Sequence[Row[CallJobRow, JobItemRow, MessageRow]]) -> list[Job]:
    """In the order of the rows, of which a job has one for each of its messages, or one without."""
    jobs: dict[str, CallJobRow] = {}
    items: dict[str, list[Item]] = {}
    for job, item, message in rows:
        jobs[job.id] = job
        items.setdefault(job.id, [])
        if item is not None and message is not None:  # type: ignore[redundant-expr]  # outer join
            items[job.id].append(
                Item(item.id, message.id, message.name, message.number, item.lang, JobState(item.state), item.take_id)
            )
    return [_value(job, items[job.id]) for job in jobs.values()]


def _noted(history: str, state: JobState, at: datetime) -> str:
    return json.dumps([*json.loads(history), [state, at.isoformat()]])


def _value(row: CallJobRow, items: Sequence[Item]) -> Job:
    history = tuple((JobState(state), datetime.fromisoformat(at)) for state, at in json.loads(row.history))
    return Job(
        id=row.id,
        company=row.company_id,
        kind=row.kind,  # type: ignore[arg-type]
        to=destination(row.rings),
        asked_by=row.asked_by,
        key=row.key,
        state=JobState(row.state),
        because=row.because,
        node=row.node,
        created_at=row.created_at,
        updated_at=row.updated_at,
        history=history,
        items=tuple(items),
        aim=Target(row.aim, row.aim_value) if row.aim else None,  # type: ignore[arg-type]
        aim_lang=row.aim_lang,
    )
