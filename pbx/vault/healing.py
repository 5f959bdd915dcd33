"""Healing: proved bytes from another copy, written over what is not right. Nothing is ever removed for being absent
elsewhere, and nothing that was erased is brought back."""

import logging
from collections.abc import Sequence

from pbx.errors import VaxelError
from pbx.vault import chain
from pbx.vault.gate import Gate
from pbx.vault.members import Member, Members
from pbx.vault.things import mended, path_of, read, whole
from pbx.vault.values import Erased, Finding, Kind

log = logging.getLogger(__name__)


def bring(target: Member, sources: Sequence[Member], kind: Kind, company: str, name: str) -> tuple[str, int] | None:
    """(the copy it came from, bytes written): the target itself and 0 where it was whole already. None if none has it
    whole, nor the target what it can be made whole from. Raises OSError, NotWritten."""
    path = path_of(kind, company, name)
    there = read(target.copy, path)
    own = None if there is None else mended(there, kind, company, name)
    if own is not None and own == there:
        return target.name, 0
    for source in sources:
        data = whole(source.copy, kind, company, name)
        if data is not None:
            target.copy.put(path.parent, {path.name: data})
            return source.name, len(data)
    if own is None:
        return None
    target.copy.put(path.parent, {path.name: own})
    return target.name, len(own)


class Healing:
    """Functions block."""

    def __init__(self, members: Members, gate: Gate) -> None:
        self._members = members
        self._gate = gate

    def heal(self, finding: Finding, erased: Erased) -> str | None:
        try:
            with self._gate.bringing():
                return self._heal(finding, erased)
        except (OSError, VaxelError) as error:
            log.error("%s is not healed: %s", finding, error)
            return None

    def _heal(self, finding: Finding, erased: Erased) -> str | None:
        target = self._members.find(finding.copy)
        self._members.check(target)
        others = [member for member in self._members.all() if member.name != target.name]
        taking = [member for member in others if self._members.takes(member)]
        if finding.kind == "entry":
            return _heal_entry(target, taking, finding)
        if erased(finding.company, finding.name):
            return None
        # What a hash proves may come from a frozen copy too, when no other has it.
        sources = [*taking, *(member for member in others if member not in taking)]
        about = bring(target, sources, "sidecar", finding.company, finding.name)
        if finding.kind == "object":  # after its sidecar: no object is ever without
            about = bring(target, sources, "object", finding.company, finding.name)
        return about[0] if about else None


def _heal_entry(target: Member, sources: Sequence[Member], finding: Finding) -> str | None:
    """None also for what an erasure has made needless, or of which there are two whole ones."""
    if finding.how == "differs" or int(finding.name) < chain.first_needed(
        [member.copy for member in (target, *sources)], finding.company
    ):
        return None
    brought = bring(target, sources, "entry", finding.company, finding.name)
    return brought[0] if brought else None
