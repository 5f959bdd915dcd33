"""We have rung somebody up to read a prompt in: 1 to start, tone, speak; hanging up, 0 or # ends it.

Only the key 1 starts it, so that nobody's answering machine ever becomes a company's welcome.
"""

import asyncio

from ari_app.call import Call, HungUp
from ari_app.exits import Exit, goodbye
from ari_app.flows.recording import keep, patiently, record, reviewed
from ari_app.services import Services
from pbx.library.keeping import WAITING
from pbx.rules.jobs import JobState
from pbx.store.values import Job

ASKED, READINGS = 3, 5
CONFIRM_S = 45.0
KEY_WAIT_S = 8.0
TRIES = 5
LONGEST_S = 300


async def record_prompt(call: Call, svc: Services) -> Exit:
    job = await svc.library.jobs.get(call.company, call.target)
    await svc.library.jobs.step(call.company, job.id, JobState.ANSWERED)
    if not await confirmed(call, svc, job):
        await svc.library.jobs.step(call.company, job.id, JobState.UNCONFIRMED)
        return goodbye("rec-goodbye", call.language)
    try:
        outcome = await read_in(call, svc, job)
    except HungUp:  # before a word was said
        outcome = JobState.NOTHING_RECORDED
    if outcome is JobState.JUDGING:  # said to be saved when the vault has it, not before
        await svc.library.jobs.step(call.company, job.id, outcome, WAITING)
        return goodbye("rec-waiting", call.language)
    await svc.library.jobs.step(call.company, job.id, outcome)
    if outcome is JobState.SAVED:
        await call.play("rec-saved")
    return goodbye("rec-goodbye", call.language)


async def confirmed(call: Call, svc: Services, job: Job) -> bool:
    """Whether a person who wants to record has answered. Whoever has the script read out to them has shown to be one,
    takes as long for it as it is, and is asked once more."""
    introduction = await svc.library.messages.spoken(call.company, "record", job.message, call.language) or "rec-intro"
    try:
        async with asyncio.timeout(CONFIRM_S) as waiting:
            asked = 0
            for _ in range(ASKED + READINGS):
                script = await svc.library.messages.spoken(call.company, "script", job.message, job.lang)
                ask = "rec-press-1" if script else "rec-press-1-only"
                match await call.ask(introduction, ask, timeout_s=KEY_WAIT_S):
                    case "1":
                        return True
                    case "2":
                        await _read_out(call, script or "rec-no-script", waiting)
                    case _:
                        asked += 1
                if asked == ASKED:
                    break
    except TimeoutError:
        return False
    except HungUp:
        return False
    return False


async def _read_out(call: Call, script: str, waiting: asyncio.Timeout) -> None:
    """It does not count as waiting: a script may be longer than we wait."""
    clock = asyncio.get_running_loop().time
    began, until = clock(), waiting.when()
    waiting.reschedule(None)
    await call.play(script)
    waiting.reschedule(until and until + clock() - began)


async def read_in(call: Call, svc: Services, job: Job) -> JobState:
    """Record until something is kept, or there is nothing to keep."""
    outcome = JobState.NOTHING_RECORDED
    for _ in range(TRIES):
        if not await svc.library.takes.has_room(LONGEST_S):
            await call.play("no-room")
            return JobState.FAILED
        await svc.library.jobs.step(call.company, job.id, JobState.RECORDING)
        await call.play("rec-speak")
        expected = svc.library.takes.expect(
            call.company, "prompt", job.id, lang=job.lang, channel=call.id, caller=job.speaker, by=job.asked_by
        )
        take = await patiently(call, expected)
        recorded = await record(call, svc, take, max_s=LONGEST_S)
        if recorded.by == "key" and not await reviewed(call, take.media, "rec-review"):
            await svc.library.takes.replace(call.company, take.id)
            continue
        await svc.library.jobs.step(call.company, job.id, JobState.JUDGING)
        kept = await keep(call, svc, take, recorded)
        if kept.ok and not kept.cut:
            return JobState.SAVED
        if kept.says == WAITING:
            return JobState.JUDGING
        outcome = JobState.NOTHING_RECORDED if kept.says == "take-silent" else JobState.REJECTED
        why = kept.says or ("take-cut" if kept.cut else "rec-failed")
        if recorded.by == "hang-up" or await call.ask(why, "take-again") != "1":
            break
    return outcome
