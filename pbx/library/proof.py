"""Proof that everything is there: a look at all that is used every half minute, and everything read again in time.

What is not right is first written into the ledger, then healed: from another copy, or from the spool.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from pbx import fresh, metrics
from pbx.library.ledger import Hears, Ledger
from pbx.library.mending import Mending
from pbx.library.progress import Progress, Scrubbing
from pbx.store import Store, companies, losses, objects
from pbx.store.losses import Found, How, Loss
from pbx.store.objects import Used
from pbx.vault import Batch, CopyState, Finding, Held, Presence, Vault

SWEEP_S = 30.0
_PAGE = 500
_GENTLEST, _SOONER = 1e6, 4  # bytes a second, and so much sooner than it must be

log = logging.getLogger(__name__)

Told = Callable[["Scrubbed"], None]


@dataclass(frozen=True, slots=True)
class Swept:
    """Of `looked` objects in use so many were `lost` (in no copy) and so many `healed`."""

    looked: int
    lost: int
    healed: int


@dataclass(frozen=True, slots=True)
class Last:
    """Of any process: when the last sweep and the last scrub began. `lacking`: by copy, how many objects in use it had
    not got at that sweep though another had."""

    swept: datetime | None
    scrubbed: datetime | None
    lacking: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """After a sweep. `copies`: by name, ok, frozen or away. `lacking`: by copy, how many objects in use it has not got
    that another has, if any. `losses`: what no copy has, as the ledger tells."""

    copies: Mapping[str, str]
    lacking: Mapping[str, int]
    losses: int


@dataclass(slots=True)
class Scrubbed:
    """So far. `files` and `bytes` count every copy. `unhealed`: what nothing could be done about."""

    files: int = 0
    bytes: int = 0
    seconds: float = 0.0
    healed: int = 0
    unhealed: list[Finding] = field(default_factory=list)


class Proof:
    """`period_s`: within this time everything is read once, at a gentle rate. `hears`: what callers hear now."""

    def __init__(
        self, store: Store, vault: Vault, ledger: Ledger, mending: Mending, hears: Hears, progress: Progress,
        period_s: float,
    ) -> None:  # fmt: skip
        self._store = store
        self._vault = vault
        self._ledger = ledger
        self._mending = mending
        self._hears = hears
        self._progress = progress
        self._period_s = period_s
        self.standing: Standing | None = None

    async def run_sweeps(self) -> None:
        """Until cancelled."""
        while True:
            began = time.monotonic()
            await self.sweep()
            await asyncio.sleep(max(1.0, began + SWEEP_S - time.monotonic()))

    async def run_scrubs(self) -> None:
        """Until cancelled: one after the other, each going on where it was when the process ended."""
        while True:
            state = (await asyncio.to_thread(self._progress.done)).scrub
            if not state.cursor and state.began:
                fresh.done("scrub", time.time() - state.began)
            if not state.cursor and (wait := state.began + self._period_s - time.time()) > 0:
                await asyncio.sleep(min(wait, self._period_s))
                continue
            size = await self.used_bytes()
            rate = max(_GENTLEST, _SOONER * size / self._period_s)
            await self.scrub(cursor=state.cursor, began=state.began, rate=rate, resumable=True)

    async def sweep(self) -> Swept:
        """By looking, not by reading: a damaged object of the right size is the scrub's to find."""
        began = datetime.now(UTC)
        used = await self._all_used()
        lines = await self._ledger.all(only_open=True)
        open_lines = {(line.company, line.sha256): line for line in lines}
        gone = _told_as_gone(used, lines)
        held = await asyncio.to_thread(
            lambda: [Held(company, one.sha256, one.size, (company, one.sha256) in gone) for company, one in used]
        )
        seen = await self._vault.look(held)
        proved_at = (await asyncio.to_thread(self._progress.done)).swept
        wrong, whole = await asyncio.to_thread(_sorted, used, seen, proved_at)
        lacking = await asyncio.to_thread(_lacking, used, seen)
        lost = healed = 0
        for company, found in wrong.items():
            news = [one for one in found if not one.lost or (company, one.sha256) not in gone]
            await self._ledger.found_all(company, news, self._hears)
            mended = await self._mending.objects(company, found)
            healed += await self._ledger.healed_all(company, mended)
            for one in found:
                if one.sha256 in mended:
                    for copy in one.copies:
                        lacking[copy].discard((company, one.sha256))
            lost += sum(one.lost and one.sha256 not in mended for one in found)
        back = {key: whole[key] for key, line in open_lines.items() if key in whole and line.how == "missing"}
        for (company, sha256), copy in back.items():
            healed += await self._ledger.healed(company, sha256, copy)
        told = {copy: len(objects) for copy, objects in lacking.items() if objects}
        await asyncio.to_thread(self._progress.set_swept, began, told)
        await self._tell(told)
        fresh.done("sweep")
        return Swept(len(used), lost, healed)

    async def _tell(self, lacking: Mapping[str, int]) -> None:
        states = await self._vault.states()
        copies = {one.name: "frozen" if one.frozen else "ok" if one.reachable else "away" for one in states}
        losses = sum(lost for lost, _, _ in (await self._ledger.counts()).values())
        self.standing = Standing(copies, lacking, losses)
        metrics.objects_lacking.clear()  # of copies that are no more
        for copy in copies:
            metrics.objects_lacking.labels(copy).set(lacking.get(copy, 0))
        metrics.copies_out.set(sum(how != "ok" for how in copies.values()))
        metrics.losses_open.set(losses)

    async def scrub(
        self, *, cursor: str = "", began: float | None = None, rate: float | None = None, told: Told | None = None,
        resumable: bool = False,
    ) -> Scrubbed:  # fmt: skip
        """Everything in every copy from `cursor` on, the catalogue included, at `rate` bytes a second at most.
        `resumable`: what was read is noted, so that the next process goes on there."""
        result, since, begun = Scrubbed(), time.monotonic(), began if cursor and began else time.time()
        async for batch in self._vault.scrub(cursor, rate):
            await self._take_in(batch, result)
            result.seconds = time.monotonic() - since
            if resumable:
                await asyncio.to_thread(self._progress.set_scrubbing, Scrubbing(batch.cursor, begun))
            if told:
                told(result)
        if not cursor:
            await self._close_old(begun, result.unhealed)
        await asyncio.to_thread(self._progress.set_scrubbing, Scrubbing("", begun))
        fresh.done("scrub", time.time() - begun)
        return result

    async def copies(self) -> list[CopyState]:
        """Each copy of the vault, looked at just now."""
        return await self._vault.states()

    async def last(self) -> Last:
        """How far it had come."""
        done = await asyncio.to_thread(self._progress.done)
        began = done.scrub.began
        return Last(done.swept, datetime.fromtimestamp(began, UTC) if began else None, done.lacking)

    async def _take_in(self, batch: Batch, result: Scrubbed) -> None:
        result.files += batch.objects
        result.bytes += batch.bytes
        taking = {state.name for state in await self._vault.states() if not state.frozen} if batch.findings else set()
        findings = [finding for finding in batch.findings if finding.copy in taking]
        for finding in findings:
            log.error("scrub: %s %s of company %s is %s in copy %s", finding.kind, finding.name, finding.company,
                      finding.how, finding.copy)  # fmt: skip
        for company, damaged in _damaged(findings).items():
            await self._ledger.found_all(company, damaged, self._hears)
        for finding in findings:
            if await self._mending.one(finding) is None:
                result.unhealed.append(finding)
            else:
                result.healed += 1
        for company, damaged in _damaged(findings).items():
            await self._close(company, damaged, result.unhealed)

    async def _close(self, company: str, damaged: Sequence[Found], unhealed: Sequence[Finding]) -> None:
        open_still = {finding.name for finding in unhealed if finding.company == company}
        for one in damaged:
            if one.sha256 not in open_still:
                await self._ledger.healed(company, one.sha256, "another copy")
            elif not await self._mending.whole_somewhere(company, one.sha256):
                worse = Found(one.sha256, one.how, True, one.copies, one.proved_at)
                await self._ledger.found_all(company, [worse], self._hears)

    async def _close_old(self, began: float, unhealed: Sequence[Finding]) -> None:
        """Lines from before, once everything was read and is right: whoever healed it died before that was told."""
        taking = {state.name for state in await self._vault.states() if state.reachable and not state.frozen}
        still = {(finding.company, finding.name) for finding in unhealed}
        for line in await self._ledger.all(only_open=True):
            if line.found_at.timestamp() > began or not taking.issuperset(line.copies):
                continue
            key = line.company, line.sha256
            if key not in still and await self._mending.whole_somewhere(*key):
                await self._ledger.healed(*key, "another copy")

    async def _all_used(self) -> list[tuple[str, Used]]:
        async with self._store.across() as tx:
            everyone = [company.id for company in await companies.all_of_them(tx)]
        return [(company, one) for company in everyone async for one in self._used(company)]

    async def _used(self, company: str) -> AsyncIterator[Used]:
        """Each by the id that the ledger has for it."""
        for ask in (objects.used, objects.used_as_original, objects.used_by_voice, objects.used_by_picture):
            after = ""
            while True:
                async with self._store.read(company) as tx:
                    page = await ask(tx, after, _PAGE)
                for one in page:
                    is_original = ask is objects.used_as_original
                    yield replace(one, of=losses.original_id(one.of)) if is_original else one
                if len(page) < _PAGE:
                    break
                after = page[-1].of
                await asyncio.sleep(0)  # so that no call waits for all of them

    async def used_bytes(self) -> int:
        """Of all that is used, in all copies together."""
        return self._vault.copies * sum(one.size for _, one in await self._all_used())


def _told_as_gone(used: Sequence[tuple[str, Used]], lines: Sequence[Loss]) -> set[tuple[str, str]]:
    """Objects of which the ledger tells for each use that no copy has them: also for one that came since."""
    told = {line.of for line in lines if line.lost}
    untold = {(company, one.sha256) for company, one in used if one.of not in told}
    return {(line.company, line.sha256) for line in lines if line.lost} - untold


def _lacking(
    used: Sequence[tuple[str, Used]], seen: Sequence[dict[str, Presence]]
) -> defaultdict[str, set[tuple[str, str]]]:
    """By copy, what it has not got and another has; all of it, where it is frozen or away."""
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for (company, one), copies in zip(used, seen, strict=True):
        there = sum(presence == "there" for presence in copies.values())
        if 0 < there < len(copies):
            for copy, presence in copies.items():
                if presence != "there":
                    found[copy].add((company, one.sha256))
    return found


def _sorted(
    used: Sequence[tuple[str, Used]], seen: Sequence[dict[str, Presence]], proved_at: datetime | None
) -> tuple[dict[str, list[Found]], dict[tuple[str, str], str]]:
    """By company what is not right, and in which copy each of the others is."""
    wrong: dict[str, dict[str, Found]] = defaultdict(dict)
    whole: dict[tuple[str, str], str] = {}
    for (company, one), copies in zip(used, seen, strict=True):
        there = [name for name, presence in copies.items() if presence == "there"]
        bad = tuple(name for name, presence in copies.items() if presence in ("missing", "wrong-size"))
        if bad or not there:
            proved = one.since if proved_at is None or one.since > proved_at else proved_at
            wrong[company][one.sha256] = Found(one.sha256, "missing", not there, bad or tuple(copies), proved)
        else:
            whole[company, one.sha256] = there[0]
    return {company: list(found.values()) for company, found in wrong.items()}, whole


def _damaged(findings: Sequence[Finding]) -> dict[str, list[Found]]:
    """By company, the objects among them."""
    copies: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.kind == "object":
            copies[finding.company, finding.name].append(finding)
    damaged: dict[str, list[Found]] = defaultdict(list)
    for (company, sha256), of in copies.items():
        how: How = "missing" if all(one.how == "missing" for one in of) else "corrupt"
        damaged[company].append(Found(sha256, how, False, tuple(one.copy for one in of), None))
    return dict(damaged)
