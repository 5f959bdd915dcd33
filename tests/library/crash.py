"""Kills the keeping of a take at one line after the other, restarts, and looks: run as a program by its test.

For each line of our code that runs while a take is kept, a forked child runs as far as that line and is gone, as by
kill -9; another child starts on what it left behind, adopts the takes, and tells what it found.
"""

import asyncio
import gc
import json
import os
import shutil
import sys
import threading
import traceback
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from pbx.store import Store, versions
from tests.background import step_back
from tests.library.house import House, alike, build
from tests.store.world import Clock, populate

WATCHED = ("pbx/library/", "pbx/vault/", "pbx/store/")
Line = tuple[str, int]


def main(root: Path, every: int) -> None:
    """Prints one line of JSON for each place where it was killed, then the number of them."""
    step_back()
    template = root / "template"
    template.mkdir()
    in_child(lambda: asyncio.run(prepare(template)))
    rehearse(copied(template, root / "rehearsed"))
    lines = json.loads(in_child(lambda: asyncio.run(trace(copied(template, root / "traced")))))
    chosen = lines[::every]
    for number, line in enumerate(chosen):
        place = copied(template, root / f"{number}")
        in_child(lambda place=place, line=line: asyncio.run(run(place, kill_at=tuple(line))))
        print(
            json.dumps({"line": line, **json.loads(in_child(lambda place=place: asyncio.run(look(place))))}), flush=True
        )
        shutil.rmtree(place)
    print(len(chosen), "of", len(lines))


def rehearse(root: Path) -> None:
    """Once here, so that what is loaded or compiled at the first time is not so in every child."""
    asyncio.run(keep(root))
    asyncio.run(look(root))
    gc.collect()
    gc.freeze()


def in_child(work: Any) -> str:
    """What `work` returned in a process of its own; empty if it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            os.write(writing, (work() or "").encode())
            os._exit(0)
        except BaseException:  # noqa: BLE001  whatever it is, the child must end here
            traceback.print_exc()
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as answer:
        told = answer.read()
    os.waitpid(child, 0)
    return told


def copied(template: Path, to: Path) -> Path:
    shutil.copytree(template, to)
    return to


async def prepare(root: Path) -> None:
    """A database with a greeting that has been spoken and not kept."""
    store = Store(root / "vaxel.db")
    await store.open()
    house = build(await populate(store, Clock()), root)
    take = await house.greeting()
    house.speak(take, "hello")
    about = {"company": take.company, "take": take.id, "box": house.world.box.id, "greeting": house.world.box.greeting}
    (root / "about.json").write_text(json.dumps(about))
    await store.close()


async def opened(root: Path) -> tuple[House, dict[str, str]]:
    store = Store(root / "vaxel.db")
    await store.open()
    house = build(Stage(store), root)  # type: ignore[arg-type]
    return house, json.loads((root / "about.json").read_text())


class Stage:
    """Of the world, only the store is needed here."""

    def __init__(self, store: Store) -> None:
        self.store = store


async def run(root: Path, kill_at: Line | None) -> None:
    house, about = await opened(root)
    watch(lambda line: os._exit(9) if line == kill_at else None)
    await house.library.takes.keep(about["company"], about["take"])


async def keep(root: Path) -> None:
    house, about = await opened(root)
    await house.library.takes.keep(about["company"], about["take"])


async def trace(root: Path) -> str:
    """All lines that run, in the order in which they first do."""
    seen: dict[Line, None] = {}
    house, about = await opened(root)
    watch(seen.setdefault)
    await house.library.takes.keep(about["company"], about["take"])
    sys.settrace(None)
    threading.settrace(None)
    return json.dumps([list(line) for line in seen])


async def look(root: Path) -> str:
    """Starts again, and tells what is there."""
    house, about = await opened(root)
    await house.library.takes.adopt()
    async with house.world.store.read(about["company"]) as tx:
        kept = await versions.of_message(tx, about["greeting"])
    slot = f"{about['box']}/greeting"
    playable = await house.library.messages.playable(about["company"], "mailbox", slot, "sv")
    own = playable.heard == "own" and alike(house.sounds(playable.media[0]), house_said())
    return json.dumps(
        {
            "versions": len(kept),
            "own": own,
            "objects": [len(house.objects(copy)) for copy in (0, 1)],
            "sidecars": len(list((house.copies[0] / "companies").rglob("*.json"))),
            "spool": house.spooled(),
        }
    )


def house_said() -> Any:
    from tests.audio.takes import telephone_speech

    return telephone_speech("hello", 4.0)


def watch(at: Any) -> None:
    """Calls `at` with each line of ours that runs from now on, in any thread."""
    watched: dict[CodeType, str] = {}

    def local(frame: FrameType, event: str, arg: Any) -> Any:
        if event == "line":
            at((watched[frame.f_code], frame.f_lineno))
        return local

    def begun(frame: FrameType, event: str, arg: Any) -> Any:
        code = frame.f_code
        if code not in watched:
            watched[code] = next((w + code.co_filename.rsplit(w, 1)[1] for w in WATCHED if w in code.co_filename), "")
        return local if watched[code] else None

    threading.settrace(begun)
    sys.settrace(begun)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
