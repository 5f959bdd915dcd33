"""The beat of 20 ms by which all calls of this event loop send."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from weakref import WeakKeyDictionary

FRAME_S = 0.02
CATCH_UP = 10
LATE_S = 0.02

late_ticks: list[tuple[float, float]] = []
"""Of all event loops of this process, as `Pacer.late`."""

_pacers: WeakKeyDictionary[asyncio.AbstractEventLoop, Pacer] = WeakKeyDictionary()


class Pacer:
    """Absolute deadlines, so that a late tick does not shift the next; after a stall at most CATCH_UP frames at once.

    `late` lists (moment, seconds late) of each tick that came over 20 ms late: the machine's trouble, not the
    product's; print it beside a failed timing assertion.
    """

    def __init__(self) -> None:
        self.late: list[tuple[float, float]] = []
        self._ticks: list[Callable[[], None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0

    @staticmethod
    def of_this_loop() -> Pacer:
        return _pacers.setdefault(asyncio.get_running_loop(), Pacer())

    def join(self, tick: Callable[[], None]) -> None:
        self._ticks.append(tick)
        if self._timer is None:
            self._due = monotonic() + FRAME_S
            self._timer = asyncio.get_running_loop().call_later(FRAME_S, self._beat)

    def leave(self, tick: Callable[[], None]) -> None:
        if tick in self._ticks:
            self._ticks.remove(tick)
        if not self._ticks and self._timer:
            self._timer.cancel()
            self._timer = None

    def _beat(self) -> None:
        now = monotonic()
        if now - self._due > LATE_S:
            self.late.append((now, now - self._due))
            late_ticks.append(self.late[-1])
        frames = 0
        while self._due <= now + 0.0005:
            if frames < CATCH_UP:
                for tick in tuple(self._ticks):
                    tick()
            frames += 1
            self._due += FRAME_S
        if self._ticks:
            self._timer = asyncio.get_running_loop().call_later(max(0.0, self._due - monotonic()), self._beat)
        else:
            self._timer = None
