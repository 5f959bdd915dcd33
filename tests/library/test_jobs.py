"""The switchboard rings people up only when it may, once, and never leaves a job hanging."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from pbx.company import BrowserPhones, People
from pbx.errors import Refused
from pbx.library import Library
from pbx.library.jobs import Jobs, Limits, WrongStep
from pbx.rules.destinations import Account, written
from pbx.rules.jobs import JobState
from pbx.rules.numbers import Withheld
from pbx.store import audit
from pbx.store.values import Job
from tests.library.house import House
from tests.store.world import COUNTRIES, HOSTILE, World

S = JobState
ALVAS, BOS = "+46701740605", "+46701740606"


@pytest.fixture
async def jobs(house: House) -> Jobs:
    people, world = People(house.world.store), house.world
    await people.add_number(world.exempel.id, world.alva.id, ALVAS, COUNTRIES, by="test")
    await people.add_number(world.exempel.id, world.bo.id, BOS, COUNTRIES, by="test")
    await people.add_number(world.annat.id, world.cilla.id, ALVAS, COUNTRIES, by="test")
    return house.library.jobs


async def asked(
    jobs: Jobs,
    world: World,
    *,
    to: str | Account = ALVAS,
    lang: str = "sv",
    by: str = "cli:alva",
    key: str | None = None,
) -> Job:
    return await jobs.request(world.exempel.id, world.welcome.id, lang, to, asked_by=by, key=key)


async def run(jobs: Jobs, job: Job, *states: JobState) -> Job:
    for state in states:
        job = await jobs.step(job.company, job.id, state)
    return job


async def test_a_job_is_asked_for_claimed_and_followed_to_its_end(jobs: Jobs, house: House) -> None:
    job = await asked(jobs, house.world, to="070-174 06 05")
    assert (job.state, written(job.to), job.message_name, job.live) == (S.QUEUED, ALVAS, "welcome", True)
    claimed = await jobs.claim("node-1")
    assert claimed is not None
    assert (claimed.id, claimed.state, claimed.node) == (job.id, S.CLAIMED, "node-1")
    assert await jobs.claim("node-1") is None
    states = (S.DIALLING, S.RINGING, S.ANSWERED, S.RECORDING, S.JUDGING, S.SAVED)
    ended = await run(jobs, job, *states)
    assert [state for state, _ in ended.history] == [S.QUEUED, S.CLAIMED, *states]
    assert not ended.live
    assert await jobs.live() == []
    assert (await jobs.recent(job.company))[0] == ended
    async with house.world.store.read(job.company) as tx:
        assert [entry.action for entry in await audit.recent(tx, 1)] == ["recording asked for"]


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("nonsense", "number-form"),
        (HOSTILE, "number-form"),
        ("112", "number-emergency"),
        ("0900-123 45 67", "number-premium"),
        ("+442079460123", "number-country"),
        ("+881612345678", "number-premium"),
        ("070-174 06 99", "number-unknown"),
    ],
)
async def test_a_number_that_may_not_be_rung_makes_no_job(jobs: Jobs, house: House, to: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        await asked(jobs, house.world, to=to)
    assert refused.value.says == says
    assert await jobs.live() == []


async def test_a_number_entered_in_another_company_may_not_be_rung_from_this_one(jobs: Jobs, house: House) -> None:
    with pytest.raises(Refused, match="number-unknown"):
        await jobs.request(house.world.annat.id, house.world.other_welcome.id, "sv", BOS, asked_by="test")
    with pytest.raises(Refused, match="message-unknown"):
        await jobs.request(house.world.annat.id, house.world.welcome.id, "sv", ALVAS, asked_by="test")
    with pytest.raises(Refused, match="language-unknown"):
        await asked(jobs, house.world, lang="de")


async def test_one_message_is_recorded_by_one_and_one_number_rung_once_at_a_time(jobs: Jobs, house: House) -> None:
    job = await asked(jobs, house.world)
    with pytest.raises(Refused, match="message-busy"):
        await asked(jobs, house.world, to=BOS)
    with pytest.raises(Refused, match="number-busy"):
        await asked(jobs, house.world, lang="en")
    await run(jobs, job, S.CLAIMED, S.DIALLING, S.NO_ANSWER)
    await asked(jobs, house.world)


async def test_a_phone_in_a_browser_is_rung_for_as_long_as_it_is_lent_and_in_its_company_alone(
    jobs: Jobs, house: House
) -> None:
    world, phones = house.world, BrowserPhones(house.world.store)
    lent = (await phones.lend(world.exempel.id, world.alva.id, "a session")).phone.sip_user
    job = await asked(jobs, world, to=Account(lent))
    assert (job.to, job.speaker) == (Account(lent), Withheld())
    with pytest.raises(Refused, match="number-busy"):
        await asked(jobs, world, lang="en", to=Account(lent))
    await run(jobs, job, S.CLAIMED, S.DIALLING, S.NO_ANSWER)
    with pytest.raises(Refused, match="browser-phone-off"):
        await jobs.request(world.annat.id, world.other_welcome.id, "sv", Account(lent), asked_by="test")
    world.clock.pass_(minutes=6)
    with pytest.raises(Refused, match="browser-phone-off"):
        await asked(jobs, world, to=Account(lent))
    assert await jobs.live() == []


async def test_two_who_ask_at_the_same_moment_make_one_job(jobs: Jobs, house: House) -> None:
    answers = await asyncio.gather(
        *(asked(jobs, house.world, to=to) for to in (ALVAS, BOS) * 4), return_exceptions=True
    )
    made = [answer for answer in answers if isinstance(answer, Job)]
    refused = [answer.says for answer in answers if isinstance(answer, Refused)]
    assert len(made) == 1
    assert len(refused) == 7
    assert set(refused) <= {"message-busy", "number-busy"}


async def test_asking_again_with_the_same_key_is_the_same_job(jobs: Jobs, house: House) -> None:
    job = await asked(jobs, house.world, key="page-1")
    assert (await asked(jobs, house.world, key="page-1")).id == job.id
    ended = await run(jobs, job, S.CLAIMED, S.DIALLING, S.BUSY)
    assert (await asked(jobs, house.world, key="page-1")) == ended
    again = await asyncio.gather(*(asked(jobs, house.world, key="page-2") for _ in range(5)))
    assert len({one.id for one in again}) == 1
    other = await jobs.request(
        house.world.annat.id, house.world.other_welcome.id, "sv", ALVAS, asked_by="test", key="page-1"
    )
    assert other.id != job.id


async def test_many_claimers_get_each_job_once(jobs: Jobs, house: House) -> None:
    await asked(jobs, house.world)
    await asked(jobs, house.world, to=BOS, lang="en")
    other = Jobs(house.world.store, COUNTRIES)
    claimed = await asyncio.gather(*(which.claim(f"node-{n}") for n in range(4) for which in (jobs, other)))
    assert len([job for job in claimed if job is not None]) == 2
    assert len({job.id for job in claimed if job is not None}) == 2


async def test_a_telephone_that_another_company_rings_just_now_waits_its_turn(jobs: Jobs, house: House) -> None:
    mine = await asked(jobs, house.world)
    theirs = await jobs.request(house.world.annat.id, house.world.other_welcome.id, "sv", ALVAS, asked_by="test")
    first = await jobs.claim("node")
    assert first is not None
    assert first.id == mine.id
    assert await jobs.claim("node") is None
    await run(jobs, mine, S.DIALLING, S.DECLINED)
    second = await jobs.claim("node")
    assert second is not None
    assert second.id == theirs.id


async def test_a_job_that_nobody_claimed_for_ten_minutes_is_never_dialled(jobs: Jobs, house: House) -> None:
    job = await asked(jobs, house.world)
    house.world.clock.pass_(minutes=10, seconds=1)
    assert await jobs.claim("node") is None
    assert (await jobs.get(job.company, job.id)).state is S.EXPIRED
    old = await asked(jobs, house.world)
    house.world.clock.pass_(minutes=11)
    new = await asked(jobs, house.world)
    assert (await jobs.get(old.company, old.id)).state is S.EXPIRED
    claimed = await jobs.claim("node")
    assert claimed is not None
    assert claimed.id == new.id


async def test_nobody_has_the_switchboard_ring_all_day(house: House, jobs: Jobs) -> None:
    limited = Jobs(house.world.store, COUNTRIES, Limits(by_one=2, by_company=3))
    for by in ("alva", "alva", "bo"):
        job = await asked(limited, house.world, by=by)
        await limited.cancel(job.company, job.id, by=by)
        with_other = limited.request(house.world.annat.id, house.world.other_welcome.id, "sv", ALVAS, asked_by=by)
        job = await with_other
        await limited.cancel(job.company, job.id, by=by)
        if by == "alva":
            house.world.clock.pass_(minutes=1)
    for by in ("alva", "bo", "somebody else"):
        with pytest.raises(Refused, match="too-many-calls"):
            await asked(limited, house.world, by=by)
    house.world.clock.pass_(hours=1)
    await asked(limited, house.world, by="alva")


async def test_one_person_is_limited_alone(house: House, jobs: Jobs) -> None:
    limited = Jobs(house.world.store, COUNTRIES, Limits(by_one=1))
    job = await asked(limited, house.world, by="alva")
    await limited.cancel(job.company, job.id, by="alva")
    with pytest.raises(Refused, match="too-many-calls"):
        await asked(limited, house.world, by="alva")
    await asked(limited, house.world, by="bo")


async def test_a_state_that_cannot_follow_is_not_taken(jobs: Jobs, house: House) -> None:
    job = await asked(jobs, house.world)
    with pytest.raises(WrongStep):
        await jobs.step(job.company, job.id, S.SAVED)
    await run(jobs, job, S.CLAIMED, S.DIALLING, S.DIALLING, S.BUSY)
    with pytest.raises(WrongStep):
        await jobs.step(job.company, job.id, S.DIALLING)
    with pytest.raises(Refused, match="job-unknown"):
        await jobs.step(house.world.annat.id, job.id, S.FAILED)
    assert (await jobs.cancel(job.company, job.id, by="alva")).state is S.BUSY


def alive(*channels: str) -> Callable[[], Awaitable[set[str]]]:
    async def told() -> set[str]:
        return set(channels)

    return told


PATHS = {
    S.CLAIMED: (),
    S.DIALLING: (S.DIALLING,),
    S.RINGING: (S.DIALLING, S.RINGING),
    S.ANSWERED: (S.DIALLING, S.ANSWERED),
    S.RECORDING: (S.DIALLING, S.ANSWERED, S.RECORDING),
    S.JUDGING: (S.DIALLING, S.ANSWERED, S.RECORDING, S.JUDGING),
}


@pytest.mark.parametrize(
    ("found", "ends"),
    [
        (S.CLAIMED, S.FAILED),
        (S.DIALLING, S.UNSURE),
        (S.RINGING, S.UNSURE),
        (S.ANSWERED, S.FAILED),
        (S.RECORDING, S.FAILED),
        (S.JUDGING, S.FAILED),
    ],
)
async def test_a_job_found_after_a_restart_ends_and_rings_nobody_again(
    jobs: Jobs, house: House, found: JobState, ends: JobState
) -> None:
    job = await asked(jobs, house.world)
    await jobs.claim("node-1")
    await run(jobs, job, *PATHS[found])
    assert await jobs.abandoned("node-2", alive()) == []
    assert await jobs.abandoned("node-1", alive(job.id)) == []
    assert [one.state for one in await jobs.abandoned("node-1", alive())] == [ends]
    assert await jobs.claim("node-1") is None
    assert await jobs.abandoned("node-1", alive()) == []
    await asked(jobs, house.world)


async def test_a_job_in_the_queue_is_no_restarts_business(jobs: Jobs, house: House) -> None:
    await asked(jobs, house.world)
    assert await jobs.abandoned("node-1", alive()) == []
    assert await jobs.claim("node-1") is not None


async def test_a_job_that_begins_while_it_is_asked_who_is_alive_is_none_that_was_left(jobs: Jobs, house: House) -> None:
    left = await asked(jobs, house.world)
    await jobs.claim("node-1")
    begins = await asked(jobs, house.world, to=BOS, lang="en")

    async def claims_another() -> set[str]:
        assert await jobs.claim("node-1")
        return set()

    assert [job.id for job in await jobs.abandoned("node-1", claims_another)] == [left.id]
    assert (await jobs.get(begins.company, begins.id)).state is S.CLAIMED


async def test_a_job_whose_take_nobody_has_looked_at_goes_on_until_somebody_has(jobs: Jobs, house: House) -> None:
    job = await asked(jobs, house.world)
    await jobs.claim("node-1")
    await run(jobs, job, *PATHS[S.RECORDING])
    take = await house.library.takes.expect(job.company, "prompt", job.id, lang="sv", channel="c", caller=job.speaker)
    house.speak(take, "welcome")
    assert await jobs.abandoned("node-1", alive()) == []
    await house.library.takes.adopt()
    assert (await jobs.get(job.company, job.id)).state is S.REJECTED


@pytest.mark.parametrize("state", [S.RECORDING, S.JUDGING])
async def test_a_prompt_that_was_kept_before_the_restart_is_told_as_saved(
    jobs: Jobs, house: House, state: JobState
) -> None:
    job = await asked(jobs, house.world)
    await jobs.claim("node-1")
    await run(jobs, job, *PATHS[state])
    take = await house.library.takes.expect(job.company, "prompt", job.id, lang="sv", channel="c", caller=job.speaker)
    house.speak(take, "welcome")
    assert (await house.keep(take)).ok
    assert [one.state for one in await jobs.abandoned("node-1", alive())] == [S.SAVED]
    playable = await house.library.messages.playable_message(job.company, job.message, "sv")
    assert playable.heard == "own"


async def test_the_time_of_each_state_is_told(jobs: Jobs, house: House) -> None:
    job = await asked(jobs, house.world)
    house.world.clock.pass_(seconds=3)
    job = await run(jobs, job, S.CLAIMED)
    (_, asked_at), (_, claimed_at) = job.history
    assert claimed_at - asked_at == timedelta(seconds=3)
    assert (job.created_at, job.updated_at) == (asked_at, claimed_at)


def test_the_library_hands_its_limits_on(house: House, tmp_path: object) -> None:
    assert isinstance(house.library, Library)
