"""Asterisk's clock leaps, and calls go on."""

import asyncio
import os
import shutil
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.calls.conftest import copy
from tests.calls.faulty import house, speaking
from tests.calls.steps import eventually, received
from tests.calls.switchboard import Switchboard
from tests.calls.walk import accounted_for
from tests.phone.audio import JITTERY

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def clock(seeded: Path, tmp_path: Path) -> Iterator[tuple[Switchboard, Callable[[int], None]]]:
    """A switchboard whose Asterisk has a clock of its own, and what moves it by seconds."""
    board = copy(seeded, tmp_path / "var", 1)
    board.asterisk = "folder"
    spool = board.settings.spool
    spool.mkdir(parents=True, exist_ok=True)
    moved = spool / "clock"
    moved.write_bytes(bytes(8))
    source = Path(__file__).with_name("clock.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", spool / "clock.so", source, "-ldl"], check=True)
    wrapper = tmp_path / "bin" / "bwrap"
    wrapper.parent.mkdir()
    wrapper.write_text(CLOCKED.format(bwrap=shutil.which("bwrap")))
    wrapper.chmod(0o755)
    board.extra["PATH"] = f"{wrapper.parent}:{os.environ['PATH']}"
    board.start()

    def move(seconds: int) -> None:
        with moved.open("r+b") as file:
            file.write(struct.pack("q", seconds))

    yield board, move
    board.stop()


CLOCKED = """#!/bin/sh
# As bwrap, with a clock for what it starts.
for word; do
  shift
  set -- "$@" "$word"
  [ "$word" = --clearenv ] && set -- "$@" --setenv LD_PRELOAD /var/spool/asterisk/clock.so
done
exec {bwrap} "$@"
"""


async def test_a_clock_put_forward_or_back_an_hour_ends_no_call_and_loses_no_word(
    clock: tuple[Switchboard, Callable[[int], None]],
) -> None:
    board, move = clock
    async with house(board) as (desk, cast, outside, number), cast.alva.phone() as alva:
        waiting = await alva.call("333")
        await waiting.hear(board.prompt("vm-main"))
        for seconds, left in ((3600, 1), (0, 2), (-3600, 3)):
            call = await speaking(outside, board, number)
            await asyncio.sleep(2.5)
            move(seconds)
            await asyncio.sleep(0.5)
            told = await board.ari("GET", "asterisk/variable?variable=EPOCH")
            assert abs(float(told["value"]) - time.time() - seconds) < 10
            if call.state == "up" and not call.ended.is_set():
                with suppress(AssertionError):
                    await call.press("#")
                said = {key: board.prompt(key) for key in ("msg-review", "take-cut")}
                # Asterisk sends what it plays by its clock, and stumbles as it leaps.
                await call.hear_one_of(said, timeout_s=15, threshold=JITTERY)
            await call.hangup()

            async def came(count: int = left) -> bool:
                return len(await received(desk, cast.bo)) == count

            await eventually(came, 15)
        assert all(message.seconds > 2 for message in await received(desk, cast.bo))
        assert all(
            abs((datetime.now(UTC) - message.at).total_seconds()) < 170 for message in await received(desk, cast.bo)
        )
        await waiting.hear(board.prompt("vm-goodbye"), timeout_s=30, since=0)
        await waiting.hangup()
        await accounted_for(board, desk)
