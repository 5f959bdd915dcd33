"""Each worker has one switchboard; each test has companies of its own on it, and leaves no channel behind."""

import asyncio
import fcntl
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from pbx.cli.desk import Desk, open_desk
from pbx.company.languages import LANGUAGES
from tests.calls.cast import Cast, Person, Residents, hire, invite, join, settle
from tests.calls.steps import eventually
from tests.calls.switchboard import Switchboard, worker
from tests.phone import Phone


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `var` with companies in which all has been spoken that will be; made by the first worker, copied by each."""
    shared = (
        tmp_path_factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else tmp_path_factory.getbasetemp()
    )
    var, lock = shared / "seeded", shared / "seeded.lock"
    with lock.open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        if not (var / "done").exists():
            first = Switchboard(var, 30)
            first.start()
            try:
                asyncio.run(_all_spoken(first))
            finally:
                first.stop()
            (var / "done").touch()
    return var


async def _all_spoken(board: Switchboard) -> None:
    async with open_desk(board.settings) as desk:
        cast = await invite(desk, board)
        company, box = cast.cilla.company.id, cast.cilla.mailbox.id
        await eventually(lambda: desk.library.messages.spoken(company, "greeting", box, "en"), 60)


@pytest.fixture(scope="package")
def board(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[Switchboard]:
    """The switchboard of this worker."""
    made = copy(seeded, tmp_path_factory.mktemp("var") / "var", 0)
    made.start()
    yield made
    made.stop()


def copy(seeded: Path, var: Path, which: int) -> Switchboard:
    """A switchboard of this worker's on a copy; `which` tells it from the worker's others."""
    shutil.copytree(seeded, var, ignore=shutil.ignore_patterns("asterisk", "docker", "*.log", "vault.json"))
    return Switchboard(var, 10 * which + worker())


@pytest.fixture
def doomed(tmp_path: Path, seeded: Path) -> Iterator[Switchboard]:
    """A switchboard of the test's own, to be killed."""
    made = copy(seeded, tmp_path / "var", 1)
    made.start()
    yield made
    if made.process and made.process.poll() is not None:
        made.start()
    made.stop()


@pytest.fixture
async def desk(board: Switchboard) -> AsyncIterator[Desk]:
    """The same rows that the service works on, as the command line reaches them."""
    async with open_desk(board.settings) as desk:
        yield desk


@pytest.fixture
def lang() -> str:
    """What the cast and their numbers speak; `in_both_languages` runs a test with the other one too."""
    return "sv"


@pytest.fixture(scope="package")
def residents(board: Switchboard) -> dict[str, Residents]:
    """By the language that they speak."""

    async def settled() -> dict[str, Residents]:
        async with open_desk(board.settings) as desk:
            return {lang: await settle(desk, board, lang) for lang in LANGUAGES}

    return asyncio.run(settled())


@pytest.fixture
async def cast(desk: Desk, board: Switchboard, residents: dict[str, Residents], lang: str) -> AsyncIterator[Cast]:
    """A new Alva, and Bo and Cilla, who have been there for a while; when the test is over no call is left in
    Asterisk."""
    yield await join(desk, board, residents[lang], lang)
    assert await channels_left(board) == []


@pytest.fixture
async def namesake(desk: Desk, board: Switchboard, cast: Cast) -> Person:
    """Somebody in another company with Alva's extension."""
    doris = await hire(desk, board, cast.cilla.company, "Doris", extension=cast.alva.user.extension)
    await board.knows(f"{doris.company.id}/{doris.user.extension}")
    return doris


@pytest.fixture
async def outside(board: Switchboard) -> AsyncIterator[Phone]:
    """The outside world, as the demonstration's trunk stands for it."""
    async with board.phone() as phone:
        yield phone


async def channels_left(board: Switchboard, within_s: float = 5.0) -> list[str]:
    """The channels that are still in Asterisk after that time; none as soon as there is none."""
    names: list[str] = []
    for _ in range(int(within_s / 0.05)):
        names = [channel["name"] for channel in await board.ari("GET", "channels")]
        if not names:
            break
        await asyncio.sleep(0.05)
    return names


@pytest.fixture(scope="session")
def checkout() -> Path:
    return Path(__file__).resolve().parents[2]
