"""Measuring: things in turn, so that whatever else the machine does meets all of them alike."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")
TICK_S = 0.005
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Spread:
    """`low` and `high`: the quartiles. Of `n` values."""

    median: float
    low: float
    high: float
    n: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        if len(values) < 3:
            return cls(statistics.median(values), min(values), max(values), len(values))
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high, len(values))


def told(milliseconds: Sequence[float]) -> str:
    """What people ask of many times: the usual one, and the one that a hundredth of them is over."""
    ordered = sorted(milliseconds)
    p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.99))
    return f"p50 {p50:.1f}, p99 {p99:.1f} ms of {len(ordered)}"


@dataclass(slots=True)
class Times:
    """Seconds of each repeat, in order: by the clock, and of processors (all threads of this process)."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


async def alternately(
    things: Mapping[str, Callable[[T], Awaitable[object]]],
    prepare: Callable[[str], Awaitable[T]],
    repeats: int,
    *,
    warm: int = 1,
    within_s: float = 40.0,
) -> dict[str, Times]:
    """Each thing once a round, in the order given, the next round in reverse. What `prepare` makes for it, told its
    name, is not measured. So many rounds to get `warm` count for nothing. After `within_s` three rounds are enough, so
    that a busy machine does not make it last for ever."""
    times = {name: Times() for name in things}
    began = time.monotonic()
    for number in range(-warm, repeats):
        if number >= _FEWEST and time.monotonic() - began > within_s:
            break
        for name in list(things)[:: -1 if number % 2 else 1]:
            given = await prepare(name)
            wall, cpu = time.perf_counter(), time.process_time()
            await things[name](given)
            if number >= 0:
                times[name].wall.append(time.perf_counter() - wall)
                times[name].cpu.append(time.process_time() - cpu)
    return times


def ratio(of: Sequence[float], to: Sequence[float]) -> Spread:
    """Of the two in the same round."""
    return Spread.of([one / other for one, other in zip(of, to, strict=True)])


class Ticker:
    """Wakes every 5 ms while something else goes on. `late_s`: the longest it had to wait beyond that, which others on
    the machine may have caused. `ours_s`: the same, but of each wait only as much as this process was computing."""

    def __init__(self) -> None:
        self.late_s = self.ours_s = 0.0

    async def __aenter__(self) -> "Ticker":
        self._ticking = asyncio.create_task(self._tick())
        await asyncio.sleep(0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.sleep(TICK_S)  # so that a stop that lasts until now is seen
        self._ticking.cancel()
        await asyncio.gather(self._ticking, return_exceptions=True)

    async def _tick(self) -> None:
        while True:
            wall, cpu = time.perf_counter(), time.process_time()
            await asyncio.sleep(TICK_S)
            late = time.perf_counter() - wall - TICK_S
            self.late_s = max(self.late_s, late)
            self.ours_s = max(self.ours_s, min(late, time.process_time() - cpu))
