"""A copy of the vault in a folder."""

import contextlib
import os
import time
from collections.abc import Iterable, Mapping
from io import RawIOBase
from pathlib import Path, PurePath

from pbx.vault.durable import make_folders, sync_folder, write_new
from pbx.vault.errors import NotWritten
from pbx.vault.hashing import sha256_of

_TEMPORARY = ".new-"
_STALE_S = 3600.0
_NOT_THERE = (FileNotFoundError, NotADirectoryError)


class FolderCopy:
    """Its file system must know hard links, since a link is what either makes a whole file or finds one there.

    A crash leaves at most a file whose name begins with `.new-`, which nobody reads.
    """

    def __init__(self, folder: Path) -> None:
        self._root = str(folder)

    def put(self, path: PurePath, data: bytes, sha256: str) -> None:
        target = Path(self._root, path)
        make_folders(target.parent)
        if not _is(target, sha256):
            temporary = _temporary(target.parent)
            try:
                write_new(temporary, data)
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)
        # Also when it was there: whoever wrote it may have died before the folder was synced.
        sync_folder(target.parent)
        if not _is(target, sha256):
            raise NotWritten(str(target))

    def create(self, folder: PurePath, files: Mapping[str, bytes]) -> None:
        parent = Path(self._root, folder)
        make_folders(parent)
        for name, data in files.items():
            target = parent / name
            if os.path.lexists(target):
                continue
            temporary = _temporary(parent)
            try:
                write_new(temporary, data)
                with contextlib.suppress(FileExistsError):
                    target.hardlink_to(temporary)
            finally:
                temporary.unlink(missing_ok=True)
        sync_folder(parent)

    def open(self, path: PurePath) -> RawIOBase:
        return Path(self._root, path).open("rb", buffering=0)

    def size(self, path: PurePath | str) -> int | None:
        try:
            return os.stat(f"{self._root}/{path}").st_size  # noqa: PTH116  twice as quick
        except _NOT_THERE:
            return None

    def names(self, folder: PurePath) -> list[str]:
        try:
            return [name for name in os.listdir(Path(self._root, folder)) if not name.startswith(".")]  # noqa: PTH208
        except FileNotFoundError:
            return []

    def remove(self, folder: PurePath, names: Iterable[str]) -> None:
        parent = Path(self._root, folder)
        if not parent.is_dir():
            return
        for name in names:
            (parent / name).unlink(missing_ok=True)
        _remove_stale(parent)
        sync_folder(parent)

    def free(self) -> int:
        there = os.statvfs(self._root)
        return 0 if there.f_flag & os.ST_RDONLY else there.f_bavail * there.f_frsize


def _temporary(parent: Path) -> Path:
    return parent / f"{_TEMPORARY}{os.getpid()}-{os.urandom(6).hex()}"


def _remove_stale(parent: Path) -> None:
    """What a crash left half written: it may be a part of the very thing that must be gone."""
    for left in parent.glob(f"{_TEMPORARY}*"):
        if time.time() - left.stat().st_mtime > _STALE_S:
            left.unlink(missing_ok=True)


def _is(path: Path, sha256: str) -> bool:
    """What cannot be read is not right: it is written over."""
    try:
        with path.open("rb", buffering=0) as file:
            return sha256_of(file)[0] == sha256
    except OSError:
        return False
