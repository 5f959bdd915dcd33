"""A copy of the vault in a folder."""

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from io import FileIO, RawIOBase
from pathlib import Path, PurePath

from pbx.vault.durable import make_folders, sync_folder, write_new
from pbx.vault.errors import NotWritten
from pbx.vault.hashing import is_the_same

_TEMPORARY = ".new-"
_STALE_S = 3600.0
_AT_ONCE = 100
_NOT_THERE = (FileNotFoundError, NotADirectoryError)
_writing: set[str] = set()  # by this process, now


class FolderCopy:
    """Its file system must know hard links, since a link is what either makes a whole file or finds one there.

    A crash leaves at most a file whose name begins with `.new-`, which nobody reads.
    """

    def __init__(self, folder: Path) -> None:
        self._root = str(folder)
        self._safe = {str(one) for one in (folder, *folder.parents)}

    def put(self, folder: PurePath, files: Mapping[str, bytes]) -> None:
        parent = Path(self._root, folder)
        make_folders(parent, self._safe)
        wrong = {name: data for name, data in files.items() if not _is(f"{parent}/{name}", data)}
        with _written(parent, wrong) as temporary:
            for name, path in temporary.items():
                os.replace(path, f"{parent}/{name}")  # noqa: PTH105
        # Also when all were there: whoever wrote them may have died before the folder was synced.
        sync_folder(parent)
        for name, data in wrong.items():
            if not _is(f"{parent}/{name}", data):
                raise NotWritten(f"{parent}/{name}")

    def create(self, folder: PurePath, files: Mapping[str, bytes]) -> None:
        parent = Path(self._root, folder)
        make_folders(parent, self._safe)
        new = [name for name in files if not os.path.lexists(parent / name)]
        for at in range(0, len(new), _AT_ONCE):
            with _written(parent, {name: files[name] for name in new[at : at + _AT_ONCE]}) as temporary:
                for name, path in temporary.items():
                    with contextlib.suppress(FileExistsError):
                        os.link(path, f"{parent}/{name}")
        sync_folder(parent)

    def open(self, path: PurePath) -> RawIOBase:
        return FileIO(f"{self._root}/{path}")

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
        _remove_left(parent)
        sync_folder(parent)

    def free(self) -> int:
        there = os.statvfs(self._root)
        return 0 if there.f_flag & os.ST_RDONLY else there.f_bavail * there.f_frsize


@contextlib.contextmanager
def _written(parent: Path, files: Mapping[str, bytes]) -> Iterator[dict[str, str]]:
    """By name: a file with these bytes, safe on the disk, which is gone afterwards unless it was moved."""
    temporary = {name: f"{parent}/{_TEMPORARY}{os.getpid()}-{os.urandom(6).hex()}" for name in files}
    _writing.update(temporary.values())
    try:
        write_new({temporary[name]: data for name, data in files.items()})
        yield temporary
    finally:
        for path in temporary.values():
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)  # noqa: PTH108
        _writing.difference_update(temporary.values())


def _remove_left(parent: Path) -> None:
    """What a crash left half written: it may be a part of the very thing that must be gone. Raises BlockingIOError
    while it may be one that another process is writing."""
    for left in parent.glob(f"{_TEMPORARY}*"):
        if str(left) in _writing:
            continue
        writer = left.name.removeprefix(_TEMPORARY).partition("-")[0]
        lives = writer != str(os.getpid()) and Path("/proc", writer).exists()
        if lives and time.time() - left.stat().st_mtime < _STALE_S:
            raise BlockingIOError(f"{left} is being written")
        left.unlink(missing_ok=True)


def _is(path: str, data: bytes) -> bool:
    """What cannot be read is not right: it is written over."""
    try:
        with FileIO(path) as file:
            return is_the_same(file, data)
    except OSError:
        return False
