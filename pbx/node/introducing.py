"""Has Asterisk look at its phones anew when there is another one.

A phone that is added to the file can register and call at once. But Asterisk tells of registrations only of phones that
it knew when it read its configuration last: of one that came later nobody would hear whether it is there.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from pbx.errors import VaxelError

log = logging.getLogger(__name__)

# With 2,000 phones Asterisk works on it for a second; many may be added in a row.
LEAST_PAUSE_S = 2.0


class Introducing:
    """`phones`: those in the file now. `read_anew`: what has Asterisk look; it waits while there is no connection."""

    def __init__(self, phones: Callable[[], frozenset[str]], read_anew: Callable[[], Awaitable[None]]) -> None:
        self._phones = phones
        self._read_anew = read_anew
        self._known: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            there = self._phones()
            if there - self._known:
                try:
                    await self._read_anew()
                    self._known = there
                except VaxelError as error:
                    log.warning("Asterisk has not looked at its phones anew: %r", error)
            await asyncio.sleep(LEAST_PAUSE_S)
