"""One process holds the calls of a `var`; a second one is refused before it has touched anything."""

import fcntl
import os
from pathlib import Path
from typing import IO

from pbx.errors import CannotStart


class Owner:
    """Held until `let_go` or the process's end, however it ends."""

    def __init__(self, var: Path) -> None:
        self._var = var
        self._held: IO[str] | None = None

    def take(self) -> None:
        """Raises CannotStart naming the process that holds it; does nothing if we do."""
        if self._held is not None:
            return
        file = self._var / "asterisk" / "owner"
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = file.open("a+")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            pid = handle.read()
            handle.close()
            raise CannotStart(f"Växel runs already on {self._var} (pid {pid})") from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        self._held = handle

    def let_go(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None
