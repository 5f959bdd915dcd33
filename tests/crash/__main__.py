"""`python -m tests.crash FOLDER NAME…`: operations interrupted at one system call after the other.

A line of JSON for each point. FOLDER is empty, and every NAME one of `ALL`. VAXEL_CRASH_EVERY=1 in the environment
tries every call, 5 every fifth; without it each operation has about the same number of points.
"""

import asyncio
import gc
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from pbx.store import Store
from tests.background import step_back
from tests.crash import choice
from tests.crash.homes import Home, closed, settle
from tests.crash.injector import not_permitted
from tests.crash.operations import Operation
from tests.crash.operations.editing import Edit
from tests.crash.operations.erasing import Erase
from tests.crash.operations.healing import Refill, Scrub, Sweep
from tests.crash.operations.importing import Import
from tests.crash.operations.keeping import Keep, Wait
from tests.crash.operations.picturing import Picture
from tests.crash.operations.publishing import Publish
from tests.crash.operations.replacing import Replace
from tests.crash.operations.returning import BringBack
from tests.crash.points import Trial

ALL: dict[str, Callable[[], Operation]] = {
    "greeting": lambda: Keep("greeting"),
    "prompt": lambda: Keep("prompt"),
    "voice message": lambda: Keep("voice"),
    "wait": Wait,
    "edit": Edit,
    "picture": Picture,
    "own phrase": Replace,
    "publish": Publish,
    "heal": Sweep,
    "scrub": Scrub,
    "refill": Refill,
    "erase": Erase,
    "import": Import,
    "bring back": BringBack,
}


def main(folder: Path, every: int | None, names: list[str]) -> int:
    if why := not_permitted(folder):
        print(
            f"The crash test needs a Linux (5.9 or later) that lets a process watch another's system calls: {why}",
            file=sys.stderr,
        )
        return 1
    step_back()
    home = asyncio.run(settle(folder))
    empty = asyncio.run(_empty(folder))
    for name in names:
        operation = ALL[name]()
        _try(asyncio.run(_prepared(home, operation)), operation, empty, every)
    return 0


async def _empty(folder: Path) -> Path:
    """A database with all tables and no rows."""
    store = Store(folder / "empty.db")
    await store.open()
    await store.close()
    return store.path


async def _prepared(home: Home, operation: Operation) -> Home:
    home.restore()
    house = await home.opened()
    await operation.prepare(house)
    await closed(house)
    operation.disturb(home.root)
    return home.kept(f"before {operation.name}")


def _try(home: Home, operation: Operation, empty: Path, every: int | None) -> None:
    trial = Trial(home, operation, empty)
    asyncio.run(trial.rehearsed())
    gc.collect()
    gc.freeze()  # what is here now is looked at by no child's collector, so that it stays shared
    calls = trial.undisturbed()
    for number, how in (*choice.kills(calls, every), *choice.errors(calls, every)):
        if point := trial.at(number, how):
            print(json.dumps({"operation": operation.name, **asdict(point)}), flush=True)


if __name__ == "__main__":
    given = os.environ.get("VAXEL_CRASH_EVERY")
    sys.exit(main(Path(sys.argv[1]), int(given) if given else None, sys.argv[2:]))
