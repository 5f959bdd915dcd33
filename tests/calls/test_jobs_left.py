"""We die while the switchboard rings somebody up: the job ends all the same, in a state that is true."""

import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from pbx.cli.desk import Desk, open_desk
from pbx.rules.jobs import JobState
from pbx.rules.numbers import Number
from pbx.store import jobs
from pbx.store.values import Job
from tests.calls.cast import Cast, invite
from tests.calls.conftest import channels_left
from tests.calls.held import SENTENCE
from tests.calls.steps import announcement, eventually
from tests.calls.switchboard import Switchboard, part
from tests.phone import IncomingCall, Phone, prompts

pytestmark = pytest.mark.timeout(300)


@asynccontextmanager
async def _rung(board: Switchboard) -> AsyncIterator[tuple[Desk, Job, Phone, IncomingCall]]:
    """Alva's mobile rings for a prompt."""
    prompts.write_one(board.var / "sounds" / "sv" / "survival", SENTENCE)
    async with open_desk(board.settings) as desk, board.phone() as outside:
        cast = await invite(desk, board)
        job = await _asked(desk, cast)
        yield desk, job, outside, await outside.incoming(timeout_s=30)
    assert await channels_left(board) == []


async def _asked(desk: Desk, cast: Cast) -> Job:
    company = cast.alva.company.id
    message = await announcement(desk, company, f"kvar-{cast.alva.user.extension}", {})
    return await desk.library.jobs.request(company, message.id, "sv", cast.alva.mobile, asked_by="test")


async def _ends(desk: Desk, job: Job, within_s: float) -> JobState:
    """How it ends. Then its message and its number are free again."""

    async def over() -> bool:
        return not (await desk.library.jobs.get(job.company, job.id)).live

    await eventually(over, within_s)
    await desk.library.jobs.request(job.company, job.message, job.lang, _e164(job), asked_by="test")
    return (await desk.library.jobs.get(job.company, job.id)).state


def _e164(job: Job) -> str:
    assert isinstance(job.to, Number)
    return job.to.e164


async def _killed(board: Switchboard) -> None:
    os.kill(before := board.service, signal.SIGKILL)
    await board.again(before)


@pytest.mark.parametrize("does", ["declines", "nothing"])
async def test_a_phone_that_rings_when_we_are_killed_is_followed_to_its_end(doomed: Switchboard, does: str) -> None:
    async with _rung(doomed) as (desk, job, outside, call):
        await _killed(doomed)
        if does == "declines":
            call.refuse(603)
        ended = await _ends(desk, job, 40)
        assert ended is (JobState.DECLINED if does == "declines" else JobState.NO_ANSWER)
        (await outside.incoming(timeout_s=30)).refuse(486)


async def test_who_answers_after_we_were_killed_is_asked_for_1_as_ever(doomed: Switchboard) -> None:
    async with _rung(doomed) as (desk, job, outside, call):
        await _killed(doomed)
        await call.answer()
        await call.hear(doomed.prompt("rec-press-1-only"), timeout_s=15)
        await call.hangup()
        assert await _ends(desk, job, 10) is JobState.UNCONFIRMED
        (await outside.incoming(timeout_s=30)).refuse(486)


async def test_who_hangs_up_in_the_sentence_leaves_no_job_behind(doomed: Switchboard) -> None:
    async with _rung(doomed) as (desk, job, outside, call):
        await call.answer()
        await call.hear(doomed.prompt("rec-press-1-only"), timeout_s=15)
        os.kill(doomed.service, signal.SIGKILL)
        await call.hear(part(SENTENCE, 0.5))
        await call.hangup()
        assert await _ends(desk, job, 75) in {JobState.UNCONFIRMED, JobState.FAILED}
        (await outside.incoming(timeout_s=30)).refuse(486)


async def test_a_job_that_nobody_goes_on_with_is_ended_within_a_minute(desk: Desk, cast: Cast, outside: Phone) -> None:
    company = cast.alva.company.id
    message = await announcement(desk, company, f"kvar-{cast.bo.user.extension}", {})
    async with desk.store.begin(company) as tx:
        job = await jobs.add(tx, "record", [(message.id, "sv")], Number(cast.bo.mobile), "test", None)
        await jobs.set_state(tx, job.id, JobState.RINGING, node=socket.gethostname())
    assert await _ends(desk, job, 75) is JobState.UNSURE
    (await outside.incoming(timeout_s=30)).refuse(486)
