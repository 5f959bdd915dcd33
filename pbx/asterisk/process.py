"""A process that we may not be the parent of: told apart from a later one with the same number by its start time."""

import asyncio
import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    pid: int
    started: int
    """Clock ticks after the machine's start, from /proc/PID/stat."""

    def lives(self) -> bool:
        return _started(self.pid) == self.started

    def signal(self, number: signal.Signals) -> None:
        """Does nothing if it is gone."""
        if self.lives():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def gone(self, limit_s: float) -> bool:
        """Waits until it is; False after `limit_s`."""
        end = time.monotonic() + limit_s
        while self.lives():
            if time.monotonic() > end:
                return False
            await asyncio.sleep(0.02)
        return True


def process(pid: int) -> Process | None:
    """The process that has this number now, or None; one that only waits to be reaped is none."""
    started = _started(pid)
    return None if started is None else Process(pid, started)


def process_in(pid_file: Path) -> Process | None:
    """As `process`, by a file with the number in it."""
    try:
        return process(int(pid_file.read_text()))
    except (OSError, ValueError):
        return None


def _started(pid: int) -> int | None:
    """A zombie with threads is still ending and still holds its ports; one alone only waits to be reaped."""
    here = Path(f"/proc/{pid}")
    try:
        after_name = (here / "stat").read_text().rpartition(")")[2].split()
        dead = after_name[0] in "ZX" and len(list((here / "task").iterdir())) <= 1
    except OSError:
        return None
    return None if dead else int(after_name[19])
