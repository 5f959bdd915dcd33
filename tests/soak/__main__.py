"""`python -m tests.soak`: ten thousand calls, then an hour of mixed ones at ten times life's rate.

Ends 1, and says why, where a call failed, memory or descriptors grew by more than 5 %, or anything is left.
VAXEL_SOAK_CALLS and VAXEL_SOAK_MINUTES in the environment make it shorter, VAXEL_SOAK_SEED tells the same again.
"""

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

import uvloop

from benchmarks import installing, rooms, sipp
from benchmarks.footprint import Footprint, footprint
from benchmarks.product import MENU, Product, product
from pbx.store import takes
from tests.calls.walk import complaints
from tests.soak.people import People, gathered
from tests.soak.stories import STORIES

NUMBER = 35  # of its switchboard, so that benchmarks and tests can run beside it
RATE = 50
LIFE_S, TIMES = 20.0, 10
"""A switchboard of some hundred people is called about three times a minute in its busiest hour."""
WARM = 0.15
GROWTH = 1.05
TRANSACTION_S = 35  # a SIP transaction lives for 32 s


class Soak:
    def __init__(self, product: Product, room: Path, chance: Random) -> None:
        self._product = product
        self._room = room
        self._chance = chance
        self.faults: list[str] = []

    async def many(self, calls: int) -> None:
        """Calls with a menu and a key, all alike."""
        await self._menus(max(1, round(calls * WARM)))
        before = await self._at_rest()
        ran = await self._menus(calls)
        if ran.failed or ran.good != calls:
            self.faults.append(f"of {calls} calls {ran.good} were good, {ran.failed} failed")
        await self._settled(f"{calls} calls, {RATE} a second", before)

    async def _menus(self, calls: int) -> sipp.Ran:
        product = self._product
        return await sipp.run(
            self._room, "menu", MENU, product.board.sip, product.account, rate=RATE, calls=calls
        )  # fmt: skip

    async def mixed(self, minutes: float) -> None:
        done: Counter[str] = Counter()
        async with gathered(self._chance, self._product.board, self._product.desk) as people:
            await self._busy(people, minutes * WARM, Counter())
            before = await self._at_rest()
            await self._busy(people, minutes, done)
        print(", ".join(f"{name.replace('_', ' ')} {many}" for name, many in done.most_common()), flush=True)
        await self._settled(f"{done.total()} stories in {minutes:g} minutes", before)

    async def _busy(self, people: People, minutes: float, done: Counter[str]) -> None:
        """One story after the other begins, whatever the others have come to."""
        began, minute = time.monotonic(), 0
        async with asyncio.TaskGroup() as stories:
            while (spent := time.monotonic() - began) < 60 * minutes:
                if spent > 60 * minute:
                    minute += 1
                    print(f"minute {minute}: {done.total()} stories, {await self._footprint()}", flush=True)
                [story] = self._chance.choices(list(STORIES), list(STORIES.values()))
                stories.create_task(self._told(story, people, done))
                await asyncio.sleep(self._chance.expovariate(TIMES / LIFE_S))

    async def _told(self, story: Callable[[People], Awaitable[None]], people: People, done: Counter[str]) -> None:
        began = time.strftime("%H:%M:%S")
        try:
            await story(people)
        except Exception as fault:  # noqa: BLE001  one story's fault touches no other
            self.faults.append(f"{story.__name__} of {began}: {type(fault).__name__} {fault}")
            print(self.faults[-1], flush=True)
        done[story.__name__] += 1

    async def _settled(self, what: str, before: Footprint) -> None:
        """Nothing has grown, and nothing is left."""
        after = await self._at_rest()
        print(f"{what}: before {before}, after {after}", flush=True)
        for name in ("ours_mb", "asterisk_mb", "ours_open", "asterisk_open"):
            then, now = getattr(before, name), getattr(after, name)
            if now > then * GROWTH:
                self.faults.append(f"{what}: {name} grew from {then:.1f} to {now:.1f}")
        self.faults += [f"{what}: left {one}" for one in await self._left()]

    async def _at_rest(self) -> Footprint:
        await asyncio.sleep(TRANSACTION_S)
        return await self._footprint()

    async def _footprint(self) -> Footprint:
        return await asyncio.to_thread(footprint, self._product.pid, self._product.asterisk)

    async def _left(self) -> list[str]:
        board, desk = self._product.board, self._product.desk
        left = [f"{kind[:-1]} {one['id']}" for kind in ("channels", "bridges") for one in await board.ari("GET", kind)]
        async with desk.store.across() as tx:
            left += [f"take {take.id}, {take.state}" for take in await takes.unfinished(tx)]
        left += [f"job {job.id}, {job.state}" for job in await desk.library.jobs.live()]
        spooled = (file for file in board.settings.spool.rglob("*") if file.is_file() and file.parent.name != "aside")
        left += [f"{file.relative_to(board.settings.spool)} in the spool" for file in spooled]
        return [*left, *complaints(board, 0)]


async def soak(calls: int, minutes: float, seed: int, room: Path) -> list[str]:
    """What was wrong."""
    await installing.program("sipp", "sip-tester")
    async with product(room, NUMBER) as ours:
        soak = Soak(ours, room, Random(seed))
        await soak.many(calls)
        await soak.mixed(minutes)
        return soak.faults


def main() -> int:
    calls = int(os.environ.get("VAXEL_SOAK_CALLS", "10000"))
    minutes = float(os.environ.get("VAXEL_SOAK_MINUTES", "60"))
    seed = int(os.environ.get("VAXEL_SOAK_SEED", time.time_ns() % 10**6))
    print(f"seed {seed}", flush=True)
    with rooms.on_disk(Path("var")) as room, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        faults = runner.run(soak(calls, minutes, seed, room))
    for fault in faults:
        print(fault, file=sys.stderr)
    print("nothing failed, nothing grew, nothing is left" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
