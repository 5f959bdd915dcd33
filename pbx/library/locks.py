"""One at a time for each thing, without keeping a lock for things that nobody works at."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager


class Locks:
    def __init__(self) -> None:
        self._held: dict[Hashable, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, thing: Hashable) -> AsyncIterator[None]:
        lock, users = self._held.get(thing, (asyncio.Lock(), 0))
        self._held[thing] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._held[thing]
            if users == 1:
                del self._held[thing]
            else:
                self._held[thing] = (lock, users - 1)
