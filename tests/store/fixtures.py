"""Fixtures for every test that needs rows: `clock`, `store`, `world`."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pbx.store import Store, engine, migrate
from tests.store.world import Clock, World, populate


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once by the real migrations, copied for each test."""
    database = tmp_path_factory.mktemp("store") / "empty.db"
    engine.private_file(database)
    migrate.to_head(database)
    return database


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def full_database(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The same with the two companies in it. Its store is closed: only the path and the values are of use."""
    database = tmp_path_factory.mktemp("world") / "full.db"
    shutil.copyfile(empty_database, database)

    async def fill() -> World:
        clock = Clock()
        store = Store(database, clock=clock)
        await store.open()
        world = await populate(store, clock)
        await store.close()
        return world

    return asyncio.run(fill())


@pytest.fixture
async def store(empty_database: Path, tmp_path: Path, clock: Clock) -> AsyncIterator[Store]:
    """A database with all tables and no rows."""
    async with _copy(empty_database, tmp_path / "empty.db", clock) as store:
        yield store


@pytest.fixture
async def world(full_database: World, tmp_path: Path, clock: Clock) -> AsyncIterator[World]:
    """The two companies, on a database of the test's own."""
    async with _copy(full_database.store.path, tmp_path / "vaxel.db", clock) as store:
        yield replace(full_database, store=store, clock=clock)


@asynccontextmanager
async def _copy(template: Path, database: Path, clock: Clock) -> AsyncIterator[Store]:
    shutil.copyfile(template, database)
    store = Store(database, clock=clock)
    await store.open()
    yield store
    await store.close()
