"""Between bringing and erasing: bytes read from a copy before an erasure must not be written to another after it."""

import fcntl
from contextlib import AbstractContextManager
from pathlib import Path

from pbx.vault.register import locked


class Gate:
    """It holds between processes and threads; entering it blocks."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def bringing(self) -> AbstractContextManager[None]:
        """Many at once, while nothing is erased."""
        return locked(self._file, fcntl.LOCK_SH)

    def erasing(self) -> AbstractContextManager[None]:
        """Alone."""
        return locked(self._file, fcntl.LOCK_EX)
