"""Whether published files are still what was written.

Beside them lies a seal: the hash of each, and how they stood on the disk when it was set. A look asks the disk how they
stand, and no more. What stands otherwise is read; so is what stands as it did, a share at each look over everything,
since a disk may lose a bit without anybody having written. Files whose seal is broken or gone are made anew.
"""

import hashlib
import json
import os
import random
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pbx.phrases import EXTENSIONS

SHARES = 256
"""So many looks over everything, at least two hours in all, until each file was read."""


class Seals:
    """Functions block: call them in a thread."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}  # how they stood when they were found right, hashed, which needs less memory
        self._before: dict[str, int] = {}
        self._share = random.randrange(SHARES)  # noqa: S311  a restart begins anywhere, so that each has its turn

    def turn(self) -> None:
        """A look over everything begins: another share is read in it. What was not asked for since the last but one
        is forgotten."""
        self._share = (self._share + 1) % SHARES
        self._known, self._before = {}, self._known

    def intact(self, base: Path, *, read: bool = False) -> bool:
        """Whether all files are there and what they were. `read`: by reading them, not by how they stand."""
        stands = _standing(base)
        if stands is None:
            return False
        if read or int(base.name[:2], 16) == self._share:
            return self._read(base, stands)
        key, mark = str(base), hash(stands)
        if self._known.get(key, self._before.get(key)) == mark or _sealed(base).get("stood") == stands:
            self._known[key] = mark
            return True
        return self._read(base, stands)

    def set(self, base: Path, rendered: Mapping[str, bytes]) -> None:
        """These files were just written. Raises OSError."""
        sums = {extension: hashlib.sha256(data).hexdigest() for extension, data in rendered.items()}
        stands = _standing(base)
        if stands is not None:
            _write(base, sums, stands)
            self._known[str(base)] = hash(stands)

    def break_all(self, published: Path) -> None:
        """Everything is made anew when it is looked at next: also by whoever begins after us. Raises OSError."""
        for seal in published.glob("*/*/.*.seal"):
            seal.unlink(missing_ok=True)
        self._known, self._before = {}, {}

    def _read(self, base: Path, stands: str) -> bool:
        sealed = _sealed(base)
        if not sealed:
            return False
        try:
            right = sealed["sha256"] == {extension: _sum(base, extension) for extension in EXTENSIONS}
        except OSError:
            return False
        if not right:
            with suppress(OSError):
                _file(base).unlink(missing_ok=True)
            self._known.pop(str(base), None)
            self._before.pop(str(base), None)
            return False
        if sealed["stood"] != stands:
            with suppress(OSError):  # a full disk: they are read again at the next start
                _write(base, sealed["sha256"], stands)
        self._known[str(base)] = hash(stands)
        return True


def _standing(base: Path) -> str | None:
    """Whoever writes into a file changes one of these, whatever he does about its time and length. None where a file
    is missing."""
    try:
        files = [os.stat(f"{base}.{extension}") for extension in EXTENSIONS]  # noqa: PTH116  quicker, for thousands
    except OSError:
        return None
    return " ".join(f"{one.st_size} {one.st_mtime_ns} {one.st_ctime_ns} {one.st_ino}" for one in files)


def _sum(base: Path, extension: str) -> str:
    with open(f"{base}.{extension}", "rb") as file:  # noqa: PTH123
        return hashlib.file_digest(file, "sha256").hexdigest()


def _file(base: Path) -> Path:
    return base.with_name(f".{base.name}.seal")


def _sealed(base: Path) -> dict[str, Any]:
    try:
        told = json.loads(_file(base).read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) and told.keys() == {"sha256", "stood"} else {}


def _write(base: Path, sums: Mapping[str, str], stands: str) -> None:
    """Without waiting for the disk: a seal that is lost costs the making of four files."""
    beside = base.with_name(f".{base.name}.seal.{os.getpid()}.{threading.get_ident()}")
    beside.write_text(json.dumps({"sha256": dict(sums), "stood": stands}))
    beside.replace(_file(base))
