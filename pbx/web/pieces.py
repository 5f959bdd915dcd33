"""Pieces of pages that many look at: made once for all who ask within a moment, and for those who ask meanwhile."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable

from markupsafe import Markup

_KEPT = 100


class Pieces:
    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[float, asyncio.Future[Markup]]] = {}

    async def get(self, key: Hashable, lasts_s: float, make: Callable[[], Awaitable[Markup]]) -> Markup:
        """`key`: all that the piece depends on, the entry of the log included; what else may change is seen after
        `lasts_s`."""
        now = time.monotonic()
        known = self._known.get(key)
        if known is not None and known[0] > now:
            return await asyncio.shield(known[1])
        self._known = {old: one for old, one in list(self._known.items())[-_KEPT:] if one[0] > now}
        made: asyncio.Future[Markup] = asyncio.get_running_loop().create_future()
        self._known[key] = now + lasts_s, made
        try:
            piece = await make()
        except BaseException as error:
            self._known.pop(key, None)
            made.set_exception(error if isinstance(error, Exception) else RuntimeError("the page's maker was ended"))
            made.exception()  # perhaps nobody waits for it
            raise
        made.set_result(piece)
        return piece
