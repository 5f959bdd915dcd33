from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.library.house import House, build
from tests.store.fixtures import clock, empty_database, full_database, store, world
from tests.store.world import World

__all__ = ["clock", "empty_database", "full_database", "store", "world"]


@pytest.fixture
async def house(world: World, tmp_path: Path) -> AsyncIterator[House]:
    house = build(world, tmp_path)
    yield house
    await house.library.drain()
    house.vault.close()
