"""Files that nobody should be able to do harm with, at the command line while calls are answered."""

import asyncio
import gc
import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from pbx.cli.desk import Desk
from pbx.phrases import read_catalogue
from tests.audio.files import sound_file
from tests.audio.hostile import MADE, lay_out
from tests.audio.memory import Watch, rss
from tests.audio.takes import telephone_speech
from tests.calls.cast import Cast
from tests.calls.switchboard import Switchboard
from tests.calls.test_uploads import room
from tests.phone import Phone, pseudo_speech
from tests.setup.machine import on_this_machine

MIB = 1 << 20
WELCOME = "the old welcome"
HARMFUL = ("bomb.wav", "cut.mp3", "cut.webm", "pipe.wav", "link.wav")
# Each of them, without a command of its own, which takes minutes: tests/audio/test_hostile.py.
ALL = os.environ.get("VAXEL_HOSTILE") == "all"


def chosen(files: Mapping[Path, str]) -> dict[Path, str]:
    """Those that can be typed and are large inside, or take a decoder to find out."""
    typed = {file: says for file, says in files.items() if "\0" not in str(file)}
    return typed if ALL else {file: says for file, says in typed.items() if file.name in MADE or file.name in HARMFUL}


@pytest.mark.timeout(900)
async def test_each_is_refused_in_its_sentence_at_little_cost_and_the_old_welcome_is_heard(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, tmp_path: Path
) -> None:
    company, words = cast.alva.company.name, read_catalogue()
    at = await room(desk, cast, board, f"hostile {cast.access}")
    (tmp_path / "files").mkdir()
    files = chosen(await lay_out(tmp_path / "files"))
    welcome = await sound_file(tmp_path / "welcome.mp3", telephone_speech(WELCOME, 2.0))

    async def upload(file: Path) -> tuple[int, str]:
        told = await asyncio.to_thread(
            board.cli, "upload", at.message.name, str(file), "--company", company, check=False
        )
        return told.returncode, told.stderr

    assert (await upload(welcome))[0] == 0
    gc.collect()
    before, wrong, took = rss(), {}, {}
    with Watch() as watch:
        for file, says in files.items():
            began = time.monotonic()
            code, told = await upload(file)
            took[file.name] = time.monotonic() - began
            if code != 1 or words[says].words["en"] not in told:
                wrong[file.name] = (says, code, told[-300:])
    gc.collect()
    after = rss()
    slowest = max(took, key=lambda name: took[name])
    print(f"{len(files)} files, {len(set(files.values()))} sentences; slowest {slowest} {took[slowest]:.1f} s;"
          f" {(watch.peak - before) / MIB:.0f} MiB at the most, {(after - before) / MIB:.0f} afterwards")  # fmt: skip
    assert wrong == {}
    assert took[slowest] < on_this_machine(20)
    assert watch.peak - before < 300 * MIB
    assert after - before < 20 * MIB
    call = await outside.call(at.number)
    await call.hear(pseudo_speech(WELCOME, 2.0))
    await call.hangup()
