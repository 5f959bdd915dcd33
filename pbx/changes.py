"""Telling all parts of the service that rows have changed."""

import asyncio

from pbx.store import Store

REST_S = 0.2


class Changes:
    """Each part is told at once, and then no more often than every fifth of a second: each of them looks at all that
    has changed, and a burst of commits is one change to it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._events: list[asyncio.Event] = []

    def event(self) -> asyncio.Event:
        """Set at the start, too. Whoever waits for it clears it."""
        event = asyncio.Event()
        event.set()
        self._events.append(event)
        return event

    async def run(self) -> None:
        """Until cancelled."""
        async for _ in self._store.changed():
            for event in self._events:
                event.set()
            await asyncio.sleep(REST_S)
