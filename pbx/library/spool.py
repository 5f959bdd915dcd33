"""The spool: where takes lie beside Asterisk until the vault has them. Nothing in it is ever removed by a guess.

Functions block: call them in a thread.
"""

import os
import re
import shutil
from pathlib import Path

BYTES_A_SECOND = 32_000
SPARE_BYTES = 1_000_000
RECORDING, SURVIVAL, ASIDE = "recording", "survival", "aside"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,150}\.sln16")


class Spool:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, file: str) -> Path:
        """`file` as a take tells it: `recording/<id>.sln16`."""
        return self._folder / file

    def has_room(self, seconds: float) -> bool:
        """Whether so much can be recorded, and something be left: Asterisk calls a take done that had no room."""
        free = shutil.disk_usage(self._folder / RECORDING).free
        return free > SPARE_BYTES + seconds * BYTES_A_SECOND

    def set_aside(self, file: str) -> None:
        """Out of the way, still there: a take that was not kept, or a file that nobody knows. Nothing is overwritten.
        It does not matter if the file is not there (any more)."""
        source = self._folder / file
        folder = self._folder / ASIDE
        folder.mkdir(mode=0o700, exist_ok=True)
        target = folder / source.name
        while target.exists():
            target = folder / f"{source.stem}-{os.urandom(4).hex()}{source.suffix}"
        try:
            source.rename(target)
        except FileNotFoundError:
            return

    def secure(self, file: str) -> None:
        """On the disk when it returns, under its name: Asterisk waits for neither. What is not there is no error."""
        path = self._folder / file
        for one in (path, path.parent) if path.exists() else ():
            opened = os.open(one, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)

    def let_go(self, file: str) -> None:
        """Removes a take from the spool: only for what every copy of the vault has proved to hold."""
        (self._folder / file).unlink(missing_ok=True)

    def recordings(self) -> list[str]:
        """What lies where ARI puts takes, as `recording/<name>`."""
        folder = self._folder / RECORDING
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        return [f"{RECORDING}/{path.name}" for path in found if path.is_file()]


def survival_file(name: str) -> str | None:
    """The file's place in the spool, or None if that is no name of a survival take."""
    return f"{SURVIVAL}/{name}" if _NAME.fullmatch(name) else None
