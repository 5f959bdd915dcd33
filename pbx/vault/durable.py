"""Files and folders that are on the disk when the function returns."""

import os
from pathlib import Path


def write_new(path: Path, data: bytes) -> None:
    """A file that was not there, readable by its owner only. FileExistsError if it was. Its folder is not synced."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o400), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def make_folders(folder: Path) -> None:
    """Each new folder's entry is synced into its parent, or a crash could take the whole branch."""
    if folder.is_dir():
        return
    make_folders(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
