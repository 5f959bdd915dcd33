"""Objects: put into every copy, read from any. A fault of one copy is told and stops no other."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
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


class Objects:
    def __init__(self, members: Members, threads: Threads, minimum: int) -> None:
        self._members = members
        self._threads = threads
        self._run = threads.run
        self._minimum = minimum

    async def put(self, company: str, data: bytes, sidecar: Mapping[str, object]) -> Stored:
        sha256 = await self._run(lambda: hashlib.sha256(data).hexdigest())
        return await self._put(company, sha256, data, sidecar)

    async def restore(self, company: str, sha256: str, data: bytes, sidecar: Mapping[str, object]) -> Stored:
        if await self._run(lambda: hashlib.sha256(data).hexdigest()) != sha256:
            raise WrongBytes(f"these are not the bytes of {sha256} of company {company}")
        return await self._put(company, sha256, data, sidecar)

    async def _put(self, company: str, sha256: str, data: bytes, sidecar: Mapping[str, object]) -> Stored:
        about = {"format": FORMAT, "company": company, "sha256": sha256, "size": len(data), **sidecar}
        text = json.dumps(about, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8", "replace")
        object_path(company, sha256)  # raises BadName
        members = await self._run(self._members.all)
        took = await self._threads.each(members, lambda to: self._put_into(to, company, sha256, data, text), _LATE)
        failed = [why for why in took if why]
        if len(took) - len(failed) < self._minimum:
            raise TooFewCopies(f"{sha256}: {'; '.join(failed)}")
        return Stored(sha256, len(data), len(took) - len(failed))

    def _put_into(self, member: Member, company: str, sha256: str, data: bytes, sidecar: bytes) -> str:
        """Why it could not be done; empty if it was."""
        try:
            self._members.check(member)
            path, about = object_path(company, sha256), sidecar_path(company, sha256)
            files = {path.name: data}
            if whole(member.copy, "sidecar", company, sha256) is None:  # ahead of the object, which is never without
                files = {about.name: sidecar, **files}
            member.copy.put(path.parent, files)
        except (OSError, VaxelError) as error:
            if not member.frozen:  # which was told when it was frozen
                log.error("copy %s did not take %s of company %s: %s", member.name, sha256, company, error)
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


def _has(copy: Copy, path: PurePath, size: int) -> bool:
    try:
        return copy.size(path) == size
    except OSError:
        return False
