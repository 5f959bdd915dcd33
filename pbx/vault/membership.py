"""Copies that come and go, by a person's command."""

from dataclasses import replace
from pathlib import Path

from pbx.vault import chain, listing
from pbx.vault.errors import CannotAdd, CannotRetire, NotWritten
from pbx.vault.layout import is_number
from pbx.vault.members import Member, Members
from pbx.vault.register import Frozen
from pbx.vault.settling import added, settle


class Membership:
    """Functions block."""

    def __init__(self, members: Members) -> None:
        self._members = members

    def add(self, path: Path) -> str:
        path, roster = path.absolute(), self._members.roster
        self._members.all()
        with roster.changing() as records:
            if any(roster.is_live(record) and record.path == path for record in records):
                raise CannotAdd(f"{path} is a copy already")
            taken = [record for record in records if roster.is_live(record) or record.retired]
            new = added(records, [path], by_person=True)[-1]
            try:
                new = settle(new, taken, roster.copy_at(path), roster.now())
            except (OSError, NotWritten) as error:
                raise CannotAdd(f"{path}: {error}") from error
            if new.frozen:
                raise CannotAdd(f"{path}: {new.frozen.why}")
            records.append(replace(new, frozen=Frozen("it is new and not filled yet", roster.now())))
        return new.name

    def retire(self, which: str | Path) -> None:
        leaving, roster = self._members.find(which), self._members.roster
        others = [member for member in self._members.taking() if member.name != leaving.name]
        needed = roster.minimum(roster.count - 1)
        if len(others) < needed:
            raise CannotRetire(f"without copy {leaving.name} only {len(others)} take writes of {needed} needed")
        if self._members.takes(leaving) and (alone := _only_in(leaving, others)):
            raise CannotRetire(f"{alone} files of copy {leaving.name} are in no other: refill another first")
        with roster.changing() as records:
            records[:] = [replace(r, retired=roster.now()) if r.name == leaving.name else r for r in records]


def _only_in(leaving: Member, others: list[Member]) -> int:
    """How many of its files no other has. By name, not by reading. Raises TooFewCopies."""
    copies = [other.copy for other in others]
    count = 0
    for folder in listing.folders([leaving.copy]):
        alone = listing.listed([leaving.copy], folder.path) - listing.listed(copies, folder.path)
        if folder.is_catalogue:
            needed = chain.first_needed(copies, folder.company)
            alone = {name for name in alone if is_number(name) and int(name) >= needed}
        count += len(alone)
    return count
