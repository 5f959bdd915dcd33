"""Rings people up: claims jobs and follows each call until somebody answers or nobody does.

A number is rung once. Whatever is not known for certain ends as `unsure`, never as a second call.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from ari_app.client import Ari, Inbox
from ari_app.events import Answered, Entered, Left, Ringing, SwitchLost
from ari_app.line import AriError, LostSwitch
from pbx.company import Numbers
from pbx.library import Library
from pbx.library.jobs import WrongStep
from pbx.rules.destinations import Account, Destination
from pbx.rules.jobs import JobState
from pbx.rules.numbers import Number
from pbx.store.values import Job, JobKind
from pbx.telemetry import about_call

log = logging.getLogger(__name__)

RING_S = 30
# Asterisk's own limit ends the ringing; ours only covers its silence.
OUTCOME_S = RING_S + 10

# Nothing has been recorded for these yet, so that the end of the call tells how it ended.
BEGUN = frozenset({JobState.DIALLING, JobState.RINGING, JobState.ANSWERED})

FLOW: Mapping[JobKind, str] = {"record": "record_prompt", "round": "record_round", "test": "trial_call"}

# Q.850 causes, as a phone's answers come out of ChannelDestroyed.
BY_CAUSE: Mapping[int, JobState] = {
    16: JobState.NO_ANSWER,
    17: JobState.BUSY,
    19: JobState.NO_ANSWER,
    21: JobState.DECLINED,
}


# Rings a job's number, or finds it ringing: the job's end, or None when somebody has answered.
Ring = Callable[[Ari, Job, Inbox], Awaitable[JobState | None]]


class Caller:
    """Originates to the context `jobs`, so that whoever answers after our death still hears a sentence."""

    def __init__(self, library: Library, numbers: Numbers, node: str, trunk: str) -> None:
        self._jobs = library.jobs
        self._numbers = numbers
        self._node = node
        self._trunk = trunk
        self._hung_up: set[str] = set()
        self._following: set[str] = set()
        self._claiming = asyncio.Lock()

    async def run(self, ari: Ari, woken: asyncio.Event) -> None:
        """Claim and ring until cancelled; `woken` is set whenever the rows have changed."""
        connection = 0
        async with asyncio.TaskGroup() as ringing:

            def follow(job: Job, ring: Ring) -> None:
                self._following.add(job.id)
                ringing.create_task(self._follow(ari, job, ring), name=f"job {job.id}")

            while True:
                await ari.up.wait()
                woken.clear()
                try:
                    await self._hang_up_what_was_called_off(ari)
                    if ari.connections != connection:
                        for left in await self._left():
                            follow(left, self._rejoin)
                        connection = ari.connections
                    async with self._claiming:
                        while job := await self._jobs.claim(self._node):
                            follow(job, self._ring)
                except Exception:  # a disk's fault ends no call that rings
                    log.exception("no job could be claimed")
                await woken.wait()

    async def following(self) -> set[str]:
        """The ids of the jobs that we ring for now; none is claimed and not among them."""
        async with self._claiming:
            return set(self._following)

    async def _left(self) -> list[Job]:
        """What those before us have begun."""
        return [
            job
            for job in await self._jobs.live()
            if job.node == self._node and job.state in BEGUN and job.id not in self._following
        ]

    async def _hang_up_what_was_called_off(self, ari: Ari) -> None:
        """However far its call has come, and whoever of us has begun it."""
        called_off = await self._jobs.called_off(self._node)
        for job_id in called_off - self._hung_up:
            await _hang_up(ari, job_id)
        self._hung_up = called_off

    async def _follow(self, ari: Ari, job: Job, ring: Ring) -> None:
        with about_call(job.id):
            try:
                if not await self._ended(ari, job, ring) and job.id in await self._jobs.called_off(self._node):
                    await _hang_up(ari, job.id)
            except Exception:  # one job's fault touches no other
                log.exception("what became of job %s could not be written", job.id)
            finally:
                self._following.discard(job.id)

    async def _ended(self, ari: Ari, job: Job, ring: Ring) -> bool:
        """False: its flow, which hears of the call by another socket, was quicker, or somebody has called it off."""
        try:
            await self._outcome(ari, job, ring)
        except WrongStep as late:
            log.info("left to whoever has it: %s", late)
            return False
        return True

    async def _outcome(self, ari: Ari, job: Job, ring: Ring) -> None:
        try:
            with ari.inbox(job.id) as inbox:
                outcome = await ring(ari, job, inbox)
        except WrongStep:
            raise
        except LostSwitch:
            outcome = JobState.UNSURE
        except Exception:  # one job's fault touches no other
            log.exception("job %s failed", job.id)
            outcome = JobState.FAILED
        if outcome is not None:
            await self._jobs.step(job.company, job.id, outcome)

    def _endpoint(self, to: Destination) -> str:
        match to:
            case Number(e164):
                return self._trunk.replace("{number}", e164)
            case Account(sip_user):
                return f"PJSIP/{sip_user}"

    async def _ring(self, ari: Ari, job: Job, inbox: Inbox) -> JobState | None:
        """The job's end, or None when somebody has answered: then the flow has it."""
        await self._jobs.step(job.company, job.id, JobState.DIALLING)
        shown = next((n.number.e164 for n in await self._numbers.all(job.company) if n.kind != "voicemail"), "")
        try:
            await ari.originate(
                job.id,
                {"variables": _variables(job)},
                endpoint=self._endpoint(job.to),
                context="jobs",
                extension="s",
                priority=1,
                timeout=RING_S,
                callerId=f"Växel <{shown}>",
            )
        except AriError as error:
            log.warning("cannot be rung: %s", error)
            return JobState.UNREACHABLE
        return await self._rung(job, inbox, answered=False)

    async def _rejoin(self, ari: Ari, job: Job, inbox: Inbox) -> JobState | None:
        """The same for a phone that those before us have rung. What has ended since they died is told by who looks for
        what they left behind."""
        try:
            now = await ari.watch(job.id)
        except AriError as error:
            log.info("rings no more: %s", error)
            return None
        return None if now == "entered" else await self._rung(job, inbox, answered=now == "answered")

    async def _rung(self, job: Job, inbox: Inbox, *, answered: bool) -> JobState | None:
        try:
            async with asyncio.timeout(OUTCOME_S):
                while True:
                    match await inbox.get():
                        case Ringing():
                            await self._jobs.step(job.company, job.id, JobState.RINGING)
                        case Answered():
                            answered = True
                        case Entered():
                            return None
                        case Left() if answered:  # and hung up before we could say a word
                            await self._jobs.step(job.company, job.id, JobState.ANSWERED)
                            return JobState.UNCONFIRMED
                        case Left(cause=cause):
                            return BY_CAUSE.get(cause, JobState.UNREACHABLE)
                        case SwitchLost():
                            return JobState.UNSURE
        except TimeoutError:
            return JobState.UNSURE


async def _hang_up(ari: Ari, job_id: str) -> None:
    with suppress(AriError, LostSwitch):  # it may be over already, or not have begun
        await ari.ask("DELETE", f"channels/{job_id}")


def _variables(job: Job) -> dict[str, str]:
    return {
        "__FLOW": FLOW[job.kind],
        "__COMPANY": job.company,
        "__TARGET": job.id,
        "__LANG": job.lang,
        "__BOX": "",
        "__FROM": "",
    }
