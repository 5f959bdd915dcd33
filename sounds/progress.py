"""How far a long step is: one line that grows on a terminal, a line every few seconds in a log."""

import sys
import time

_EVERY_S = 5.0


class Progress:
    """`Phrases: 120 of 564`."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._done = what, total, 0
        self._terminal = sys.stdout.isatty()
        self._told_at = time.monotonic()

    def step(self) -> None:
        self._done += 1
        now = time.monotonic()
        if self._terminal:
            sys.stdout.write(f"\r{self._line()}")
        elif now - self._told_at >= _EVERY_S and self._done < self._total:
            sys.stdout.write(f"{self._line()}\n")
        else:
            return
        self._told_at = now
        sys.stdout.flush()

    def end(self) -> None:
        if self._terminal and self._total:
            sys.stdout.write("\n")

    def _line(self) -> str:
        return f"{self._what}: {self._done} of {self._total}"
