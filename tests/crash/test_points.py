"""Killed at any system call, by a power cut, or with a disk that fails or is full: nothing announced is lost."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.crash.tally import PROPERTY, Tally

_ROOM = 500_000_000
_TELL_EVERY = 100
TOGETHER = [
    ["greeting"],
    ["prompt"],
    ["voice message", "wait"],
    ["publish", "edit"],
    ["heal", "scrub", "refill"],
    ["erase"],
    ["picture", "own phrase"],
    ["import", "bring back"],
]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory, where there is room: what is synced here is synced in name only, and hundreds of times."""
    memory = Path("/dev/shm")  # noqa: S108
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    made = Path(tempfile.mkdtemp(prefix="vaxel-crash-", dir=memory if roomy else tmp_path))
    yield made
    shutil.rmtree(made)


@pytest.mark.timeout(24 * 3600)
@pytest.mark.parametrize("names", TOGETHER, ids=", ".join)
async def test_whatever_ends_or_fails_nothing_that_was_announced_is_lost(
    names: list[str], folder: Path, record_property: Callable[[str, object], None]
) -> None:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.crash", str(folder), *names),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=1 << 24,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert program.stdout is not None
    assert program.stderr is not None
    points = []
    async for line in program.stdout:
        points.append(json.loads(line))
        if len(points) % _TELL_EVERY == 0:
            print(f"crash, {', '.join(names)}: {len(points)} points", file=sys.stderr)
    logged = await program.stderr.read()
    assert await program.wait() == 0, logged.decode()
    tally = Tally()
    for point in points:
        tally.add(point)
    record_property(PROPERTY, tally.dumped())
    print(*tally.lines(), sep="\n")
    assert {point["operation"] for point in points} == set(names)
    assert [point for point in points if point["lacks"]] == []
