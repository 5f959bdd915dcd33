"""Files and folders that are on the disk when the function returns."""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

P = TypeVar("P", str, Path)


def write_new(files: Mapping[P, bytes]) -> None:
    """Files that were not there, readable by their owner only; not too many at once, since all are open together.
    FileExistsError if one was there. Their folder is not synced."""
    with ExitStack() as at_end:
        opened: list[int] = []
        for path in files:
            opened.append(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o400))
            at_end.callback(os.close, opened[-1])
        for file, data in zip(opened, files.values(), strict=True):
            _write(file, data)
            # Sent off now, all of them go to the disk's journal together, and the second fsync has nothing to wait for.
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        for file in opened:
            os.fsync(file)


def _write(file: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]


def make_folders(folder: Path, safe: set[str] | None = None) -> None:
    """Each new folder's entry is synced into its parent, or a crash could take the whole branch. `safe`: those of which
    that is known; of others also the entry of one that is there is synced, since its maker may have died before."""
    if folder.is_dir() and (safe is None or str(folder) in safe):
        return
    make_folders(folder.parent, safe)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)
    if safe is not None:
        safe.add(str(folder))


def sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
