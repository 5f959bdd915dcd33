"""The warden is told ten times a second that the event loop runs: a byte into the pipe that it gave us.

The beat proves the loop, not that Asterisk answers: it goes on while Asterisk is away.
"""

import asyncio
import os
import time

EVERY_S = 0.1


class Beat:
    """`serving`: calls may be in our hands, so that a silence of 0.8 s is the end of us.

    `last` and `longest_s`: when it beat last (monotonic), and the longest time from one beat to the next.
    """

    def __init__(self, pipe: int) -> None:
        os.set_inheritable(pipe, False)
        os.set_blocking(pipe, False)
        self.serving = False
        self.last = time.monotonic()
        self.longest_s = 0.0
        self._pipe = pipe

    async def run(self) -> None:
        """Until nobody listens any more."""
        while self._write():
            await asyncio.sleep(EVERY_S)
            now = time.monotonic()
            self.longest_s = max(self.longest_s, now - self.last)
            self.last = now

    def _write(self) -> bool:
        try:
            os.write(self._pipe, b"!" if self.serving else b".")
        except BlockingIOError:  # full: the warden is stopped, and will see that we went on
            return True
        except OSError:
            return False
        return True
