"""The register: which copies there are, as a file that several processes share."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pbx.errors import CannotStart
from pbx.vault.durable import make_folders, sync_folder, write_new

FORMAT = 1
Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Frozen:
    """`since`: UTC, ISO 8601."""

    why: str
    since: str


@dataclass(frozen=True, slots=True)
class Record:
    """`mark`: the id of its mark; None until the copy could be made. `added`: by a person's command, so that it counts
    without being in the settings. `retired`: when; its name and folder are never used again."""

    name: str
    path: Path
    mark: str | None = None
    frozen: Frozen | None = None
    retired: str | None = None
    added: bool = False


class Register:
    """Functions block."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def signature(self) -> Signature | None:
        """Changes when somebody has written it; None if it is not there."""
        try:
            there = self._file.stat()
        except FileNotFoundError:
            return None
        return there.st_ino, there.st_mtime_ns, there.st_size

    def read(self) -> list[Record] | None:
        """None if it is not there. Raises CannotStart if it is not what we write."""
        try:
            told = json.loads(self._file.read_bytes())
            return [_record(one) for one in told["copies"]]
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise CannotStart(
                f"{self._file} is damaged ({error!r}): put it back from a backup, or move it away: "
                "then the copies' own marks are believed, also of one that was frozen"
            ) from error

    def write(self, records: Sequence[Record]) -> None:
        """Whole or not at all; only inside `changing`."""
        shown = [asdict(record) | {"path": str(record.path)} for record in records]
        temporary = self._file.with_name(f".new-{self._file.name}-{os.getpid()}-{os.urandom(6).hex()}")
        try:
            write_new({temporary: json.dumps({"format": FORMAT, "copies": shown}, indent=1).encode()})
            temporary.replace(self._file)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(self._file.parent)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """One process and thread at a time, to read and write in one go."""
        with locked(self._file.with_name(f"{self._file.name}.lock"), fcntl.LOCK_EX):
            yield


@contextmanager
def locked(file: Path, how: int) -> Iterator[None]:
    """Holds a lock (LOCK_SH or LOCK_EX) that all processes and threads respect; a crash lets go of it."""
    make_folders(file.parent)
    opened = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(opened, how)
        yield
    finally:
        os.close(opened)


def _record(told: dict[str, Any]) -> Record:
    frozen = told["frozen"]
    return Record(
        name=str(told["name"]),
        path=Path(told["path"]),
        mark=told["mark"],
        frozen=Frozen(str(frozen["why"]), str(frozen["since"])) if frozen else None,
        retired=told["retired"],
        added=bool(told["added"]),
    )
