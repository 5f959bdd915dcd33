"""How much memory this process and all that it started have, watched while something is done."""

import os
import threading
from collections import defaultdict
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


def rss() -> int:
    """Bytes, of the whole tree."""
    children: dict[int, list[int]] = defaultdict(list)
    resident: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            resident[int(folder.name)] = int((folder / "statm").read_text().split()[1]) * _PAGE
        except (OSError, IndexError):
            continue
        children[int(stat[1])].append(int(folder.name))
    total, found = 0, [os.getpid()]
    while found:
        pid = found.pop()
        total += resident.get(pid, 0)
        found += children[pid]
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
