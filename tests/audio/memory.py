"""How much memory this process and all that it started have, watched while something is done."""

import gc
import os
import threading
from pathlib import Path

from pbx.heap import give_back

_PAGE = os.sysconf("SC_PAGE_SIZE")
_FORKED = 0x40  # Linux's PF_FORKNOEXEC: its pages are still its parent's, and would count twice


def rss() -> int:
    """Bytes, of the whole tree."""
    total, found = 0, [str(os.getpid())]
    while found:
        process = Path("/proc", found.pop())
        try:
            own = int((process / "stat").read_text().rpartition(")")[2].split()[6]) & _FORKED == 0
            total += own * int((process / "statm").read_text().split()[1]) * _PAGE
            for thread in (process / "task").iterdir():
                found += (thread / "children").read_text().split()
        except (OSError, IndexError):  # it has just ended
            continue
    return total


class Watch:
    """`peak`: the most that there was, looked at every 20 ms."""

    def __init__(self) -> None:
        self.peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *failed: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(0.02):
            self.peak = max(self.peak, rss())


def at_rest() -> int:
    """`rss` without what lies idle: the C library keeps it for itself otherwise, as it likes."""
    gc.collect()
    give_back()
    return rss()
