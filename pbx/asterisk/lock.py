"""Locks between processes: a killed holder holds nothing."""

import asyncio
import fcntl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pbx.errors import CannotStart


@asynccontextmanager
async def locked(file: Path, *, limit_s: float, shared: bool = False) -> AsyncIterator[None]:
    """Holds `file`'s lock; `shared` lets other sharers in. Raises CannotStart after `limit_s`."""
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    end = time.monotonic() + limit_s
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as handle:
        while True:
            try:
                fcntl.flock(handle, kind | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise CannotStart(f"{file}: somebody else has held it for {limit_s:g} s") from None
                await asyncio.sleep(0.03)
        yield
