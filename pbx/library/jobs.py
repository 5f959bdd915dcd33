"""Jobs: the switchboard rings somebody up to have messages read in, or to let them hear what callers hear."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pbx.company.languages import known
from pbx.errors import Refused, VaxelError
from pbx.library.keeping import WAITING
from pbx.rules.destinations import Account, Destination, written
from pbx.rules.jobs import LIVE, JobState, left, may_follow
from pbx.rules.numbers import may_ring, parse_number
from pbx.store import Store, audit, browser_phones, jobs, messages, people, takes
from pbx.store.tx import Reading, Writing
from pbx.store.values import Item, Job, JobKind, Take, Target, User

STALE = timedelta(minutes=10)
"""A job that nobody has claimed for so long is not wanted any more: a phone that rings at night is worse."""
LONGEST_ROUND = 100
_HOUR = timedelta(hours=1)

_OF_THE_JOB = frozenset({JobState.RECORDING, JobState.JUDGING})
_CALLED: dict[JobKind, str] = {"round": "round", "test": "test call"}

log = logging.getLogger(__name__)


class WrongStep(VaxelError):
    """A job was to go into a state that cannot follow the one it is in."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Jobs asked for within an hour: by one person, and in a company."""

    by_one: int = 60
    by_company: int = 200


class Jobs:
    def __init__(self, store: Store, countries: frozenset[str], limits: Limits | None = None) -> None:
        self._store = store
        self._countries = countries
        self._limits = limits or Limits()

    async def request(
        self, company: str, message_id: str, lang: str, to: str | Account, *, asked_by: str, key: str | None = None
    ) -> Job:
        """A job in the queue. With a `key` that was used before, the job that it was used for.

        Refused: `message-unknown`, `language-unknown`, `number-form`, `number-country`, `number-premium`,
        `number-emergency`, `number-unknown` (entered for no user), `browser-phone-off`, `message-busy`, `number-busy`,
        `too-many-calls`.
        """
        rings, lang = self._destination(to), known(lang)
        async with self._store.begin(company) as tx:
            if key is not None and (before := await jobs.by_key(tx, key[:80])):
                return before
            message = await messages.get(tx, message_id)
            owner = await self._ready(tx, rings, asked_by)
            job = await jobs.add(tx, "record", [(message.id, lang)], rings, asked_by, _key(key))
            await audit.write(
                tx,
                asked_by,
                "recording asked for",
                message.name,
                job=job.id,
                lang=lang,
                to=written(rings),
                user=owner.id,
            )
        return job

    async def request_round(
        self,
        company: str,
        items: Sequence[tuple[str, str]],
        to: str | Account,
        *,
        asked_by: str,
        key: str | None = None,
    ) -> Job:
        """One call in which all these messages are read in, each in its language; a message that another job is about
        is left out. At most LONGEST_ROUND.

        Refused: `round-empty`, and as `request`.
        """
        rings = self._destination(to)
        async with self._store.begin(company) as tx:
            if key is not None and (before := await jobs.by_key(tx, key[:80])):
                return before
            owner = await self._ready(tx, rings, asked_by)
            live = {
                (item.message, item.lang) for job in await jobs.live(tx) for item in job.items if item.state in LIVE
            }
            wanted = [one for one in dict.fromkeys(items) if one not in live][:LONGEST_ROUND]
            for message_id, lang in wanted:
                await messages.get(tx, message_id)
                known(lang)
            if not wanted:
                raise Refused("round-empty")
            job = await jobs.add(tx, "round", wanted, rings, asked_by, _key(key))
            await audit.write(
                tx, asked_by, "round asked for", job.message_name, job=job.id, messages=len(wanted), to=written(rings),
                user=owner.id,
            )  # fmt: skip
        return job

    async def request_test(
        self, company: str, aim: Target, lang: str, to: str | Account, *, asked_by: str, key: str | None = None
    ) -> Job:
        """Somebody is rung and then led where a caller would be, to hear what callers hear. Whether that place is there
        is asked when they come to it, as of any call. Refused: as `request`."""
        rings, lang = self._destination(to), known(lang)
        async with self._store.begin(company) as tx:
            if key is not None and (before := await jobs.by_key(tx, key[:80])):
                return before
            owner = await self._ready(tx, rings, asked_by)
            job = await jobs.add(tx, "test", [], rings, asked_by, _key(key), aim, lang)
            await audit.write(
                tx, asked_by, "test call asked for", owner.name, job=job.id, kind=aim.kind, value=aim.value, lang=lang,
                to=written(rings), user=owner.id,
            )  # fmt: skip
        return job

    def _destination(self, to: str | Account) -> Destination:
        if isinstance(to, Account):
            return to
        number = parse_number(to)
        may_ring(number, self._countries)
        return number

    async def _ready(self, tx: Writing, rings: Destination, asked_by: str) -> User:
        """Who will be rung. Refused: `number-unknown`, `browser-phone-off`, `too-many-calls`."""
        owner = await _whose(tx, rings)
        await _expire(tx)
        await self._within_limits(tx, asked_by)
        return owner

    async def claim(self, node: str) -> Job | None:
        """The oldest job in the queue, for this node alone. One that has waited too long is expired, and one whose
        number another job is ringing, of whatever company, waits."""
        async with self._store.across() as tx:
            queued = [job for job in await jobs.live(tx) if job.state is JobState.QUEUED]
            ringing = await jobs.ringing(tx) if queued else set()
        for seen in queued:
            if seen.to in ringing:
                continue
            async with self._store.begin(seen.company) as tx:
                await _expire(tx)
                job = await jobs.get(tx, seen.id)
                if job.state is JobState.QUEUED:
                    return await jobs.set_state(tx, job.id, JobState.CLAIMED, node=node)
        return None

    async def step(self, company: str, job_id: str, state: JobState, because: str = "") -> Job:
        """The next state; the same again changes nothing. Refused: `job-unknown`. WrongStep: it cannot follow."""
        async with self._store.begin(company) as tx:
            job = await jobs.get(tx, job_id)
            if job.state is not state:
                return await _to(tx, job, state, because)
            return await jobs.explain(tx, job.id, because) if because else job

    async def item(self, company: str, job_id: str, item_id: str, state: JobState) -> Job:
        """How far one message of a round has come; the job is recording or judging with it. One that is over stays as
        it is. Refused: `job-unknown`."""
        async with self._store.begin(company) as tx:
            job = await jobs.get(tx, job_id)
            if item_id not in {item.id for item in job.items}:
                raise Refused("job-unknown", item_id[:40])
            if not job.live:
                return job
            await jobs.set_item(tx, item_id, state)
            if state in _OF_THE_JOB and job.state is not state:
                return await _to(tx, job, state)
            return await jobs.get(tx, job_id)

    async def end_round(self, company: str, job_id: str) -> Job:
        """Its call is over. What was not reached can be taken up by another. Refused: `job-unknown`."""
        async with self._store.begin(company) as tx:
            job = await jobs.get(tx, job_id)
            return await _end_round(tx, job) if job.live else job

    async def open_round(self, company: str) -> Job | None:
        """The last round, if it has ended with messages that were neither saved nor skipped."""
        async with self._store.read(company) as tx:
            for job in await jobs.recent(tx, 1, "round"):
                if not job.live and unfinished(job):
                    return job
        return None

    async def cancel(self, company: str, job_id: str, *, by: str) -> Job:
        """Ends a job that is not over: one that rings is hung up by whoever rings. Refused: `job-unknown`."""
        async with self._store.begin(company) as tx:
            job = await jobs.get(tx, job_id)
            if job.live:
                job = await _to(tx, job, JobState.CANCELLED, f"by {by}")
                await audit.write(
                    tx, by, f"{_CALLED.get(job.kind, 'recording')} cancelled", job.message_name, job=job.id
                )
        return job

    async def get(self, company: str, job_id: str) -> Job:
        """Refused: `job-unknown`."""
        async with self._store.read(company) as tx:
            return await jobs.get(tx, job_id)

    async def about(self, company: str, message_id: str) -> Job | None:
        """The live one in which this message is, or is to be, recorded."""
        async with self._store.read(company) as tx:
            return await jobs.about(tx, message_id)

    async def live(self) -> list[Job]:
        """Of all companies, oldest first."""
        async with self._store.across() as tx:
            return await jobs.live(tx)

    async def called_off(self, node: str) -> set[str]:
        """The ids of what this node had claimed, also before a restart, and somebody has cancelled within an hour."""
        async with self._store.across() as tx:
            return await jobs.called_off(tx, node, tx.now - _HOUR)

    async def recent(self, company: str, limit: int = 50) -> list[Job]:
        """Newest first."""
        async with self._store.read(company) as tx:
            return await jobs.recent(tx, limit)

    async def abandoned(self, node: str, alive: Callable[[], Awaitable[set[str]]]) -> list[Job]:
        """Ends what this node has begun and nobody goes on with: after a restart, or a fault in a call.

        `alive` tells whose channel (its id is the job's) is alive, or who is in our hands; it is asked once the jobs
        are known, so that one which begins meanwhile is none of them. Nobody is rung twice: a call whose outcome nobody
        knows ends as `unsure`. What was recorded decides, so it is adopted before this; until it is, its job goes on.
        """
        async with self._store.across() as tx:
            begun = await jobs.live(tx, node)
        goes_on = await alive() if begun else set()
        ended: list[Job] = []
        for seen in begun:
            if seen.id in goes_on:
                continue
            async with self._store.begin(seen.company) as tx:
                job = await jobs.get(tx, seen.id)
                if job.live and not (job := await _end(tx, job)).live:
                    ended.append(job)
        for job in ended:
            log.warning("job %s was left behind: %s %s", job.id, job.state, job.because)
        return ended

    async def waited(self) -> list[Job]:
        """Jobs whose take waited for the vault and has been taken by it now. Their calls are long over."""
        async with self._store.across() as tx:
            judging = [job for job in await jobs.live(tx) if job.state is JobState.JUDGING and job.because == WAITING]
        ended: list[Job] = []
        for seen in judging:
            async with self._store.begin(seen.company) as tx:
                job = await jobs.get(tx, seen.id)
                if not job.live:
                    continue
                if job.kind == "round":
                    job = await _end_round(tx, job)
                    if not job.live:
                        ended.append(job)
                elif job.take is not None and (await takes.get(tx, job.take)).state == "kept":
                    ended.append(await _by_take(tx, job, job.take))
        return ended

    async def _within_limits(self, tx: Reading, asked_by: str) -> None:
        since = tx.now - _HOUR
        by_one = await jobs.asked_since(tx, since, asked_by[:120])
        if by_one >= self._limits.by_one or await jobs.asked_since(tx, since) >= self._limits.by_company:
            raise Refused("too-many-calls", asked_by[:80])


async def _whose(tx: Reading, rings: Destination) -> User:
    if isinstance(rings, Account):
        phone = await browser_phones.get(tx, rings.sip_user)
        if phone is None:
            raise Refused("browser-phone-off")
        return await people.get(tx, phone.user)
    owner = await people.owner(tx, rings)
    if owner is None:
        raise Refused("number-unknown", rings.e164)
    return owner


async def _to(tx: Writing, job: Job, state: JobState, because: str = "") -> Job:
    if not may_follow(job.state, state):
        raise WrongStep(f"{job.id}: {state} cannot follow {job.state}")
    return await jobs.set_state(tx, job.id, state, because)


async def _expire(tx: Writing) -> None:
    for job in await jobs.live(tx):
        if job.state is JobState.QUEUED and tx.now - job.created_at > STALE:
            await _to(tx, job, JobState.EXPIRED)


async def _end(tx: Writing, job: Job) -> Job:
    match job.state:
        case JobState.DIALLING | JobState.RINGING:
            return await _to(tx, job, JobState.UNSURE, "restarted while it rang")
        case JobState.RECORDING | JobState.JUDGING if job.kind == "round":
            return await _end_round(tx, job, "restarted")
        case JobState.RECORDING | JobState.JUDGING if job.take is not None:
            return await _by_take(tx, job, job.take)
        case _:
            return await _to(tx, job, JobState.FAILED, "restarted")


async def _end_round(tx: Writing, job: Job, because: str = "") -> Job:
    """By what became of each of its messages. While one waits for the vault, it is over later."""
    for item in job.items:
        if item.state in LIVE:
            await jobs.set_item(tx, item.id, await _left(tx, item))
    states = {item.state for item in (await jobs.get(tx, job.id)).items}
    if JobState.JUDGING in states:
        if job.state is not JobState.JUDGING:
            return await _to(tx, job, JobState.JUDGING, WAITING)
        return await jobs.explain(tx, job.id, WAITING)
    if JobState.SAVED not in states:
        return await _to(tx, job, JobState.NOTHING_RECORDED, because)
    if job.state is not JobState.JUDGING:
        job = await _to(tx, job, JobState.JUDGING)
    return await _to(tx, job, JobState.SAVED, because)


async def _left(tx: Writing, item: Item) -> JobState:
    if item.take is None or item.state in {JobState.QUEUED, JobState.ANSWERED}:
        return left(item.state)
    return _became(await takes.get(tx, item.take))


def _became(take: Take) -> JobState:
    """What a message is by its take."""
    match take.state:
        case "kept":
            return JobState.REJECTED if take.interrupted else JobState.SAVED
        case "waiting":
            return JobState.JUDGING
        case _:
            return JobState.NOTHING_RECORDED


async def _by_take(tx: Writing, job: Job, take_id: str) -> Job:
    take = await takes.get(tx, take_id)
    if take.state == "kept" and not take.interrupted:
        if job.state is JobState.RECORDING:
            job = await _to(tx, job, JobState.JUDGING)
        return await _to(tx, job, JobState.SAVED)
    if take.state == "kept":
        return await _to(tx, job, JobState.REJECTED, "interrupted")
    if take.state in ("open", "waiting"):
        return job
    return await _to(tx, job, JobState.NOTHING_RECORDED, take.says or "restarted")


def unfinished(job: Job) -> list[Item]:
    """Messages of a round that was broken off, which another can take up."""
    return [item for item in job.items if item.state not in {JobState.SAVED, JobState.SKIPPED} | LIVE]


def _key(key: str | None) -> str | None:
    return key[:80] if key else None
