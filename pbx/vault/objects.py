"""Objects: put into every copy, read from any. A fault of one copy is told and stops no other."""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from pbx.errors import Lost, VaxelError
from pbx.vault.copy import Copy
from pbx.vault.errors import TooFewCopies, WrongBytes
from pbx.vault.layout import object_path, sidecar_path
from pbx.vault.members import Member, Members
from pbx.vault.things import whole
from pbx.vault.threads import Threads
from pbx.vault.values import Stored

FORMAT = 1
_LATE = "it has not answered in time"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _New:
    """An object on its way in, its sidecar, and where they go."""

    company: str
    sha256: str
    data: bytes
    sidecar: bytes
    path: PurePath
    about: PurePath


class Objects:
    def __init__(self, members: Members, threads: Threads) -> None:
        self._members = members
        self._threads = threads
        self._run = threads.run

    async def put(self, company: str, data: bytes, sidecar: Mapping[str, object]) -> Stored:
        return await self._put(lambda: _new(company, data, sidecar))

    async def restore(self, company: str, sha256: str, data: bytes, sidecar: Mapping[str, object]) -> Stored:
        def proved() -> _New:
            new = _new(company, data, sidecar)
            if new.sha256 != sha256:
                raise WrongBytes(f"these are not the bytes of {sha256} of company {company}")
            return new

        return await self._put(proved)

    async def _put(self, prepare: Callable[[], _New]) -> Stored:
        """Two turns in threads and no more: on a busy machine each may wait as long as the disk takes."""
        new, members = await self._run(lambda: (prepare(), self._members.all()))
        took = await self._threads.each(members, lambda member: self._put_into(member, new), _LATE)
        failed = [why for why in took if why]
        if len(took) - len(failed) < self._members.roster.minimum():
            raise TooFewCopies(f"{new.sha256}: {'; '.join(failed)}")
        return Stored(new.sha256, len(new.data), len(took) - len(failed))

    def _put_into(self, member: Member, new: _New) -> str:
        """Why it could not be done; empty if it was."""
        try:
            self._members.check(member)
            files = {new.path.name: new.data}
            if whole(member.copy, "sidecar", new.company, new.sha256) is None:  # ahead of the object, never without
                files = {new.about.name: new.sidecar, **files}
            member.copy.put(new.path.parent, files)
        except (OSError, VaxelError) as error:
            if not member.frozen:  # which was told when it was frozen
                log.error("copy %s did not take %s of company %s: %s", member.name, new.sha256, new.company, error)
            return str(error)
        return ""

    async def get(self, company: str, sha256: str) -> bytes:
        members = await self._run(self._members.all)
        for member in sorted(members, key=lambda member: member.frozen is not None):
            data = await self._threads.ask(member, lambda one: whole(one.copy, "object", company, sha256), None)
            if data is not None:
                return data
        raise Lost(f"{sha256} of company {company}")

    async def holders(self, company: str, objects: Sequence[tuple[str, int]]) -> list[int]:
        paths = [(object_path(company, sha256), size) for sha256, size in objects]

        def look(member: Member) -> list[bool]:
            takes = self._members.takes(member)
            return [takes and _has(member.copy, path, size) for path, size in paths]

        members = await self._run(self._members.all)
        return [sum(row) for row in zip(*await self._threads.each(members, look, [False] * len(paths)), strict=True)]


def _new(company: str, data: bytes, sidecar: Mapping[str, object]) -> _New:
    """Raises BadName."""
    sha256 = hashlib.sha256(data).hexdigest()
    about = {"format": FORMAT, "company": company, "sha256": sha256, "size": len(data), **sidecar}
    text = json.dumps(about, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8", "replace")
    return _New(company, sha256, data, text, object_path(company, sha256), sidecar_path(company, sha256))


def _has(copy: Copy, path: PurePath, size: int) -> bool:
    try:
        return copy.size(path) == size
    except OSError:
        return False
