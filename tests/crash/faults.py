"""What is done to a system call: nothing, or what a crash or a disk does."""

import errno
from dataclasses import dataclass
from typing import Literal

from tests.crash.calls import Call

How = Literal["none", "kill", "tear", "cut", "twice", "EIO", "ENOSPC"]
Verdict = Literal["go on", "kill", "tear", "EIO", "ENOSPC"]
_ENDING = ("kill", "tear", "cut", "twice")
NUMBERS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC}
_NEED_ROOM = {"write", "truncate", "make", "link", "rename", "sync"}


@dataclass
class Fault:
    """At the call number `at` (from 0). `kill`: before it is made; `tear`: when half of what it writes is written;
    `cut`: the power fails; `twice`: the process is killed, and the power fails when the next one has just begun; each
    of these at the end, if there are fewer calls. `EIO`: it fails, once. `ENOSPC`: from it
    on nothing gets any more room on the disk that it is about, until it is over. `hit`: the first call that it came to.
    """

    how: How = "none"
    at: int = 0
    hit: Call | None = None
    over: bool = False

    def verdict(self, number: int, call: Call) -> Verdict:
        if self.how == "none" or self.over or number < self.at:
            return "go on"
        if self.how == "ENOSPC":
            if call.kind not in _NEED_ROOM or (self.hit is not None and self.hit.disk != call.disk):
                return "go on"
        elif number > self.at:
            return "go on"
        self.hit = self.hit or call
        if self.how == "tear":
            return "tear" if call.kind == "write" and call.size > 1 else "kill"
        return self.how if self.how in ("EIO", "ENOSPC") else "kill"

    def ends(self) -> bool:
        """When the operation has come to its end: whether the process is killed now, as it would have been before."""
        self.over = True
        if self.how not in _ENDING or self.hit is not None:
            return False
        self.hit = Call("end", "the end", "")
        return True
