"""The vault: every object in every copy, named by its SHA-256."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypeVar

from pbx.errors import Lost, VaxelError
from pbx.vault.copy import FolderCopy, NotWritten
from pbx.vault.layout import object_path, sidecar_path

T = TypeVar("T")
FORMAT = 1
# An fsync waits for a disk, not for a core: at 10 ms each, the default pool of cores + 4 threads would be the limit.
_THREADS = 16

log = logging.getLogger(__name__)


class TooFewCopies(VaxelError):
    """Fewer copies than the minimum took the object. What was to be kept is still where it came from."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that was read back and compared in so many copies."""

    sha256: str
    size: int
    copies: int


class Vault:
    def __init__(self, copies: Sequence[Path], minimum: int = 1) -> None:
        if not 1 <= minimum <= len(copies):
            raise ValueError(f"{len(copies)} copies cannot be at least {minimum}")
        self._copies = [FolderCopy(folder) for folder in copies]
        self._minimum = minimum
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="vault")

    @property
    def copies(self) -> int:
        """How many there are."""
        return len(self._copies)

    async def put(self, company: str, data: bytes, sidecar: Mapping[str, object]) -> Stored:
        """In every copy that works; putting the same again is harmless. The sidecar of the first time stays.

        Raises TooFewCopies.
        """
        sha256 = await self._run(lambda: hashlib.sha256(data).hexdigest())
        about = {"format": FORMAT, "company": company, "sha256": sha256, "size": len(data), **sidecar}
        text = json.dumps(about, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8", "replace")
        took = await asyncio.gather(
            *(self._run(_putting(copy, company, sha256, data, text)) for copy in self._copies), return_exceptions=True
        )
        failed = [error for error in took if error is not None]
        for error in failed:
            if not isinstance(error, OSError | NotWritten):
                raise error
            log.error("a vault copy did not take %s of company %s: %s", sha256, company, error)
        if len(took) - len(failed) < self._minimum:
            raise TooFewCopies(f"{sha256}: {'; '.join(map(str, failed))}")
        return Stored(sha256, len(data), len(took) - len(failed))

    async def get(self, company: str, sha256: str) -> bytes:
        """The bytes, hashed on the way; a copy that is damaged or away is passed over. Raises Lost."""
        path = object_path(company, sha256)
        for copy in self._copies:
            try:
                data = await self._run(_getting(copy, path, sha256))
            except OSError as error:
                log.warning("a vault copy cannot give %s of company %s: %s", sha256, company, error)
                continue
            if data is not None:
                return data
            log.error("%s holds %s of company %s damaged", copy.folder, sha256, company)
        raise Lost(f"{sha256} of company {company}")

    async def holders(self, company: str, objects: Sequence[tuple[str, int]]) -> list[int]:
        """For each (sha256, size): how many copies hold a file of that name and size. By looking, not by reading."""

        def look() -> list[int]:
            paths = [(object_path(company, sha256), size) for sha256, size in objects]
            return [sum(copy.size(path) == size for copy in self._copies) for path, size in paths]

        return await self._run(look)

    def close(self) -> None:
        self._threads.shutdown(wait=True)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _putting(copy: FolderCopy, company: str, sha256: str, data: bytes, sidecar: bytes) -> Callable[[], None]:
    def put() -> None:
        about = sidecar_path(company, sha256)
        if copy.size(about) is None:  # before the object: no object is ever without
            copy.put(about, sidecar, hashlib.sha256(sidecar).hexdigest())
        copy.put(object_path(company, sha256), data, sha256)

    return put


def _getting(copy: FolderCopy, path: PurePath, sha256: str) -> Callable[[], bytes | None]:
    def get() -> bytes | None:
        data = copy.get(path)
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    return get
