"""The vault's own threads: everything that waits for a disk runs in them."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

A = TypeVar("A")
T = TypeVar("T")
# An fsync waits for a disk, not for a core: at 10 ms each, the default pool of cores + 4 threads would be the limit.
_THREADS = 16


class Threads:
    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="vault")

    async def run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def each(self, those: Sequence[A], work: Callable[[A], T]) -> list[T]:
        """For all at once; what each gave, in order."""
        return await asyncio.gather(*(self.run(partial(work, one)) for one in those))

    def close(self) -> None:
        self._pool.shutdown(wait=True)
