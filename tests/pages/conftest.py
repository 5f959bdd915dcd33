"""Pages are tested in one loop and one browser for all tests, a site and a database of its own for each."""

import shutil
import wave
from collections.abc import AsyncIterator
from dataclasses import replace
from inspect import iscoroutinefunction
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from pbx.audio.pcm import RATE, resample, to_bytes
from pbx.store import Store
from tests.audio.takes import telephone_speech
from tests.pages.premises import Premises, copied, furnish, open_premises
from tests.pages.watched import Watched, chromium
from tests.store.fixtures import clock, empty_database, full_database
from tests.store.world import World

__all__ = ["clock", "empty_database", "full_database"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and isinstance(item, pytest.Function) and iscoroutinefunction(item.obj):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """Its microphone hears somebody speak, again and again."""
    spoken = tmp_path_factory.mktemp("microphone") / "speech.wav"
    with wave.open(str(spoken), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(to_bytes(resample(telephone_speech("at the microphone", 8.0), RATE, 48_000)))
    async with chromium(spoken) as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def furnished(full_database: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The two companies with ways in. Its store is closed: it is copied for each test."""
    database = tmp_path_factory.mktemp("furnished") / "full.db"
    shutil.copyfile(full_database.store.path, database)
    store = Store(database)
    await store.open()
    await furnish(replace(full_database, store=store))
    await store.close()
    return replace(full_database, store=store)


@pytest_asyncio.fixture(loop_scope="session")
async def world(furnished: World, tmp_path: Path) -> AsyncIterator[World]:
    async with copied(furnished, tmp_path) as world:
        yield world


@pytest_asyncio.fixture(loop_scope="session")
async def premises(world: World, tmp_path: Path) -> AsyncIterator[Premises]:
    async with open_premises(world, tmp_path) as premises:
        yield premises


@pytest_asyncio.fixture(loop_scope="session")
async def watched(browser: Browser, premises: Premises) -> AsyncIterator[Watched]:
    """Windows of whom one likes; no script may complain in any of them."""
    watched = Watched(browser, premises)
    yield watched
    await watched.close()
    assert watched.complaints == []
