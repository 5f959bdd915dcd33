"""The copies: found again by their marks, and frozen when they are not what they were."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from pbx.errors import VaxelError
from pbx.vault.copy import Copy
from pbx.vault.errors import NotTaking, TooFewCopies, UnknownCopy
from pbx.vault.mark import is_bare, read_mark
from pbx.vault.register import Frozen, Record
from pbx.vault.roster import Roster
from pbx.vault.values import CopyState


@dataclass(frozen=True, slots=True)
class Member:
    """A copy and what the register says of it, at this moment."""

    record: Record
    copy: Copy

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def frozen(self) -> Frozen | None:
        return self.record.frozen


class Members:
    """Functions block, and may be called from many threads. They raise what Roster.live does."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster

    def all(self) -> list[Member]:
        """Those that are not retired, frozen ones included."""
        return [Member(record, self.roster.copy_at(record.path)) for record in self.roster.live()]

    def taking(self) -> list[Member]:
        """Those that take writes and count as holders: not frozen, and their mark was seen just now."""
        return [member for member in self.all() if self.takes(member)]

    def proving(self) -> list[Member]:
        """The same, where at least one is needed. Raises TooFewCopies."""
        if not (taking := self.taking()):
            raise TooFewCopies("no copy of the vault can be read")
        return taking

    def takes(self, member: Member) -> bool:
        try:
            self.check(member)
        except (OSError, VaxelError):
            return False
        return True

    def check(self, member: Member) -> None:
        """Before anything is written. Raises NotTaking, or OSError if it cannot be reached; a copy without its mark is
        frozen: a bare mount point looks like an empty copy."""
        if member.frozen:
            raise NotTaking(f"copy {member.name} is frozen: {member.frozen.why}")
        if member.record.mark is None:
            is_bare(member.copy)  # raises what keeps it from being made
            raise NotTaking(f"copy {member.name} could not be made in {member.record.path}")
        mark = read_mark(member.copy)
        if mark is None or mark.id != member.record.mark:
            why = "its mark is not there" if mark is None else f"it carries another copy's mark ({mark.id})"
            self.roster.freeze(member.name, why)
            raise NotTaking(f"copy {member.name}: {why}")

    def find(self, which: str | Path) -> Member:
        """By name or path. Raises UnknownCopy."""
        members = self.all()
        for member in members:
            if str(which) == member.name or Path(which).absolute() == member.record.path:
                return member
        raise UnknownCopy(f"{which} is none of {', '.join(f'{m.name} ({m.record.path})' for m in members)}")

    def state(self, member: Member) -> CopyState:
        """Looked at just now, which freezes one that has lost its mark."""
        self.takes(member)
        now = next((one for one in self.all() if one.name == member.name), member)
        free: int | None = None
        with contextlib.suppress(OSError):
            if read_mark(now.copy) is not None:
                free = now.copy.free()
        return state_of(now, free)


def state_of(member: Member, free: int | None) -> CopyState:
    why, since = (member.frozen.why, member.frozen.since) if member.frozen else (None, None)
    return CopyState(member.name, member.record.path, why, since, free is not None, free)
