"""The database is locked, or a disk is full: callers are told, and what was said is kept."""

import asyncio
import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.calls.conftest import copy
from tests.calls.faulty import QUIET_S, SPEECH, house, speaking
from tests.calls.steps import WORDS, eventually, holds, longest_quiet, received
from tests.calls.switchboard import Switchboard
from tests.calls.walk import accounted_for
from tests.setup.machine import AS_ROOT, may_be_root

pytestmark = pytest.mark.timeout(300)


@contextmanager
def _small_disk(folder: Path, size_kb: int) -> Iterator[Path]:
    """A disk of that size in the place of a folder of Asterisk's; mounted before it starts."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={size_kb}k,mode=777"
    subprocess.run([*AS_ROOT, "mount", "-t", "tmpfs", "-o", options, "vaxel-test", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run([*AS_ROOT, "umount", "--lazy", folder], check=True)


def _fill(folder: Path, but_kb: int) -> Path:
    """Nothing but that is free on its disk afterwards."""
    free = os.statvfs(folder)
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        file.write(bytes(free.f_bavail * free.f_frsize - but_kb * 1024))
    return ballast


async def test_a_database_locked_for_five_seconds_is_waited_for_with_words(doomed: Switchboard) -> None:
    async with house(doomed) as (desk, cast, outside, number):
        with closing(sqlite3.connect(doomed.settings.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            call = await outside.call(number)
            began = time.monotonic()
            await call.hear(doomed.prompt("wait-moment"))
            await call.hear(doomed.prompt("wait-moment"))
            await asyncio.sleep(max(0.0, began + 5 - time.monotonic()))
            other.execute("ROLLBACK")
        await call.hear(doomed.prompt("beep"))
        assert longest_quiet(call, began, time.monotonic()) < QUIET_S
        await call.say(WORDS)
        await call.hangup()
        assert await eventually(lambda: received(desk, cast.bo))
        await accounted_for(doomed, desk)


@pytest.mark.skipif(not may_be_root(), reason="only root may mount a small disk")
async def test_a_full_disk_is_told_before_the_tone_and_what_it_cut_off_afterwards(seeded: Path, tmp_path: Path) -> None:
    board = copy(seeded, tmp_path / "var", 1)
    with _small_disk(board.settings.spool, 10_000) as disk:
        board.start()
        try:
            async with house(board) as (desk, cast, outside, number):
                ballast = _fill(disk, 500)
                call = await outside.call(number)
                await call.hear(board.prompt("no-room"), timeout_s=15)
                await call.hung_up()
                assert await received(desk, cast.bo) == []

                ballast.unlink()
                call = await speaking(outside, board, number)
                _fill(disk, 100)
                await call.hear(board.prompt("take-cut"), timeout_s=20)
                await call.hung_up()
                [message] = await received(desk, cast.bo)
                assert message.interrupted
                assert message.seconds > 2
                media = await desk.library.mailboxes.media(message)
                assert media
                assert holds(board.published(media), SPEECH[: len(WORDS)])
                await accounted_for(board, desk)
        finally:
            board.stop()
