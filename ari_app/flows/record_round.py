"""Many messages read in during one call. Each is named, then the tone and the words; 1 goes on to the next, 2 reads it
again, 3 passes it by. Before the tone, 2 reads its script out. 0 or # ends a take as everywhere.

What is saved is saved, whatever comes after: a round that is broken off is taken up where it was by another call.
"""

import asyncio

from ari_app.call import Call, HungUp, Recorded
from ari_app.exits import HANG_UP, Exit, goodbye
from ari_app.flows.recording import keep, patiently, record
from ari_app.services import Services
from pbx.library.keeping import WAITING
from pbx.rules.jobs import JobState
from pbx.store.values import Item, Job

ASKED = 3
CONFIRM_S = 45.0
KEY_WAIT_S = 8.0
READY_S = 2.0
TRIES = 10
LONGEST_S = 300
END_KEYS = "0#123"
_TO_COME = frozenset({JobState.QUEUED, JobState.ANSWERED, JobState.RECORDING})
_TOLD = {JobState.SAVED: "round-saved", JobState.JUDGING: "rec-waiting"}


async def record_round(call: Call, svc: Services) -> Exit:
    job = await svc.library.jobs.get(call.company, call.target)
    if job.state in {JobState.DIALLING, JobState.RINGING}:
        job = await svc.library.jobs.step(call.company, job.id, JobState.ANSWERED)
    if job.state is JobState.ANSWERED and not await confirmed(call):
        await svc.library.jobs.step(call.company, job.id, JobState.UNCONFIRMED)
        return goodbye("rec-goodbye", call.language)
    try:
        for item in job.items:
            if item.state in _TO_COME and job.live:
                job = await one(call, svc, job, item)
        await call.play("round-done")
    except HungUp:  # what comes next is theirs to take up again
        await svc.library.jobs.end_round(call.company, job.id)
        raise
    await svc.library.jobs.end_round(call.company, job.id)
    return HANG_UP


async def one(call: Call, svc: Services, job: Job, item: Item) -> Job:
    """The message is named, read in, and told to be saved; or the speaker goes on without it."""
    job = await svc.library.jobs.item(call.company, job.id, item.id, JobState.ANSWERED)
    if not job.live:  # somebody has cancelled the rest
        return job
    outcome = await read_in(call, svc, job, item)
    job = await svc.library.jobs.item(call.company, job.id, item.id, outcome)
    if outcome in _TOLD:
        await call.play(_TOLD[outcome])
    return job


async def confirmed(call: Call) -> bool:
    """Whether a person has answered: an answering machine presses no key."""
    try:
        async with asyncio.timeout(CONFIRM_S):
            for _ in range(ASKED):
                if await call.ask("round-intro", "rec-press-1-only", timeout_s=KEY_WAIT_S) == "1":
                    return True
    except (TimeoutError, HungUp):
        return False
    return False


async def read_in(call: Call, svc: Services, job: Job, item: Item) -> JobState:
    """Until it is kept, or the speaker goes on without it."""
    name = await svc.library.messages.spoken(call.company, "record", item.message, call.language) or "round-next"
    script = await svc.library.messages.spoken(call.company, "script", item.message, item.lang)
    for attempt in range(TRIES):
        match await call.ask(*(() if attempt else (name,)), "round-before", timeout_s=READY_S):
            case "2":
                await call.play(script or "rec-no-script")
            case "3":
                return JobState.SKIPPED
        outcome = await take(call, svc, job, item)
        if outcome is not None:
            return outcome
    return JobState.NOTHING_RECORDED


async def take(call: Call, svc: Services, job: Job, item: Item) -> JobState | None:
    """One try; None where they want another."""
    if not await svc.library.takes.has_room(LONGEST_S):
        await call.play("no-room")
        return JobState.FAILED
    if not (await svc.library.jobs.item(call.company, job.id, item.id, JobState.RECORDING)).live:
        return JobState.CANCELLED
    expecting = svc.library.takes.expect(
        call.company, "prompt", job.id, lang=item.lang, channel=call.id, caller=job.speaker, by=job.asked_by
    )
    expected = await patiently(call, expecting)
    recorded = await record(call, svc, expected, max_s=LONGEST_S, end_keys=END_KEYS)
    key = await decided(call, recorded)
    if key in {"2", "3"}:
        await svc.library.takes.replace(call.company, expected.id)
        return JobState.SKIPPED if key == "3" else None
    await svc.library.jobs.item(call.company, job.id, item.id, JobState.JUDGING)
    kept = await keep(call, svc, expected, recorded)
    if kept.ok and not kept.cut:
        return JobState.SAVED
    if kept.says == WAITING:
        return JobState.JUDGING
    if await call.ask(kept.says or ("take-cut" if kept.cut else "rec-failed"), "take-again") == "1":
        return None
    return JobState.NOTHING_RECORDED if kept.says == "take-silent" else JobState.REJECTED


async def decided(call: Call, recorded: Recorded) -> str:
    """The key that says what becomes of it; nothing where they say nothing, which keeps it, as hanging up does."""
    if recorded.key not in {"0", "#"}:
        return recorded.key
    try:
        return await call.ask("round-after", timeout_s=KEY_WAIT_S) or ""
    except HungUp:
        return ""
