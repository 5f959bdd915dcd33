"""Takes: from the first sample in the spool to a version or a voice message that cannot be lost."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from pbx.errors import Refused
from pbx.library.finishing import Finishing
from pbx.library.keeping import Keeping, Kept
from pbx.library.locks import Locks
from pbx.library.spool import Spool, survival_file
from pbx.rules.jobs import LIVE, JobState
from pbx.rules.numbers import Caller
from pbx.store import Store, jobs, mailboxes, messages, takes
from pbx.store.tx import Writing
from pbx.store.values import Take, TakeKind

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Adopted:
    """A take that nobody held any more, and what became of it."""

    company: str
    take: str
    kept: Kept


class Takes:
    def __init__(self, store: Store, keeping: Keeping, spool: Spool, finish: Finishing) -> None:
        self._store = store
        self._keeping = keeping
        self._spool = spool
        self._finish = finish
        self._locks = Locks()
        self._in_hand: dict[str, set[str]] = {}

    async def expect(
        self, company: str, kind: TakeKind, owner: str, *, lang: str, channel: str, caller: Caller, by: str = ""
    ) -> Take:
        """The row before the audio. `owner`: a mailbox's id for "greeting" and "voice", a job's for "prompt".

        `take.id` is the name to record under, `take.media` plays it from the spool. It is in the hands of the call on
        `channel` until that is `released`. Refused: `mailbox-unknown`, `job-unknown`.
        """
        async with self._store.begin(company) as tx:
            text, mailbox, job = await _belongs(tx, kind, owner, lang)
            take = await takes.add(
                tx, kind, text=text, mailbox=mailbox, job=job, lang=lang, channel=channel, caller=caller, made_by=by
            )
            if kind == "prompt":
                await jobs.set_take(tx, await jobs.get(tx, owner), take.id)
            self._in_hand.setdefault(channel, set()).add(take.id)  # before anybody sees the row
        return take

    def released(self, channel: str) -> None:
        """Its call is over here: what it has left open is adopted."""
        self._in_hand.pop(channel, None)

    async def left(self) -> list[Take]:
        """Those of the unjudged that are in no hands of ours: those before us left them behind, or a fault in a call
        did. No time decides that, for clocks are put back."""
        unjudged = await self.unjudged()
        in_hand = {take for held in self._in_hand.values() for take in held}
        return [take for take in unjudged if take.id not in in_hand]

    async def unjudged(self) -> list[Take]:
        """What is being recorded, was, or will be, in whatever company and by whomever of us."""
        async with self._store.across() as tx:
            return [take for take in await takes.unfinished(tx) if take.state == "open"]

    async def has_room(self, seconds: float) -> bool:
        """Whether a take of that length can be recorded. To be asked before the tone: what had no room looks like any
        other take when it is over."""
        room = await asyncio.to_thread(self._spool.has_room, seconds)
        if not room:
            log.error("the spool's disk is full: nothing can be recorded")
        return room

    async def keep(self, company: str, take_id: str, *, interrupted: bool = False, spoken_s: float = 0.0) -> Kept:
        """Judges the take and puts it where it cannot be lost; only after that does it answer `ok`, and then the next
        caller hears it. Asked again, for whatever reason, it finishes what is unfinished and gives the same answer.

        Runs to its end even if we are cancelled. `interrupted`: by a fault of ours, not by the speaker. `spoken_s`: how
        long the recording went on, for there must be as much of it. Refused: `take-unknown`.
        """
        return await self._finish(self._keep(company, take_id, interrupted, spoken_s))

    async def replace(self, company: str, take_id: str) -> bool:
        """The speaker wants another go: the take is set aside. False if it was kept already; then it stays."""
        return await self._finish(self._replace(company, take_id))

    async def bring_in(
        self,
        company: str,
        mailbox_id: str,
        file: str,
        *,
        caller: Caller,
        at: datetime,
        lang: str,
        interrupted: bool = False,
    ) -> Kept:
        """A message that Asterisk took while we were away: `file` is its name in the spool's folder `survival`, `at`
        when it was left. Once kept, the same file is never brought in again. Refused: `take-unknown` for a name that
        is none, `mailbox-unknown`."""
        spooled = survival_file(file)
        if spooled is None:
            raise Refused("take-unknown", file[:80])
        return await self._finish(self._bring_in(company, mailbox_id, spooled, caller, at, lang, interrupted))

    async def get(self, company: str, take_id: str) -> Take:
        """Refused: `take-unknown`."""
        async with self._store.read(company) as tx:
            return await takes.get(tx, take_id)

    async def spooled(self, company: str) -> int:
        """How many takes lie in the spool yet: not judged, or not in every copy of the vault."""
        async with self._store.read(company) as tx:
            return len(await takes.unfinished(tx))

    async def adopt(self, left: Collection[str] | None = None) -> list[Adopted]:
        """Takes that no call holds any more are judged and kept, marked as interrupted; what waits for the vault or to
        leave the spool is tried again; files without a row are set aside.

        `left`: the ids of the open ones that are meant; without it all are, since no call can be alive.
        """
        files = await asyncio.to_thread(self._spool.recordings)
        async with self._store.across() as tx:
            unfinished, known = await takes.unfinished(tx), await takes.of_files(tx, files)
        for file in files:
            try:
                await self._clear(file, known.get(file))
            except OSError:  # one file's fault keeps no take from being adopted
                log.exception("%s stays in the spool", file)
        adopted: list[Adopted] = []
        for take in unfinished:
            if take.state == "open" and left is not None and take.id not in left:
                continue
            kept = await self._adopt(take)
            if kept is not None:
                adopted.append(Adopted(take.company, take.id, kept))
        return adopted

    async def _clear(self, file: str, take: Take | None) -> None:
        """What lies there yet if we died, or a disk failed, before it had gone."""
        if take is not None:
            await self._keeping.let_go(take)
            return
        log.warning("%s has no row and is set aside", file)
        await asyncio.to_thread(self._spool.set_aside, file)

    async def _adopt(self, take: Take) -> Kept | None:
        try:
            kept = await self.keep(take.company, take.id, interrupted=take.state == "open" or take.interrupted)
        except Exception:  # one take's fault, whatever it is, keeps no other from being adopted, nor us from starting
            log.exception("take %s of company %s could not be adopted and stays in the spool", take.id, take.company)
            return None
        if take.state == "open":
            log.warning("take %s of company %s was left behind: %s", take.id, take.company, kept.says or "kept")
            if take.kind == "prompt":
                await self._end_job(take)
        return kept

    async def _end_job(self, left: Take) -> None:
        """The job goes with its take; not if its call has kept the take itself in the meantime, and will tell so."""
        async with self._store.begin(left.company) as tx:
            job, take = await jobs.get(tx, left.owner), await takes.get(tx, left.id)
            item = next((item for item in job.items if item.take == take.id), None)
            if not job.live or item is None or item.state not in LIVE or not take.interrupted:
                return
            if job.kind == "round":  # the rest of it may still be wanted, and the same call may go on with it
                done = JobState.NOTHING_RECORDED if take.state == "rejected" else JobState.REJECTED
                await jobs.set_item(tx, item.id, done)
            elif take.state == "rejected":
                await jobs.set_state(tx, job.id, JobState.NOTHING_RECORDED, take.says or "")
            else:
                await jobs.set_state(tx, job.id, JobState.REJECTED, "interrupted")

    async def _keep(self, company: str, take_id: str, interrupted: bool, spoken_s: float = 0.0) -> Kept:
        async with self._locks.of(take_id):
            return await self._keeping.keep(company, take_id, interrupted, spoken_s)

    async def _replace(self, company: str, take_id: str) -> bool:
        async with self._locks.of(take_id):
            async with self._store.begin(company) as tx:
                take = await takes.get(tx, take_id)
                if take.state == "open":
                    take = await takes.settle(tx, take_id, "replaced")
            if take.state == "replaced":
                await self._keeping.put_aside(take)
            return take.state == "replaced"

    async def _bring_in(
        self, company: str, mailbox_id: str, file: str, caller: Caller, at: datetime, lang: str, interrupted: bool
    ) -> Kept:
        async with self._store.begin(company) as tx:
            take = await takes.by_file(tx, file)
            if take is None:
                await mailboxes.get(tx, mailbox_id)
                take = await takes.add(
                    tx, "voice", text=None, mailbox=mailbox_id, job=None, lang=lang, channel="", caller=caller,
                    made_by="", at=at, file=file,
                )  # fmt: skip
        return await self._keep(company, take.id, interrupted)


async def _belongs(tx: Writing, kind: TakeKind, owner: str, lang: str) -> tuple[str | None, str | None, str | None]:
    """Text, mailbox and job, as the take's row has them."""
    if kind == "prompt":
        job = await jobs.get(tx, owner)
        return await messages.text_id(tx, job.message, job.lang), None, job.id
    box = await mailboxes.get(tx, owner)
    text = await messages.text_id(tx, box.greeting, lang) if kind == "greeting" else None
    return text, box.id, None
