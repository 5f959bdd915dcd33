"""The warden is told ten times a second that the event loop runs: a byte into the pipe that it gave us.

The beat proves the loop, not that Asterisk answers: it goes on while Asterisk is away. Whether the warden reads it is
seen by what is left in the pipe.
"""

import asyncio
import fcntl
import os
import struct
import termios
import time
from collections import deque
from collections.abc import Callable

EVERY_S = 0.1
# It reads as often as we write; on a busy machine a little later.
DEAF_S = 3.0


def _to_nobody(late_s: float) -> None:
    """Who has not asked hears nothing."""


class Beat:
    """`serving`: calls may be in our hands, so that a silence of 0.8 s is the end of us.

    `after`: what became of the service before this one, "" if there was none. `heard`: when the warden had last read
    all of it (monotonic). `told` hears of each beat how late it was.
    """

    def __init__(self, pipe: int, after: str = "") -> None:
        os.set_inheritable(pipe, False)
        os.set_blocking(pipe, False)
        self.serving = False
        self.heard = self._last = time.monotonic()
        self.after = after
        self.told: Callable[[float], None] = _to_nobody
        self._late: deque[float] = deque(maxlen=round(60 / EVERY_S))
        self._pipe = pipe

    async def run(self) -> None:
        """Until nobody listens any more."""
        while self._write():
            await asyncio.sleep(EVERY_S)
            now = time.monotonic()
            late_s = max(0.0, now - self._last - EVERY_S)
            self._last = now
            self._late.append(late_s)
            self.told(late_s)

    @property
    def latest_s(self) -> float:
        """How late the latest beat of the last minute was."""
        return max(self._late, default=0.0)

    @property
    def deaf(self) -> bool:
        """Nobody would notice now that we hang."""
        return time.monotonic() - self.heard > DEAF_S

    @property
    def unread(self) -> int:
        """Beats that the warden has not read yet."""
        (count,) = struct.unpack("i", fcntl.ioctl(self._pipe, termios.FIONREAD, bytes(4)))
        return int(count)

    def _write(self) -> bool:
        if not self.unread:
            self.heard = time.monotonic()
        try:
            os.write(self._pipe, b"!" if self.serving else b".")
        except BlockingIOError:  # full: the warden is stopped, and will see that we went on
            return True
        except OSError:
            return False
        return True
