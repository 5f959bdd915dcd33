"""The store as many use it at once: processes, cancellations, changes that others made."""

import asyncio
import contextlib
import gc
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pbx.store import Store, messages
from tests.store.world import World

_ADDS_ROWS = """
import asyncio, sys
from pbx.store import Store, audit

async def main():
    store = Store(sys.argv[1]); await store.open()
    for n in range(int(sys.argv[3])):
        async with store.begin(sys.argv[2]) as tx:
            await audit.write(tx, "other process", "added", str(n))
    await store.close()

asyncio.run(main())
"""


async def add(world: World, name: str) -> None:
    async with world.store.begin(world.exempel.id) as tx:
        await messages.add(tx, name, "announcement", None)


async def there(world: World, name: str) -> bool:
    async with world.store.read(world.exempel.id) as tx:
        return await messages.by_name(tx, name) is not None


async def test_only_its_owner_can_read_the_database(world: World) -> None:
    await add(world, "x")
    files = list(world.store.path.parent.glob("vaxel.db*"))
    assert {file.suffix for file in files} == {".db", ".db-wal", ".db-shm"}
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)


async def test_what_an_exception_interrupts_is_not_written(world: World) -> None:
    async def half() -> None:
        async with world.store.begin(world.exempel.id) as tx:
            await messages.add(tx, "half", "announcement", None)
            raise KeyError

    with pytest.raises(KeyError):
        await half()
    assert not await there(world, "half")


async def test_readers_see_one_point_in_time_and_never_wait_for_a_writer(world: World) -> None:
    async with world.store.begin(world.exempel.id) as tx:
        await messages.add(tx, "unfinished", "announcement", None)
        async with asyncio.timeout(2):
            assert not await there(world, "unfinished")
    assert await there(world, "unfinished")


async def test_a_writer_cancelled_twice_locks_nobody_out(world: World) -> None:
    inside = asyncio.Event()

    async def write() -> None:
        async with world.store.begin(world.exempel.id) as tx:
            await messages.add(tx, "cancelled", "announcement", None)
            inside.set()
            await asyncio.sleep(30)

    task = asyncio.create_task(write())
    await inside.wait()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5):
        await add(world, "after")
    assert not await there(world, "cancelled")
    other = sqlite3.connect(world.store.path, timeout=1)
    other.execute("BEGIN IMMEDIATE")
    other.rollback()
    other.close()


@pytest.mark.parametrize("moment", range(0, 40, 2))
async def test_a_change_cancelled_at_any_moment_is_made_or_not_and_blocks_nobody(world: World, moment: int) -> None:
    for n in range(3):
        task = asyncio.create_task(add(world, f"maybe-{n}"))
        for _ in range(moment):
            await asyncio.sleep(0.0005)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
            assert await there(world, f"maybe-{n}")
    async with asyncio.timeout(5):
        await asyncio.gather(*(add(world, f"after-{n}") for n in range(5)))
    assert await there(world, "after-4")


async def test_what_a_cancelled_change_leaves_uncollected_holds_no_lock(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pbx.store.engine.BUSY_MS", 2_000)
    gc.disable()
    try:
        for n in range(100):
            task = asyncio.create_task(add(world, f"maybe-{n}"))
            await asyncio.sleep(n * 0.00012)
            task.cancel()
            await asyncio.wait([task])
            await add(world, f"after-{n}")
    finally:
        gc.enable()


async def test_writers_of_several_processes_wait_for_each_other(world: World) -> None:
    arguments = (sys.executable, "-c", _ADDS_ROWS, str(world.store.path), world.exempel.id, "25")
    others = [await asyncio.create_subprocess_exec(*arguments) for _ in range(2)]
    for n in range(25):
        await add(world, f"ours-{n}")
    assert await asyncio.gather(*(other.wait() for other in others)) == [0, 0]
    connection = sqlite3.connect(world.store.path)
    count = connection.execute("SELECT count(*) FROM audit WHERE actor = 'other process'").fetchone()[0]
    connection.close()
    assert count == 50


async def test_our_own_commit_is_told_at_once_and_once(world: World) -> None:
    changes = world.store.changed()
    begun = time.monotonic()
    await add(world, "x")
    async with asyncio.timeout(1):
        await anext(changes)
    assert time.monotonic() - begun < 0.5
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.4):
            await anext(changes)


async def _next(changes: AsyncIterator[None]) -> None:
    await anext(changes)


async def test_another_processes_commit_is_noticed_within_200_ms(world: World) -> None:
    changes = world.store.changed()
    waits: list[float] = []
    other = sqlite3.connect(world.store.path, isolation_level=None)
    for n in range(8):
        waiting = asyncio.create_task(_next(changes))
        await asyncio.sleep(0.13)
        committed = time.monotonic()
        other.execute("UPDATE user SET name = ? WHERE extension = '202'", (f"Bo {n}",))
        async with asyncio.timeout(2):
            await waiting
        waits.append(time.monotonic() - committed)
    other.close()
    print("noticed after", [round(wait * 1000) for wait in sorted(waits)], "ms")
    assert sorted(waits)[len(waits) // 2] < 0.2


async def test_everybody_who_waits_is_told_and_the_end_ends_them(world: World) -> None:
    ended: list[int] = []

    async def follow(seen: list[int]) -> None:
        async for _ in world.store.changed():
            seen.append(1)
        ended.append(1)

    one: list[int] = []
    two: list[int] = []
    tasks = [asyncio.create_task(follow(one)), asyncio.create_task(follow(two))]
    await asyncio.sleep(0)
    await add(world, "x")
    await asyncio.sleep(0.3)
    await world.store.close()
    await asyncio.gather(*tasks)
    assert one == two == [1]
    assert ended == [1, 1]


async def test_a_store_that_is_not_open_says_so(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not open"):
        async with Store(tmp_path / "x.db").across():
            pass
