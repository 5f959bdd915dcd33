"""Makes the published folder hold what the rows want: at each change, and each half minute in any case."""

import asyncio
import logging

from pbx import fresh
from pbx.library import Library
from pbx.waiting import set_within

log = logging.getLogger(__name__)

ROUND_S = 30.0


class Publisher:
    """One for each call node. A file that nobody wants any more is left where it is."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.first_round = asyncio.Event()

    async def run(self, woken: asyncio.Event) -> None:
        """Until cancelled; `woken` is set whenever rows have changed."""
        while True:
            woken.clear()
            await self.publish()
            self.first_round.set()
            await set_within(ROUND_S, woken)

    async def publish(self) -> None:
        """Make what is missing; what cannot be made is logged there and tried again in the next round."""
        if made := await self._library.published.mend():
            log.info("%d files published", made)
        fresh.done("publish")
