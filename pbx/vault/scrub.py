"""The scrub: everything in every copy is read and hashed again. It reports, and heals nothing."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial

from pbx.vault import listing
from pbx.vault.members import Member, Members
from pbx.vault.presence import mostly_wrong
from pbx.vault.proof import prove
from pbx.vault.threads import Threads
from pbx.vault.values import Batch


class Scrub:
    """One way through the vault, from `cursor` on, at `rate` bytes a second at most."""

    def __init__(self, members: Members, threads: Threads, cursor: str, rate: float | None) -> None:
        self._members = members
        self._run = threads.run
        self._cursor = cursor
        self._rate = rate
        self._expected: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()

    async def batches(self) -> AsyncIterator[Batch]:
        folders = listing.folders([member.copy for member in await self._run(self._members.proving)], self._cursor)
        while True:
            began = time.monotonic()
            folder = await self._run(lambda: next(folders, None))
            if folder is None:
                return
            batch = await self._run(partial(self._prove, folder))
            yield batch
            if self._rate:
                await asyncio.sleep(began + batch.bytes / self._rate - time.monotonic())

    def _prove(self, folder: listing.Folder) -> Batch:
        """In those that are not frozen by now."""
        proved = prove(members := self._members.proving(), folder)
        self._expected += proved.expected
        self._wrong += proved.wrong
        for member in members:
            self._judge(member)
        return Batch(folder.cursor, proved.files, proved.bytes, tuple(proved.findings))

    def _judge(self, member: Member) -> None:
        wrong, of = self._wrong[member.name], self._expected[member.name]
        if mostly_wrong(wrong, of):
            self._members.roster.freeze(member.name, f"{wrong} of {of} objects are missing or damaged in it")
