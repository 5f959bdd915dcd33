"""The only code that unlinks an object or an entry. It is called for an erase order, and for nothing else."""

import logging
from collections.abc import Callable, Sequence
from pathlib import PurePath

from pbx.errors import VaxelError
from pbx.vault import chain
from pbx.vault.gate import Gate
from pbx.vault.layout import catalogue_folder, object_path, sidecar_path
from pbx.vault.members import Member, Members

log = logging.getLogger(__name__)


class Erasing:
    """Functions block."""

    def __init__(self, members: Members, gate: Gate) -> None:
        self._members = members
        self._gate = gate

    def erase(self, company: str, sha256: str) -> set[str]:
        return self._obeyed(str(object_path(company, sha256)), lambda member: remove_object(member, company, sha256))

    def trim(self, company: str, before: int) -> set[str]:
        return self._obeyed(f"entries of {company} before {before}", lambda member: trim(member, company, before))

    def _obeyed(self, what: str, order: Callable[[Member], bool]) -> set[str]:
        obeyed: set[str] = set()
        try:
            with self._gate.erasing():
                obeyed.update(member.name for member in self._members.all() if self._obeys(member, what, order))
        except OSError as error:
            log.error("%s cannot be erased now: %s", what, error)
        return obeyed

    def _obeys(self, member: Member, what: str, order: Callable[[Member], bool]) -> bool:
        try:
            self._members.check(member)
            return order(member)
        except (OSError, VaxelError) as error:
            log.warning("copy %s has not erased %s: %s", member.name, what, error)
            return False


def remove_object(member: Member, company: str, sha256: str) -> bool:
    path, about = object_path(company, sha256), sidecar_path(company, sha256)
    return _remove(member, path.parent, [path.name, about.name])


def trim(member: Member, company: str, before: int) -> bool:
    """Only where the log can begin there: with a whole image."""
    image = chain.entry_in(member.copy, company, before)
    if image is None or image.kind != "image":
        log.error("copy %s has no image %d of company %s: nothing is removed", member.name, before, company)
        return False
    old = sorted(number for number in chain.numbers(member.copy, company) if number < before)
    return _remove(member, catalogue_folder(company), [f"{number:012d}" for number in old])


def _remove(member: Member, folder: PurePath, names: Sequence[str]) -> bool:
    member.copy.remove(folder, names)
    return True
