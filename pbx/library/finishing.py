"""What must be written is written, also when the one who waits for it is cancelled, twice if need be.

A shield alone protects the work and not the order: the cancelled one would go on, and the process might end, before
the work does. So it is awaited again, and only then does the cancellation continue.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)


class Finishing:
    """Owns the tasks that must come to their end; `drain` waits for those whose caller has gone."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __call__(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`, which runs to its end whatever happens to us."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        cancelled: asyncio.CancelledError | None = None
        while not task.done():
            try:
                await asyncio.shield(task)
            except asyncio.CancelledError as error:
                if task.cancelled():
                    raise
                cancelled = error
            except Exception:  # noqa: BLE001  told below, by result()
                break
        if cancelled is not None:
            if failed := task.exception():
                log.error("failed while its caller was cancelled", exc_info=failed)
            raise cancelled
        return task.result()

    async def drain(self) -> None:
        while self._tasks:
            await asyncio.wait(self._tasks)
