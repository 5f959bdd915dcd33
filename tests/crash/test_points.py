"""Killed at any system call, by a power cut, or with a disk that fails or is full: nothing announced is lost."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import background
from tests.crash.tally import PROPERTY, Tally

_ROOM = 500_000_000
TOGETHER = [
    (background.FIRST, ["heal", "scrub", "refill"]),
    (background.FIRST, ["voice message", "wait"]),
    (background.FIRST, ["prompt"]),
    (background.FIRST, ["greeting"]),
    (background.SECOND, ["import", "bring back"]),
    (background.SECOND, ["publish", "edit"]),
    (background.SECOND, ["picture", "own phrase"]),
    (background.SECOND, ["erase"]),
]
"""What takes long comes first: another kind of test may wait behind the last ones."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory, where there is room: what is synced here is synced in name only, and hundreds of times."""
    memory = Path("/dev/shm")  # noqa: S108
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    made = Path(tempfile.mkdtemp(prefix="vaxel-crash-", dir=memory if roomy else tmp_path))
    yield made
    shutil.rmtree(made)


@pytest.mark.timeout(24 * 3600)
@pytest.mark.parametrize(
    "names", [pytest.param(names, id=f"{beside}: {', '.join(names)}") for beside, names in TOGETHER]
)
async def test_whatever_ends_or_fails_nothing_that_was_announced_is_lost(
    names: list[str], folder: Path, record_property: Callable[[str, object], None]
) -> None:
    points = [json.loads(line) for line in await background.lines("tests.crash", str(folder), *names)]
    tally = Tally()
    for point in points:
        tally.add(point)
    record_property(PROPERTY, tally.dumped())
    print(*tally.lines(), sep="\n")
    assert {point["operation"] for point in points} == set(names)
    assert [point for point in points if point["lacks"]] == []
