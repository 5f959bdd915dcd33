"""Pieces of pages that many look at: made once for all who ask within a moment, and for those who ask meanwhile.

Whoever finds one just too old makes it anew, and others are shown the old one until that is done: where many look, they
do not all wait for it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass

from markupsafe import Markup

_KEPT = 100


@dataclass(frozen=True, slots=True)
class _Piece:
    """`fresh`, `shown`: until when; between the two while a new one is being made."""

    text: Markup
    fresh: float
    shown: float


class Pieces:
    def __init__(self) -> None:
        self._known: dict[Hashable, _Piece] = {}
        self._making: dict[Hashable, asyncio.Future[Markup]] = {}

    async def get(self, key: Hashable, lasts_s: float, make: Callable[[], Awaitable[Markup]]) -> Markup:
        """`key`: all that the piece depends on, the entry of the log included; what else may change is seen after
        `lasts_s`, or twice that where many look."""
        now = time.monotonic()
        known, making = self._known.get(key), self._making.get(key)
        if known is not None and now < (known.fresh if making is None else known.shown):
            return known.text
        if making is not None:
            return await asyncio.shield(making)
        making = self._making[key] = asyncio.get_running_loop().create_future()
        try:
            text = await make()
        except BaseException as error:
            making.set_exception(error if isinstance(error, Exception) else RuntimeError("the page's maker was ended"))
            making.exception()  # perhaps nobody waits for it
            raise
        finally:
            del self._making[key]
        kept = [(old, one) for old, one in self._known.items() if now < one.shown and old != key]
        self._known = dict([*kept[1 - _KEPT :], (key, _Piece(text, now + lasts_s, now + 2 * lasts_s))])
        making.set_result(text)
        return text
