"""The vault: every object and every catalogue entry in every copy; objects are named by their SHA-256."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pbx.vault.catalogue import Catalogue
from pbx.vault.copy import Copy
from pbx.vault.erasing import Erasing
from pbx.vault.folder import FolderCopy
from pbx.vault.gate import Gate
from pbx.vault.healing import Healing
from pbx.vault.members import Members, state_of
from pbx.vault.membership import Membership
from pbx.vault.objects import Objects
from pbx.vault.presence import Presences
from pbx.vault.refill import Progress, Refill
from pbx.vault.register import Register
from pbx.vault.roster import Roster
from pbx.vault.scrub import Scrub
from pbx.vault.telling import told
from pbx.vault.threads import Threads
from pbx.vault.values import Batch, CopyState, Erased, Finding, Held, Presence, Refilled, Stored, nothing_erased

log = logging.getLogger(__name__)


class Vault:
    """A copy without its mark, or with most of it wrong, is frozen: it takes no writes, is no holder and no truth,
    until a person has it filled again. An object is read from it when no other copy has it, since its hash proves it.

    `copies`: the folders of the settings. `minimum`: so many must take what is to be called saved; None: one, of three
    copies or more two. `register`: the file that says which copies there are, for all processes. `patience_s`: after
    it, one goes on without a copy that hangs.
    """

    def __init__(
        self,
        copies: Sequence[Path],
        minimum: int | None = None,
        *,
        register: Path | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        make: Callable[[Path], Copy] = FolderCopy,
        patience_s: float = 10.0,
    ) -> None:
        if minimum is not None and not 1 <= minimum <= len(copies):
            raise ValueError(f"{len(copies)} copies cannot be at least {minimum}")
        file = register or copies[0].parent / "vault.json"
        gate = Gate(file.with_name(f"{file.name}.gate"))
        self._threads = Threads(patience_s)
        self._members = Members(Roster(copies, Register(file), make, clock, minimum))
        self._objects = Objects(self._members, self._threads)
        self._presences = Presences(self._members, self._threads)
        self._erasing = Erasing(self._members, gate)
        self._healing = Healing(self._members, gate)
        self._refill = Refill(self._members, self._threads, gate)
        self._membership = Membership(self._members)
        self.catalogue = Catalogue(self._members, self._threads, self._erasing)

    async def open(self) -> None:
        """Makes copies that are new and looks for the marks of the others; without it, the first use does. Raises
        CannotStart where the register is damaged, TooFewCopies where it cannot be made."""
        for state in await self.states():
            log.info(
                "copy %s of the vault in %s: %s",
                state.name,
                state.folder,
                state.frozen or ("takes writes" if state.free else "away or full"),
            )

    @property
    def copies(self) -> int:
        """How many there are, frozen ones included, retired ones not."""
        return self._members.roster.count

    async def states(self) -> list[CopyState]:
        """Of each copy, looked at just now; one that has lost its mark is frozen by it."""
        members = await self._threads.run(self._members.all)
        found = await self._threads.each(members, self._members.state, None)
        return [state or state_of(member, None) for state, member in zip(found, members, strict=True)]

    async def writable(self) -> bool:
        """True if at least the minimum of copies takes writes now."""
        states = await self.states()
        return sum(bool(state.free) and not state.frozen for state in states) >= self._members.roster.minimum()

    async def put(self, company: str, data: bytes, sidecar: Mapping[str, object]) -> Stored:
        """In every copy that works; putting the same again is harmless. The sidecar of the first time stays.

        Raises TooFewCopies.
        """
        return await self._objects.put(company, data, sidecar)

    async def get(self, company: str, sha256: str) -> bytes:
        """The bytes, hashed on the way; a copy that is damaged or away is passed over. Raises Lost."""
        return await self._objects.get(company, sha256)

    async def holders(self, company: str, objects: Sequence[tuple[str, int]]) -> list[int]:
        """For each (sha256, size): how many copies hold a file of that name and size. By looking, not by reading."""
        return await self._objects.holders(company, objects)

    async def look(self, objects: Sequence[Held]) -> list[dict[str, Presence]]:
        """For each object: how it is in each copy, by the copy's name; "away" in one that is frozen or cannot be
        reached. A copy in which more than half of at least 20 are missing or of another size is frozen, not counting
        those that are `lost`."""
        return await self._presences.look(objects)

    async def told(self, company: str) -> list[dict[str, Any]]:
        """The sidecars of all objects of a company, read, in no order. Raises TooFewCopies."""
        return await self._threads.run(lambda: told([one.copy for one in self._members.proving()], company))

    def scrub(self, cursor: str = "", rate: float | None = None) -> AsyncIterator[Batch]:
        """Reads and hashes again all that is in the copies that are not frozen, one folder after the other, beginning
        after `cursor`; at most `rate` bytes a second. It reports and heals nothing; a copy that turns out mostly wrong
        is frozen. Raises TooFewCopies where no copy can be read."""
        return Scrub(self._members, self._threads, cursor, rate).batches()

    async def heal(self, finding: Finding, erased: Erased = nothing_erased) -> str | None:
        """The copy whose proved bytes were written over it; the finding's own copy if it is whole by now. None, and
        nothing done, if no copy has it whole, if its own is frozen or away, if it was erased, or if it "differs"."""
        return await self._threads.run(lambda: self._healing.heal(finding, erased))

    async def restore(self, company: str, sha256: str, data: bytes, sidecar: Mapping[str, object]) -> Stored:
        """Like `put`, for bytes that must have this name. Raises WrongBytes, TooFewCopies."""
        return await self._objects.restore(company, sha256, data, sidecar)

    async def erase(self, company: str, sha256: str) -> set[str]:
        """Unlinks object and sidecar for good. The names of the copies that have obeyed, which those that are frozen or
        away have not; nothing there counts as obeyed. Nothing else ever unlinks an object."""
        return await self._threads.run(lambda: self._erasing.erase(company, sha256))

    async def refill(
        self, which: str | Path, progress: Progress | None = None, erased: Erased = nothing_erased
    ) -> Refilled:
        """By a person's command only: gives the copy (by name or path) its mark if it has none, fills it file for file
        from those that are not frozen, each proved on the way, and lets it take writes again; also where no other has
        content. Raises UnknownCopy, CannotRefill, NotWritten, TooFewCopies: then it is as frozen as before."""
        return await self._refill.fill(which, progress, erased)

    async def add_copy(self, path: Path) -> str:
        """Its name. It is frozen until it is filled by `refill`. Raises CannotAdd."""
        return await self._threads.run(lambda: self._membership.add(path))

    async def retire_copy(self, which: str | Path) -> None:
        """It is never touched again, and what is in it stays. Raises UnknownCopy, or CannotRetire: fewer than the
        minimum would take writes, or it alone has something."""
        await self._threads.run(lambda: self._membership.retire(which))

    def close(self) -> None:
        self._threads.close()
