"""Copies that fail in ways that a folder can fail, and a folder on a disk that the test can break."""

import errno
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from io import RawIOBase
from pathlib import Path, PurePath

from pbx.vault.folder import FolderCopy


class Faulty(FolderCopy):
    """Raises the error number that stands in `fails` under the function's name, for paths that end with `about`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.fails: dict[str, int] = {}
        self.about = ""

    def put(self, folder: PurePath, files: Mapping[str, bytes]) -> None:
        self._may_fail("put", folder)
        super().put(folder, files)

    def create(self, folder: PurePath, files: Mapping[str, bytes]) -> None:
        self._may_fail("create", folder)
        super().create(folder, files)

    def open(self, path: PurePath) -> RawIOBase:
        self._may_fail("open", path)
        return super().open(path)

    def size(self, path: PurePath | str) -> int | None:
        self._may_fail("size", path)
        return super().size(path)

    def names(self, folder: PurePath) -> list[str]:
        self._may_fail("names", folder)
        return super().names(folder)

    def remove(self, folder: PurePath, names: Iterable[str]) -> None:
        self._may_fail("remove", folder)
        super().remove(folder, names)

    def broken(self, **fails: int) -> None:
        """`broken(put=ENOSPC)`; without arguments it works again."""
        self.fails = fails

    def away(self) -> None:
        """As a disk that was pulled out."""
        self.fails = dict.fromkeys(("put", "create", "open", "size", "names", "remove"), errno.EIO)

    def _may_fail(self, function: str, path: PurePath | str) -> None:
        if function in self.fails and str(path).endswith(self.about):
            raise OSError(self.fails[function], os.strerror(self.fails[function]), str(path))


class Faults:
    """Makes the copies of a vault, and keeps them at hand by the folder's name."""

    def __init__(self) -> None:
        self.made: dict[str, Faulty] = {}

    def make(self, folder: Path) -> Faulty:
        return self.made.setdefault(folder.name, Faulty(folder))

    def __getitem__(self, folder: str) -> Faulty:
        return self.made[folder]


def overwrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    """What is in the file, changed where it lies, as a rotting disk would."""
    path.chmod(0o600)
    path.write_bytes(change(path.read_bytes()))


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


class Hanging(FolderCopy):
    """Answers only while `goes_on` is set, else hangs as a disk that tries for ever."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.goes_on = threading.Event()
        self.goes_on.set()

    def open(self, path: PurePath) -> RawIOBase:
        self.goes_on.wait()
        return super().open(path)
