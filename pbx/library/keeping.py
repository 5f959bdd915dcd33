"""Keeping a take: from the spool to the vault, the rows and what callers hear.

    read the file, judge it → `securing` → out of the spool

The process may die after any line of it. What the next run finds decides what is left to do: version or voice message
are unique by take, in the same transaction that says that the take is kept.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from pbx.audio import flac
from pbx.audio.judge import Verdict, judge
from pbx.audio.pcm import RATE, Pcm, from_bytes, read_sln16
from pbx.errors import Refused
from pbx.library.catalogue import Catalogue
from pbx.library.rows import write_result
from pbx.library.securing import Securing, Sound, Thing
from pbx.library.sidecars import about
from pbx.library.spool import Spool
from pbx.store import Store, takes
from pbx.store.tx import Writing
from pbx.store.values import Take
from pbx.vault import Diverged, Stored, TooFewCopies, Vault

WAITING = "take-waiting"
MOST_LACKING_S = 1.5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """`ok`: saved, and heard by the next caller (a voice message: there for its owner). Else `says` is the phrase that
    tells why: the judge's, or `take-waiting` if too few copies of the vault took it: then it lies safe in the spool, is
    heard from there, and is tried again. `result`: id of the version or voice message. `copies`: how many have proved
    to hold it. `cut`: a fault has ended it, or kept some of it from the disk."""

    ok: bool
    says: str | None
    result: str | None
    seconds: float
    copies: int
    cut: bool


class Keeping:
    def __init__(self, store: Store, vault: Vault, catalogue: Catalogue, spool: Spool, secure: Securing) -> None:
        self._store = store
        self._vault = vault
        self._catalogue = catalogue
        self._spool = spool
        self._secure = secure

    async def keep(self, company: str, take_id: str, interrupted: bool, spoken_s: float = 0.0) -> Kept:
        """One at a time for each take (the caller sees to that)."""
        async with self._store.read(company) as tx:
            take = await takes.get(tx, take_id)
        match take.state:
            case "open":
                take = await self._settle(take, interrupted, spoken_s)
            case "waiting" | "kept":
                take = await self._catch_up(take)
            case "rejected" | "replaced":
                await self.put_aside(take)
        if take.state == "kept" and not await self._logged(take):
            return Kept(False, WAITING, take.result, take.seconds, take.copies, take.interrupted)
        return Kept(take.state == "kept", take.says, take.result, take.seconds, take.copies, take.interrupted)

    async def put_aside(self, take: Take) -> None:
        """A take that is not kept: out of the spool, and not away."""
        if not take.spooled:
            return
        await asyncio.to_thread(self._spool.set_aside, take.file)
        async with self._store.begin(take.company) as tx:
            await takes.out_of_spool(tx, take.id)

    async def _settle(self, take: Take, interrupted: bool, spoken_s: float) -> Take:
        pcm, verdict, data = await asyncio.to_thread(self._judged, take)
        log.info("take %s: %s", take.id, verdict)
        if (lacking_s := spoken_s - len(pcm) / RATE) > MOST_LACKING_S:
            # A phone that sends nothing in its pauses has less to write, too: only a full disk makes it our fault.
            full = not await asyncio.to_thread(self._spool.has_room, 0)
            log.error("take %s: of %.1f s of recording %.1f s are not on the disk%s", take.id, spoken_s, lacking_s,
                      ", which is full" if full else "")  # fmt: skip
            interrupted = interrupted or full
        if not verdict.ok:
            async with self._store.begin(take.company) as tx:
                take = await takes.settle(tx, take.id, "rejected", says=verdict.says, interrupted=interrupted)
            await self.put_aside(take)
            return take
        sound = None if take.kind == "voice" else Sound(pcm, verdict)  # voice messages are rendered when played

        async def write(tx: Writing, stored: Sequence[Stored]) -> Take:
            if not stored[0].copies:  # then the spool alone has it, and no row says more than a power cut leaves
                await asyncio.to_thread(self._spool.secure, take.file)
            return await self._write(tx, take, verdict, stored[0], interrupted)

        try:
            kept = await self._secure(take.company, [await self._thing(take, data)], sound, self._store.begin, write)
        except Refused as refused:
            if refused.says != "take-kept":
                raise
            async with self._store.read(take.company) as there:  # another process was quicker
                kept = await takes.get(there, take.id)
        await self.let_go(kept)
        return kept

    async def _write(self, tx: Writing, take: Take, verdict: Verdict, stored: Stored, interrupted: bool) -> Take:
        """All rows at once."""
        result, safe = await write_result(tx, take, verdict, stored, interrupted), stored.copies > 0
        return await takes.settle(
            tx, take.id, "kept" if safe else "waiting", says=None if safe else WAITING, result=result,
            interrupted=interrupted, seconds=_seconds(verdict), copies=stored.copies,
            spooled=stored.copies < self._vault.copies,
        )  # fmt: skip

    async def _catch_up(self, take: Take) -> Take:
        """A take that still lies in the spool: copies that were away get it now."""
        if not take.spooled:
            return take
        _, _, data = await asyncio.to_thread(self._judged, take)
        copies = (await self._secure.put(take.company, await self._thing(take, data))).copies if data else 0
        all_have_it = copies >= self._vault.copies > 0  # also once a copy that lacked it is retired
        if data and not all_have_it and (copies <= take.copies or not copies):
            return take
        async with self._store.begin(take.company) as tx:
            take = await takes.held(tx, take.id, copies or take.copies, spooled=bool(data) and not all_have_it)
        await self.let_go(take)
        return take

    async def _logged(self, take: Take) -> bool:
        """Whether the vault can tell the rows too."""
        try:
            await self._catalogue.export(take.company)
        except (TooFewCopies, Diverged):
            log.exception("take %s is in the vault, and its rows are not yet", take.id)
            return False
        return True

    async def _thing(self, take: Take, data: bytes) -> Thing:
        async with self._store.read(take.company) as tx:
            return Thing(data, await about(tx, take))

    async def let_go(self, take: Take) -> None:
        """Out of the spool, which lets go of a take only when the rows say that all copies have it."""
        if take.state == "kept" and not take.spooled:
            await asyncio.to_thread(self._spool.let_go, take.file)

    def _judged(self, take: Take) -> tuple[Pcm, Verdict, bytes]:
        """Samples, verdict, and the whole take as FLAC; nothing of it if there is no file. In a thread."""
        path = self._spool.path(take.file)
        try:
            pcm = read_sln16(path)
        except FileNotFoundError:
            if not path.parent.is_dir():
                raise  # the spool itself is away, which says nothing about the take
            log.warning("take %s has no file", take.id)
            pcm = from_bytes(b"")
        verdict = judge(pcm)
        return pcm, verdict, flac.encode(pcm) if verdict.ok else b""


def _seconds(verdict: Verdict) -> float:
    return (verdict.end - verdict.start) / RATE
