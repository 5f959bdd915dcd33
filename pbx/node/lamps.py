"""The lamp on each telephone: how many messages wait in its user's mailbox.

Asterisk tells the phones, also those that register or ask later, for it remembers what it was told; but only until it
ends. What it remembers cannot be asked for, so after each time without a connection it is told everything anew.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator

from pbx import fresh, metrics
from pbx.errors import VaxelError
from pbx.library import Library
from pbx.store.values import Waiting
from pbx.waiting import set_within

log = logging.getLogger(__name__)

# Counting costs some milliseconds where there are very many messages, and many commits may come in a row.
LEAST_PAUSE_S = 0.25
RETRY_S = 1.0
ROUND_S = 60.0
# The dialplan takes a list, and a variable of it holds 4,000 letters.
AT_ONCE = 40

Light = Callable[[str], Awaitable[None]]
_DARK = Waiting(0, 0)


class Lamps:
    """`light` has Asterisk tell: `mailbox:new:old`, several joined by &. It waits while there is no connection."""

    def __init__(self, library: Library, light: Light) -> None:
        self._mailboxes = library.mailboxes
        self._light = light
        self._shown: dict[str, Waiting] | None = None
        self._woken = asyncio.Event()

    def forget(self) -> None:
        """Asterisk may have forgotten: tell it everything."""
        self._shown = None
        self._woken.set()

    async def run(self, woken: asyncio.Event) -> None:
        """Until cancelled; `woken` is set whenever rows have changed."""
        self._woken = woken
        while True:
            await set_within(ROUND_S, woken)
            woken.clear()
            try:
                await self.tell()
                fresh.done("lamps")
            except VaxelError as error:
                log.warning("lamps could not be told: %s", error)
                self.forget()
                await asyncio.sleep(RETRY_S)
            await asyncio.sleep(LEAST_PAUSE_S)

    async def tell(self) -> None:
        """What is not as it was told last; at first everything, what waits before what does not."""
        lit = await self._mailboxes.waiting()
        before = self._shown
        if before is None:
            dark = [box for box in await self._mailboxes.every_id() if box not in lit]
            changed = [*lit.items(), *((box, _DARK) for box in dark)]
        else:
            changed = [
                (box, lit.get(box, _DARK)) for box in lit.keys() | before.keys() if lit.get(box) != before.get(box)
            ]
        self._shown = lit
        for some in _parts(changed):
            await self._light("&".join(f"{box}:{waiting.new}:{waiting.kept}" for box, waiting in some))
        metrics.lamps_told.inc(len(changed))


def _parts(changed: list[tuple[str, Waiting]]) -> Iterator[Iterable[tuple[str, Waiting]]]:
    for first in range(0, len(changed), AT_ONCE):
        yield changed[first : first + AT_ONCE]
