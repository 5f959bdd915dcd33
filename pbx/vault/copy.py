"""One copy of the vault: a folder. Writing is believed only after reading back."""

import hashlib
import os
from pathlib import Path, PurePath

from pbx.errors import VaxelError

_READ = 1 << 20


class NotWritten(VaxelError):
    """What was read back is not what was written."""


class FolderCopy:
    """Objects are immutable: a name is written once, whole, or not at all. Functions block: call them in a thread.

    A crash leaves at most a file whose name begins with `.new-`, which nobody reads.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, path: PurePath, data: bytes, sha256: str) -> None:
        """Safe on disk when it returns, folder entries included. A file that is there already and right stays as it
        is; one that is damaged is replaced by what we hold. OSError or NotWritten if it could not be done."""
        target = self.folder / path
        _make_folders(target.parent)
        if not _is(target, sha256):
            temporary = target.with_name(f".new-{os.getpid()}-{os.urandom(6).hex()}")
            try:
                _write(temporary, data)
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)
        # Also when it was there: whoever wrote it may have died before the folder was synced.
        _sync_folder(target.parent)
        if not _is(target, sha256):
            raise NotWritten(str(target))

    def get(self, path: PurePath) -> bytes:
        """OSError if it is not there or cannot be read."""
        return (self.folder / path).read_bytes()

    def size(self, path: PurePath) -> int | None:
        """In bytes; None if it is not there."""
        try:
            return (self.folder / path).stat().st_size
        except OSError:
            return None


def sha256_of(path: Path) -> str:
    """Hex, read in pieces: memory does not grow with the file."""
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_READ):
            hashed.update(piece)
    return hashed.hexdigest()


def _is(path: Path, sha256: str) -> bool:
    try:
        return sha256_of(path) == sha256
    except FileNotFoundError:
        return False


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o400), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _make_folders(folder: Path) -> None:
    """Each new folder's entry is synced into its parent, or a crash could take the whole branch."""
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
