"""A company's catalogue: its rows as a redo log, from which its share of the database can be rebuilt."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from pbx.errors import VaxelError
from pbx.vault import chain
from pbx.vault.copy import Copy
from pbx.vault.entry import Entry, body_of, is_intact
from pbx.vault.erasing import Erasing
from pbx.vault.errors import Behind, Diverged, TooFewCopies, UnknownCopy, WrongBytes
from pbx.vault.layout import COMPANIES, OPERATOR, catalogue_folder, entry_path
from pbx.vault.listing import companies
from pbx.vault.members import Member, Members
from pbx.vault.threads import Threads

log = logging.getLogger(__name__)


class Catalogue:
    def __init__(self, members: Members, threads: Threads, erasing: Erasing) -> None:
        self._members = members
        self._threads = threads
        self._run = threads.run
        self._erasing = erasing

    async def write(self, company: str, entries: Sequence[Entry]) -> int:
        """How many copies have all of them now, read back. An entry that is there already is left; one that is damaged
        is replaced. A copy that lacks the one before the first takes none, unless that is an image. Raises Diverged
        where a copy holds another whole one of that number, TooFewCopies."""
        files = await self._run(lambda: _files(entries))
        members = await self._run(self._members.all)
        late: Exception | None = TimeoutError("a copy has not answered in time")
        needs = entries[0].number - 1 if entries and entries[0].kind == "change" else 0
        took = await self._threads.each(members, lambda member: self._write_into(member, company, files, needs), late)
        failed = [error for error in took if error is not None]
        for error in failed:
            if isinstance(error, Diverged):
                raise error
        if len(took) - len(failed) < self._members.roster.minimum():
            raise TooFewCopies(f"catalogue of company {company}: {'; '.join(map(str, failed))}")
        return len(took) - len(failed)

    async def heads(self, company: str) -> dict[str, int | None]:
        """By copy: the highest number that is there, 0 if there is none; None for a copy that is frozen or away."""
        return await self._numbers(company, lambda numbers: max(numbers, default=0))

    async def unbroken(self, company: str, first: int) -> dict[str, int | None]:
        """By copy: up to which number none is missing from `first` on, or, where the log begins later since something
        was erased, from there on; the number before that if that one is missing. None as in `heads`."""
        needed = await self._run(lambda: chain.first_needed([one.copy for one in self._members.taking()], company))
        return await self._numbers(company, lambda numbers: chain.unbroken(numbers, max(first, needed)))

    async def read(self, company: str, after: int = 0, copy: Path | str | None = None) -> list[Entry]:
        """In order, without a gap, each whole and following the one before: those after that number, or from the
        newest image on. From any copy that is not frozen, or from the one named, which may be frozen, or a folder
        that is no copy of ours (to rebuild from one alone). Empty where there are none.

        Raises Broken, TooFewCopies where no copy can be read, UnknownCopy.
        """

        def read() -> list[Entry]:
            copies = self._named(copy) if copy is not None else {m.name: m.copy for m in self._members.proving()}
            return chain.read(company, copies, after)

        return await self._run(read)

    async def trim(self, company: str, before: int) -> set[str]:
        """Removes the entries below that number, which must be an image, for good: only after an erasure. The names of
        the copies that have obeyed, which those that are frozen, away or without that image have not."""
        return await self._run(lambda: self._erasing.trim(company, before))

    async def companies(self, copy: Path | str | None = None) -> list[str]:
        """Ids of all that any copy, or the one named, has a folder for, frozen ones included, sorted, but for the
        operator's own. Raises TooFewCopies where none can be listed, UnknownCopy."""

        def listed() -> list[str]:
            if copy is not None:
                return companies(self._named(copy).values())
            return companies(member.copy for member in self._members.all())

        return [one for one in await self._run(listed) if one != OPERATOR]

    def _named(self, which: Path | str) -> dict[str, Copy]:
        """A copy by name or path, or a folder that is none of ours and has companies in it. Raises UnknownCopy."""
        try:
            return {str(which): self._members.find(which).copy}
        except UnknownCopy:
            if not Path(which, COMPANIES).is_dir():
                raise
            return {str(which): self._members.roster.copy_at(Path(which).absolute())}

    def _write_into(self, member: Member, company: str, files: dict[str, bytes], needs: int) -> Exception | None:
        """What kept it from being done, if anything. `needs`: the entry that must be there before; 0 for none."""
        try:
            self._members.check(member)
            if needs and member.copy.size(entry_path(company, f"{needs:012d}")) is None:
                return Behind(f"copy {member.name} has no entry {needs}")
            member.copy.create(catalogue_folder(company), files)
            for name, data in files.items():
                _prove(member, company, name, data)
        except (OSError, VaxelError) as error:
            if not member.frozen:  # which was told when it was frozen
                log.error("copy %s did not take the catalogue of company %s: %s", member.name, company, error)
            return error
        return None

    async def _numbers(self, company: str, told: Callable[[set[int]], int]) -> dict[str, int | None]:
        def look(member: Member) -> int | None:
            try:
                self._members.check(member)
                return told(chain.numbers(member.copy, company))
            except (OSError, VaxelError):
                return None

        members = await self._run(self._members.all)
        found = await self._threads.each(members, look, None)
        return dict(zip((member.name for member in members), found, strict=True))


def _files(entries: Sequence[Entry]) -> dict[str, bytes]:
    """By name. Raises WrongBytes for an entry that is not made of its body."""
    for entry in entries:
        if hashlib.sha256(entry.body).hexdigest() != entry.sha:
            raise WrongBytes(f"entry {entry.number} is not made of its body")
    return {entry.name: entry.file for entry in entries}


def _prove(member: Member, company: str, name: str, data: bytes) -> None:
    """Reads back what is there now, and replaces it if it is damaged."""
    path = entry_path(company, name)
    with member.copy.open(path) as file:
        found = file.read()
    if found == data:
        return
    if is_intact(found) and body_of(found) != body_of(data):
        raise Diverged(member.name, int(name))
    member.copy.put(path.parent, {name: data})
