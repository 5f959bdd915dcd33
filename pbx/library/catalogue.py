"""The redo log on its way into the vault: every entry into every copy, before an edit is called done."""

import asyncio
import logging
import time
from collections.abc import Mapping

from pbx import fresh, metrics
from pbx.errors import Refused
from pbx.library.locks import Locks
from pbx.store import Store, catalogue, redo
from pbx.vault import Diverged, Entry, TooFewCopies, Vault
from pbx.waiting import set_within

_ROUND_S = 30.0
# An image is written when the entries behind the last one are as long as it is, and there are so many at least: then
# reading the log takes at most twice as long as reading the rows.
_FEWEST = 500
_LEAST_BYTES = 1_000_000

log = logging.getLogger(__name__)


class Catalogue:
    """What the store asks before and after each edit. Any process may do this, at the same time: an entry is written
    once, and the second to write it finds that it is there."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        self._locks = Locks()
        self._reached: dict[str, int] = {}
        self._split: set[str] = set()

    async def check(self, company: str) -> None:
        """Refused: `vault-away`, `database-old` (the copies know later entries), `catalogue-split`."""
        if not await self._vault.writable():
            raise Refused("vault-away")
        if company in self._split:
            raise Refused("catalogue-split")
        if company in self._reached:
            return
        heads = await self._vault.catalogue.heads(company)
        if max(_reached(heads), default=0) > await self._store.head(company):
            raise Refused("database-old")

    async def caught_up(self, company: str) -> None:
        """Refused: `change-waiting`, `catalogue-split`."""
        try:
            await self.export(company)
        except TooFewCopies:
            log.exception("a change in company %s is not in the vault yet", company)
            raise Refused("change-waiting") from None
        except Diverged:
            raise Refused("catalogue-split") from None

    async def export(self, company: str) -> int:
        """Into at least the minimum of copies; returns the last entry's number. Raises TooFewCopies, Diverged."""
        async with self._locks.of(company):
            at = self._reached.get(company)
            try:
                at = await self._export(company, await self._least(company) if at is None else at)
            except TooFewCopies:  # perhaps the only copy in reach was away for a while, and gets what it lacks first
                at = await self._export(company, await self._least(company))
            self._reached[company] = at
            return at

    async def export_to_all(self, company: str) -> int:
        """What some copy lacks, because it was away. The number up to which every copy has everything; 0 while one is
        away or frozen. Raises TooFewCopies, Diverged."""
        async with self._locks.of(company):
            await self._export(company, await self._least(company))
            return await self.in_all(company)

    async def _least(self, company: str) -> int:
        """What each copy that can be reached has, without a gap."""
        return min(_reached(await self._unbroken(company)), default=0)

    async def _unbroken(self, company: str) -> dict[str, int | None]:
        """Of what the database has."""
        async with self._store.read(company) as tx:
            first = await catalogue.first(tx)
        return await self._vault.catalogue.unbroken(company, first)

    async def in_all(self, company: str) -> int:
        """The last entry that every copy has; 0 while one is away or frozen."""
        reached = await self._unbroken(company)
        return min(0 if number is None else number for number in reached.values())

    async def run(self, woken: asyncio.Event) -> None:
        """Until cancelled: what any process has committed, and every half minute what a copy lacks."""
        everything_at = time.monotonic() + _ROUND_S
        while True:
            await set_within(everything_at - time.monotonic(), woken)
            woken.clear()
            everything = time.monotonic() >= everything_at  # also where there is always something committed
            if await self._round(everything=everything):
                fresh.done("catalogue")
            if everything:
                everything_at = time.monotonic() + _ROUND_S

    async def _round(self, *, everything: bool) -> bool:
        """Whether the vault has it all."""
        all_of_it = True
        async with self._store.across() as tx:
            heads = await catalogue.heads(tx)
        lagging = 0
        for company, number in heads.items():
            if not everything and self._reached.get(company) == number:
                continue
            try:
                if everything:
                    lagging += max(0, number - await self.export_to_all(company))
                    await self._shorten(company)
                else:
                    await self.export(company)
            except (TooFewCopies, Diverged) as error:
                lagging += 1  # at least
                log.error("the catalogue of company %s: %s", company, error)
                all_of_it = False
        if everything:
            metrics.entries_lagging.set(lagging)
        return all_of_it

    async def _export(self, company: str, at: int) -> int:
        while True:
            async with self._store.read(company) as tx:
                pending = await catalogue.after(tx, at)
            if not pending:
                return at
            try:
                await self._vault.catalogue.write(company, [Entry.of(entry.body.encode()) for entry in pending])
            except Diverged:
                self._split.add(company)
                raise
            at = pending[-1].number

    async def _shorten(self, company: str) -> None:
        """A new image when the log has grown long; the database forgets what lies before an image in all copies."""
        async with self._store.read(company) as tx:
            count, length, whole = await catalogue.since_image(tx)
            image = await catalogue.last_image(tx)
        if count >= _FEWEST and length >= max(whole, _LEAST_BYTES):
            await asyncio.to_thread(redo.image, self._store.path, company)
            await self.export(company)
        elif image and await self.export_to_all(company) >= image:
            while True:
                async with self._store.begin(company) as tx:
                    if not await catalogue.forget(tx, image):
                        return


def _reached(numbers: Mapping[str, int | None]) -> list[int]:
    """Of the copies that can be reached."""
    return [number for number in numbers.values() if number is not None]
