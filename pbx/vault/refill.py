"""Refilling a copy from the others, by a person's command: only that thaws one that is frozen."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from pbx.vault.errors import CannotRefill
from pbx.vault.filling import Filling
from pbx.vault.gate import Gate
from pbx.vault.mark import read_mark, write_mark
from pbx.vault.members import Member, Members
from pbx.vault.settling import twin_of
from pbx.vault.threads import Threads
from pbx.vault.values import Erased, Refilled

Progress = Callable[[int, int], None]
"""(folders done, of so many); called on the event loop."""

log = logging.getLogger(__name__)


class Refill:
    def __init__(self, members: Members, threads: Threads, gate: Gate) -> None:
        self._members = members
        self._run = threads.run
        self._gate = gate

    async def fill(self, which: str | Path, progress: Progress | None, erased: Erased) -> Refilled:
        """Everything is compared, and what was erased goes, while the copy takes no writes; then it takes them, and
        gets what came meanwhile."""
        try:
            target, mark = await self._run(lambda: self._prepared(which))
            sources = [one for one in await self._run(self._members.taking) if one.name != target.name]
            filling = Filling(target, mark, sources, self._gate, erased)
            folders = await self._run(filling.folders)
            for done, folder in enumerate(folders, 1):
                await self._run(partial(filling.fill, folder))
                if progress:
                    progress(done, len(folders))
            for folder in await self._run(filling.left_over):
                await self._run(partial(filling.forget, folder))
            await self._run(lambda: self._thaw(target))
            for folder in await self._run(filling.folders):
                await self._run(partial(filling.fill, folder, only_new=True))
        except OSError as error:
            raise CannotRefill(f"{which}: {error}") from error
        return filling.done()

    def _prepared(self, which: str | Path) -> tuple[Member, str]:
        """The copy, and the id of its mark, which it gets if it has none."""
        target, roster = self._members.find(which), self._members.roster
        mark = read_mark(target.copy)
        with roster.changing() as records:
            others = [r for r in records if r.name != target.name and (roster.is_live(r) or r.retired)]
            if mark and (twin := twin_of(mark, others)):
                raise CannotRefill(f"{target.record.path} carries the mark of copy {twin.name}: mount the right folder")
            mark = mark or write_mark(target.copy, target.name, roster.now())
            records[:] = [replace(r, mark=mark.id) if r.name == target.name else r for r in records]
        return target, mark.id

    def _thaw(self, target: Member) -> None:
        with self._members.roster.changing() as records:
            records[:] = [replace(r, frozen=None) if r.name == target.name else r for r in records]
        log.info("copy %s of the vault takes writes again", target.name)
