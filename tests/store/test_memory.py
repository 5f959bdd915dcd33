"""What every call asks is answered from memory, and never with what is not so any more."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from pbx.errors import Refused
from pbx.store import Store, menus
from pbx.store.tx import Reading, Writing
from pbx.store.values import Menu
from tests.store.world import World

QUESTION = "a menu"


class Asked:
    """Asks for Exempel's menu, and counts how often the rows were looked at."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.times = 0

    async def __call__(self) -> Menu | None:
        return await self.world.store.recall(self.world.exempel.id, QUESTION, self._ask)

    async def _ask(self, tx: Reading) -> Menu | None:
        self.times += 1
        return await menus.get(tx, self.world.menu.id)


async def _two_tries(tx: Writing, world: World) -> None:
    await menus.change(tx, world.menu.id, world.menu.name, 2, world.menu.timeout_s, world.menu.fallback)


@pytest.fixture
def asked(world: World) -> Asked:
    return Asked(world)


async def test_the_same_question_is_asked_of_the_rows_once(asked: Asked) -> None:
    first = await asked()
    assert first == asked.world.menu
    assert await asked() is first
    assert asked.times == 1


async def test_a_commit_of_ours_is_known_at_once(world: World, asked: Asked) -> None:
    await asked()
    async with world.store.begin(world.exempel.id) as tx:
        await _two_tries(tx, world)
    assert (await asked()).tries == 2


async def test_a_commit_of_another_process_is_known_at_once(world: World, asked: Asked) -> None:
    await asked()
    with closing(sqlite3.connect(world.store.path)) as other, other:
        other.execute("UPDATE menu SET tries = 1 WHERE id = ?", (world.menu.id,))
    assert (await asked()).tries == 1


async def test_what_is_not_committed_is_not_known(world: World, asked: Asked) -> None:
    await asked()
    with suppress(Refused):
        async with world.store.begin(world.exempel.id) as tx:
            await _two_tries(tx, world)
            assert (await asked()).tries == world.menu.tries
            raise Refused("menu-unknown")
    assert (await asked()).tries == world.menu.tries
    assert asked.times == 1


async def test_an_answer_older_than_a_commit_is_not_kept(world: World) -> None:
    async def slow(tx: Reading) -> Menu | None:
        found = await menus.get(tx, world.menu.id)
        async with world.store.begin(world.exempel.id) as writing:
            await _two_tries(writing, world)
        return found

    assert (await world.store.recall(world.exempel.id, QUESTION, slow)).tries == world.menu.tries
    assert (await Asked(world)()).tries == 2


async def test_another_company_gets_its_own_answer(world: World, asked: Asked) -> None:
    await asked()
    of_theirs = await world.store.recall(world.annat.id, QUESTION, lambda tx: menus.get(tx, world.menu.id))
    assert of_theirs is None


async def test_a_store_that_is_not_open_remembers_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not open"):
        await Store(tmp_path / "vaxel.db").recall("company", QUESTION, lambda tx: menus.get(tx, "menu"))
