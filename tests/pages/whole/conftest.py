"""Pages of a whole service with its Asterisk: one for all tests here, which one process of the run takes."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.calls.conftest import copy, seeded
from tests.calls.switchboard import Switchboard
from tests.pages.watched import chromium
from tests.pages.whole.desk import WORDS
from tests.pages.whole.headset import microphone

__all__ = ["seeded"]


@pytest.fixture(scope="package")
def board(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[Switchboard]:
    made = copy(seeded, tmp_path_factory.mktemp("whole") / "var", 4)
    made.start()
    yield made
    made.stop()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def speaking(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """A browser whose microphone says WORDS again and again."""
    file = microphone(tmp_path_factory.mktemp("microphone") / "words.wav", WORDS)
    async with chromium(file, calls=True) as browser:
        yield browser
