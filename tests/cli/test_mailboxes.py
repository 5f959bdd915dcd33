"""Erasing for good what callers left, and a user's greeting, at the command line."""

import json
from typing import Any

import pytest

from pbx.errors import Refused
from pbx.library.brake import BrakeOn
from pbx.store import new_id
from tests.cli.desk import desk_in, vaxel
from tests.library.house import CALLER, House
from tests.library.recordings import recorded

VOICE, GREETING, DELETE = "mailboxes.voice", "mailboxes.greeting", "messages.delete"


async def left(house: House, capsys: pytest.CaptureFixture[str], name: str = "Alva") -> list[dict[str, Any]]:
    capsys.readouterr()
    assert await vaxel(desk_in(house), VOICE, "users", "voice", name, "--json") == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows


async def test_what_callers_left_is_listed_and_erased_from_every_copy(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await house.left("one")
    await house.left("two")
    two, one = await left(house, capsys)
    assert (one["from"], one["state"], one["audio"]) == (CALLER.e164, "new", "ok")
    assert await vaxel(desk_in(house), VOICE, "users", "voice", "201", "--for-good", one["id"]) == 0
    assert "Alva" in capsys.readouterr().out
    assert [row["id"] for row in await left(house, capsys)] == [two["id"]]
    assert await house.library.erasing.work() == 1
    assert len(house.objects(0)) == len(house.objects(1)) == 1
    assert await vaxel(desk_in(house), VOICE, "users", "voice", "Alva") == 0
    assert CALLER.e164 in capsys.readouterr().out


async def test_nothing_of_another_ones_is_erased_and_nothing_at_all_then(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await house.left("one")
    (one,) = await left(house, capsys)
    for name, ids in (("Bo", [one["id"]]), ("Alva", [one["id"], new_id()])):
        with pytest.raises(Refused, match="message-unknown"):
            await vaxel(desk_in(house), VOICE, "users", "voice", name, "--for-good", *ids)
    assert len(await left(house, capsys)) == 1


async def test_a_greeting_is_erased_with_all_its_recordings_and_callers_hear_the_default_one(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await house.recorded("old")
    await house.recorded("new")
    await house.library.published.mend()
    assert await vaxel(desk_in(house), GREETING, "users", "greeting", "Alva", "--for-good") == 0
    assert "Alva" in capsys.readouterr().out
    assert (await house.at_alvas_mailbox()).heard == "spoken-script"
    assert await house.library.erasing.work() == 2
    assert house.objects(0) == house.objects(1) == []
    company, box = house.world.exempel.id, house.world.box
    assert await house.library.versions.all(company, box.greeting) == []
    assert not await house.library.mailboxes.restore_greeting(company, box.id, by="test")
    with pytest.raises(Refused, match="version-unknown"):
        await vaxel(desk_in(house), GREETING, "users", "greeting", "Alva", "--for-good")
    assert (await house.recorded("again")).any()
    assert (await house.at_alvas_mailbox()).heard == "own"


async def test_a_greeting_of_unusually_many_recordings_stops_at_the_brake_whole(house: House) -> None:
    company, box = house.world.exempel.id, house.world.box
    async with house.world.store.begin(company) as tx:
        for n in range(21):
            await recorded(tx, box.greeting, f"{n}")
    with pytest.raises(BrakeOn):
        await vaxel(desk_in(house), GREETING, "users", "greeting", "Alva", "--for-good")
    assert len(await house.library.versions.all(company, box.greeting)) == 21
    assert await house.library.erasing.orders(company) == []


async def test_one_recording_of_a_placed_message_is_erased_and_the_one_that_is_heard_is_not(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await house.recorded("old")
    await house.recorded("new")
    desk, words = desk_in(house), ("messages", "delete", "greeting-201", "--version")
    assert await vaxel(desk, DELETE, *words, "1") == 2
    with pytest.raises(Refused, match="version-current"):
        await vaxel(desk, DELETE, *words, "2", "--for-good")
    with pytest.raises(Refused, match="version-unknown"):
        await vaxel(desk, DELETE, *words, "1", "--for-good", "--lang", "en")
    with pytest.raises(Refused, match="message-placed"):
        await vaxel(desk, DELETE, "messages", "delete", "greeting-201", "--for-good")
    assert await vaxel(desk, DELETE, *words, "1", "--for-good") == 0
    assert "greeting-201" in capsys.readouterr().out
    assert await house.library.erasing.work() == 1
    (left,) = await house.library.versions.all(house.world.exempel.id, house.world.box.greeting)
    assert (left.number, left.current, left.audio) == (2, True, "ok")
    assert (await house.at_alvas_mailbox()).heard == "own"
