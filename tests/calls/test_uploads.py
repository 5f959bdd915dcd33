"""A file is uploaded to a message that has its place: the next caller hears it, right, soon and as loud as others."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from pbx.cli.desk import Desk
from pbx.store.values import Message, Target
from tests.audio.files import sound_file
from tests.audio.honest import HONEST, words_of
from tests.calls.cast import Cast, new_number
from tests.calls.switchboard import Switchboard
from tests.phone import Pcm, Phone, audio
from tests.setup.machine import on_this_machine

ROOMS = 3  # so that one caller still listens while the next file is made and uploaded
WITHIN_S = 1.0


@dataclass(frozen=True)
class Room:
    """A menu whose welcome is `message`, and the number that leads there."""

    message: Message
    number: str


async def room(desk: Desk, cast: Cast, board: Switchboard, name: str) -> Room:
    company = cast.alva.company
    menu = await desk.menus.add(company.id, name, fallback=Target("hangup"), tries=1, timeout_s=0.5, by="test")
    message = await desk.library.messages.add(company.id, name, "welcome", by="test")
    await desk.library.messages.place(company.id, "menu", f"{menu.id}/welcome", message.id, by="test")
    number = await new_number(desk, company, "menu", menu.id)
    await board.knows(number)
    return Room(message, number)


@dataclass(frozen=True)
class Heard:
    """`after_s`: from the moment it was saved until the first of its words arrived at a phone that called then."""

    pcm: Pcm
    after_s: float


async def next_caller(outside: Phone, number: str, words: Pcm) -> Heard:
    saved = time.monotonic()
    call = await outside.call(number)
    heard = await call.hear(words, timeout_s=8)
    received = call.heard_since(heard.offset)[: len(words)]
    await call.hangup()
    return Heard(received, heard.at - saved)


@pytest.mark.timeout(300)
async def test_twenty_files_of_all_kinds_are_each_heard_right_by_the_next_caller_and_equally_loud(
    board: Switchboard, cast: Cast, outside: Phone, desk: Desk, tmp_path: Path
) -> None:
    company = cast.alva.company.id
    free: asyncio.Queue[Room] = asyncio.Queue()
    for n in range(ROOMS):
        free.put_nowait(await room(desk, cast, board, f"room {n} {cast.access}"))
    spoken = words_of(HONEST)
    words = {name: audio.down(pcm, 16_000) for name, pcm in spoken.items()}
    heard: dict[str, Heard] = {}

    async def listen(name: str, at: Room) -> None:
        heard[name] = await next_caller(outside, at.number, words[name])
        free.put_nowait(at)

    began = time.monotonic()
    async with asyncio.TaskGroup() as callers:
        for name, pcm in spoken.items():
            file = await sound_file(tmp_path / name, pcm, *HONEST[name])
            at = await free.get()
            assert not (await desk.library.uploads.upload(company, at.message.id, file, lang="sv", by="test")).notes
            callers.create_task(listen(name, at))
    after_s = sorted(one.after_s for one in heard.values())
    loud = {name: audio.loudness(one.pcm) for name, one in heard.items()}
    print(
        f"{len(heard)} files in {time.monotonic() - began:.1f} s; heard after {after_s[len(after_s) // 2]:.2f} s,"
        f" at the latest {after_s[-1]:.2f} s; within {max(loud.values()) - min(loud.values()):.2f} dB"
    )
    assert len(heard) >= 20
    for name, one in heard.items():
        alike = {other: audio.score(one.pcm, pcm[800:-800])[0] for other, pcm in words.items()}
        assert max(alike, key=lambda each: alike[each]) == name
        assert alike[name] > audio.SAME, (name, alike[name])
    assert max(loud.values()) - min(loud.values()) < 2, loud
    assert after_s[len(after_s) // 2] < WITHIN_S
    assert after_s[-1] < on_this_machine(WITHIN_S)
