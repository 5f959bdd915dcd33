"""The main way with a telephone that is not ours, on an Asterisk in Docker and on one in a folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calls.conftest import copy
from tests.calls.switchboard import Switchboard
from tests.phone import audio, pseudo_speech
from tests.phone.other import OtherPhone

SAID = pseudo_speech("words that somebody says at some length", 3.0)


@pytest.fixture(params=["docker", "folder"])
def either(request: pytest.FixtureRequest, tmp_path: Path, seeded: Path) -> Iterator[Switchboard]:
    """A switchboard whose Asterisk is had in one of both ways."""
    made = copy(seeded, tmp_path / "var", 2)
    made.asterisk = request.param
    made.start()
    yield made
    made.stop()


@pytest.mark.timeout(120)
async def test_anna_records_hears_and_deletes_her_greeting(either: Switchboard, tmp_path: Path) -> None:
    account = either.demo["accounts"]["201"]
    assert either.demo["asterisk"]["how"] == either.asterisk
    async with OtherPhone(account["user"], account["password"], either.sip, tmp_path) as phone:
        await phone.register()
        assert await phone.call("333") == 200
        await phone.hear(either.prompt("vm-main"), 15)
        await phone.dial("5")
        await phone.hear(either.prompt("beep"), 15)
        await phone.say(SAID)
        await phone.dial("0")
        await phone.hear(either.prompt("vm-greeting-saved"), 15)
        mark = phone.mark()
        await phone.dial("4")
        played = await phone.hear(SAID[1600:-1600], 15, since=mark, threshold=audio.MOST)
        await phone.hear(either.prompt("vm-main"), 15, since=played.end)
        assert audio.tone_left(phone.heard()[mark:], "0") == 0
        await phone.dial("6")
        await phone.hear(either.prompt("vm-greeting-deleted"), 15)
        await phone.hangup()
