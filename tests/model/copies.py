"""Copies of a vault that fail as disks do, and that tell what was written to them."""

import errno
import os
from collections.abc import Iterable, Mapping
from io import RawIOBase
from pathlib import Path, PurePath
from typing import Literal

from pbx.vault.folder import FolderCopy

Mode = Literal["well", "full", "read-only", "broken", "slow"]
"""Full, and read-only: can be read. Broken: every touch is an error. Slow: it answers later than anybody waits."""

_REFUSES: Mapping[Mode, tuple[int, frozenset[str]]] = {
    "full": (errno.ENOSPC, frozenset({"put", "create"})),
    "read-only": (errno.EROFS, frozenset({"put", "create", "remove"})),
    "broken": (errno.EIO, frozenset({"put", "create", "remove", "open", "size", "names", "free"})),
}


class Frail(FolderCopy):
    """`written`, `removed`: paths in it, since somebody emptied the lists; also what it refused."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        self.mode: Mode = "well"
        self.written: list[str] = []
        self.removed: list[str] = []

    @property
    def readable(self) -> bool:
        return self.mode != "broken"

    def put(self, folder: PurePath, files: Mapping[str, bytes]) -> None:
        self.written += [f"{folder}/{name}" for name in files]
        self._may("put")
        super().put(folder, files)

    def create(self, folder: PurePath, files: Mapping[str, bytes]) -> None:
        self.written += [f"{folder}/{name}" for name in files]
        self._may("create")
        super().create(folder, files)

    def open(self, path: PurePath) -> RawIOBase:
        self._may("open")
        return super().open(path)

    def size(self, path: PurePath | str) -> int | None:
        self._may("size")
        return super().size(path)

    def names(self, folder: PurePath) -> list[str]:
        self._may("names")
        return super().names(folder)

    def remove(self, folder: PurePath, names: Iterable[str]) -> None:
        names = list(names)
        self.removed += [f"{folder}/{name}" for name in names]
        self._may("remove")
        super().remove(folder, names)

    def free(self) -> int:
        self._may("free")
        return super().free() if self.mode in ("well", "slow") else 0

    def _may(self, function: str) -> None:
        error, functions = _REFUSES.get(self.mode, (0, frozenset()))
        if function in functions:
            raise OSError(error, os.strerror(error), f"{self.folder} {function}")
