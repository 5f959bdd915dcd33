"""The warden is told ten times a second that the event loop runs: a byte into the pipe that it gave us.

The beat proves the loop, not that Asterisk answers: it goes on while Asterisk is away.
"""

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable

EVERY_S = 0.1


def _to_nobody(late_s: float) -> None:
    """Who has not asked hears nothing."""


class Beat:
    """`serving`: calls may be in our hands, so that a silence of 0.8 s is the end of us.

    `after`: what became of the service before this one, "" if there was none. `last`: when it beat last (monotonic).
    `told` hears of each beat how late it was.
    """

    def __init__(self, pipe: int, after: str = "") -> None:
        os.set_inheritable(pipe, False)
        os.set_blocking(pipe, False)
        self.serving = False
        self.last = time.monotonic()
        self.after = after
        self.told: Callable[[float], None] = _to_nobody
        self._late: deque[float] = deque(maxlen=round(60 / EVERY_S))
        self._pipe = pipe

    async def run(self) -> None:
        """Until nobody listens any more."""
        while self._write():
            await asyncio.sleep(EVERY_S)
            now = time.monotonic()
            late_s = max(0.0, now - self.last - EVERY_S)
            self.last = now
            self._late.append(late_s)
            self.told(late_s)

    @property
    def latest_s(self) -> float:
        """How late the latest beat of the last minute was."""
        return max(self._late, default=0.0)

    def _write(self) -> bool:
        try:
            os.write(self._pipe, b"!" if self.serving else b".")
        except BlockingIOError:  # full: the warden is stopped, and will see that we went on
            return True
        except OSError:
            return False
        return True
