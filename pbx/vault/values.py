"""What the vault tells, as frozen values."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Presence = Literal["there", "missing", "wrong-size", "away"]
Kind = Literal["object", "sidecar", "entry"]
How = Literal["missing", "corrupt", "unreadable", "differs"]
Erased = Callable[[str, str], bool]
"""(company, sha256): true for what was erased for good. It is asked in the vault's threads."""


def nothing_erased(company: str, sha256: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that was read back and compared in so many copies."""

    sha256: str
    size: int
    copies: int


@dataclass(frozen=True, slots=True)
class Held:
    """An object that the rows use. `lost`: already told to be in no copy, so that it does not count against one."""

    company: str
    sha256: str
    size: int
    lost: bool = False


@dataclass(frozen=True, slots=True)
class CopyState:
    """`frozen`: why it takes no writes and is not taken for truth, `since` when (UTC, ISO 8601). `reachable`: its mark
    was seen just now. `free`: bytes that can still be written; None if it is not reachable."""

    name: str
    folder: Path
    frozen: str | None
    since: str | None
    reachable: bool
    free: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """`name`: the object's SHA-256 (also for a sidecar) or the entry's number in 12 digits. `how`: "missing" (another
    copy has the object), "corrupt", "unreadable", or "differs": another copy has another whole entry of that number,
    and only a person can tell which is right."""

    company: str
    kind: Kind
    name: str
    copy: str
    how: How


@dataclass(frozen=True, slots=True)
class Batch:
    """One folder of every copy, read. `cursor`: scrub from here to go on after it. `objects`: files that were expected
    in a copy, counted for each copy. `bytes`: read."""

    cursor: str
    objects: int
    bytes: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Refilled:
    """`objects`, `sidecars`, `entries`: written, with `bytes` in all. `right`: files that were whole already.
    `lacking`: files that no other copy holds whole, or entries of which there are two whole ones."""

    copy: str
    objects: int = 0
    sidecars: int = 0
    entries: int = 0
    bytes: int = 0
    right: int = 0
    lacking: int = 0
