"""Keeping a take: the one sequence from the spool to the vault, the rows and what callers hear.

    read the file, judge it → every copy of the vault → published → one transaction with all rows → out of the spool

The process may die after any line of it. What the next run finds decides what is left to do: the object's name is
made of its bytes, the published file's of those, and version or voice message are unique by take, in the same
transaction that says that the take is kept.
"""

import asyncio
import logging
from dataclasses import dataclass

from pbx.audio import flac
from pbx.audio.judge import Verdict, judge
from pbx.audio.pcm import RATE, Pcm, from_bytes, read_sln16
from pbx.errors import Refused
from pbx.library.published import Published
from pbx.library.rows import write_result
from pbx.library.sidecars import about
from pbx.library.spool import Spool
from pbx.store import Store, takes
from pbx.store.values import Take
from pbx.vault import Stored, TooFewCopies, Vault

WAITING = "take-waiting"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """`ok`: saved, and heard by the next caller (a voice message: there for its owner). Else `says` is the phrase that
    tells why: the judge's, or `take-waiting` if no copy of the vault took it: then it lies safe in the spool and is
    tried again. `result`: id of the version or voice message. `copies`: how many have proved to hold it."""

    ok: bool
    says: str | None
    result: str | None
    seconds: float
    copies: int


class Keeping:
    def __init__(self, store: Store, vault: Vault, spool: Spool, published: Published) -> None:
        self._store = store
        self._vault = vault
        self._spool = spool
        self._published = published

    async def keep(self, company: str, take_id: str, interrupted: bool) -> Kept:
        """One at a time for each take (the caller sees to that)."""
        async with self._store.read(company) as tx:
            take = await takes.get(tx, take_id)
        match take.state:
            case "open" | "waiting":
                take = await self._settle(take, interrupted)
            case "kept":
                take = await self._catch_up(take)
            case "rejected" | "replaced":
                await self.put_aside(take)
        return Kept(take.state == "kept", take.says, take.result, take.seconds, take.copies)

    async def put_aside(self, take: Take) -> None:
        """A take that is not kept: out of the spool, and not away."""
        if not take.spooled:
            return
        await asyncio.to_thread(self._spool.set_aside, take.file)
        async with self._store.begin(take.company) as tx:
            await takes.out_of_spool(tx, take.id)

    async def _settle(self, take: Take, interrupted: bool) -> Take:
        pcm, verdict, data = await asyncio.to_thread(self._judged, take)
        log.info("take %s: %s", take.id, verdict)
        if not verdict.ok:
            async with self._store.begin(take.company) as tx:
                take = await takes.settle(tx, take.id, "rejected", says=verdict.says, interrupted=interrupted)
            await self.put_aside(take)
            return take
        try:
            stored = await self._put(take, data)
        except TooFewCopies:
            log.exception("take %s waits for the vault", take.id)
            return await self._wait(take, verdict, interrupted)
        if take.kind != "voice":
            await self._published.take(take.company, stored.sha256, pcm, verdict)
        take = await self._write(take, verdict, stored, interrupted)
        await self.let_go(take)
        return take

    async def _wait(self, take: Take, verdict: Verdict, interrupted: bool) -> Take:
        async with self._store.begin(take.company) as tx:
            return await takes.settle(
                tx, take.id, "waiting", says=WAITING, interrupted=interrupted, seconds=_seconds(verdict)
            )

    async def _write(self, take: Take, verdict: Verdict, stored: Stored, interrupted: bool) -> Take:
        """All rows at once; if another process was quicker, what it wrote."""
        try:
            async with self._store.begin(take.company) as tx:
                result = await write_result(tx, take, verdict, stored, interrupted)
                return await takes.settle(
                    tx, take.id, "kept", result=result, interrupted=interrupted, seconds=_seconds(verdict),
                    copies=stored.copies, spooled=stored.copies < self._vault.copies,
                )  # fmt: skip
        except Refused as refused:
            if refused.says != "take-kept":
                raise
            async with self._store.read(take.company) as tx:
                return await takes.get(tx, take.id)

    async def _catch_up(self, take: Take) -> Take:
        """A kept take that still lies in the spool: copies that were away get it now."""
        if not take.spooled:
            return take
        _, _, data = await asyncio.to_thread(self._judged, take)
        copies = take.copies
        if data:
            try:
                copies = (await self._put(take, data)).copies
            except TooFewCopies:
                log.exception("take %s stays in the spool", take.id)
        if copies < self._vault.copies and data:
            return take
        async with self._store.begin(take.company) as tx:
            take = await takes.out_of_spool(tx, take.id, copies)
        await self.let_go(take)
        return take

    async def _put(self, take: Take, data: bytes) -> Stored:
        async with self._store.read(take.company) as tx:
            sidecar = await about(tx, take)
        return await self._vault.put(take.company, data, sidecar)

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
