"""What an administrator does with messages at the command line."""

import io
import json
from typing import Any

import pytest

from pbx.errors import Refused
from tests.cli.desk import desk_in, vaxel
from tests.library.house import House


async def told(house: House, capsys: pytest.CaptureFixture[str], act: str, *words: str) -> Any:
    capsys.readouterr()
    assert await vaxel(desk_in(house), act, *words, "--json") == 0
    return json.loads(capsys.readouterr().out)


async def test_the_list_can_be_of_some_states_only(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    await house.recorded("hello")
    listed = "messages.list_messages"
    everything = await told(house, capsys, listed, "messages")
    assert [(row["name"], row["state"]) for row in everything] == [
        ("greeting-201", "ok"), ("greeting-202", "stand-in"), ("welcome", "stand-in"),
    ]  # fmt: skip
    assert everything[0]["revision"] == {"sv": 1, "en": 0}
    assert everything[0]["company"] == "Exempel AB"
    ok = await told(house, capsys, listed, "messages", "--state", "ok", "--state", "missing")
    assert [row["name"] for row in ok] == ["greeting-201"]
    assert await told(house, capsys, listed, "messages", "--state", "corrupt", "healing") == []


async def test_a_recording_in_one_copy_is_told_to_people_and_is_ok_for_programs(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await house.recorded("hello")
    house.objects(1)[0].unlink()
    assert await vaxel(desk_in(house), "messages.list_messages", "messages") == 0
    said = capsys.readouterr().out
    assert "one copy" in said or "en kopia" in said
    rows = await told(house, capsys, "messages.list_messages", "messages")
    assert [(row["state"], row["copies"], row["lagging"]) for row in rows] == [
        ("ok", 1, True), ("stand-in", None, False), ("stand-in", None, False),
    ]  # fmt: skip


async def test_the_copies_are_told_with_what_each_lacks(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    await house.recorded("hello")
    await house.library.proof.sweep()
    assert await vaxel(desk_in(house), "vault.status", "vault", "status", "--json") == 0
    house.copies[1].rename(house.root / "away")
    await house.library.proof.sweep()
    capsys.readouterr()
    assert await vaxel(desk_in(house), "vault.status", "vault", "status", "--json") == 1
    copies = json.loads(capsys.readouterr().out)["copies"]
    assert [(one["name"], one["lacks"]) for one in copies] == [("1", 0), ("2", 1)]


async def test_a_new_message_has_the_next_number_and_its_script(
    house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, add = desk_in(house), ("messages.add", "messages", "add")
    assert await vaxel(desk, *add, "summer", "--kind", "welcome", "--script", "Vi har sommarstängt.") == 0
    number = capsys.readouterr().out.strip()
    monkeypatch.setattr("sys.stdin", io.StringIO("We are closed for summer.\n"))
    assert await vaxel(desk, *add, "summer-en", "--script", "-", "--lang", "en") == 0
    rows = {row["name"]: row for row in await told(house, capsys, "messages.list_messages", "messages")}
    assert str(rows["summer"]["number"]) == number
    assert (rows["summer"]["kind"], rows["summer"]["script"]["sv"]) == ("welcome", "Vi har sommarstängt.")
    assert rows["summer-en"]["script"]["en"] == "We are closed for summer."
    for words in (["summer"], ["x", "--kind", "no-such-kind"], [""]):
        with pytest.raises(Refused):
            await vaxel(desk, *add, *words)


async def test_a_message_is_deleted_and_brought_back(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    desk, listed = desk_in(house), "messages.list_messages"
    assert await vaxel(desk, "messages.delete", "messages", "delete", "welcome") == 0
    assert "vaxel messages undelete 3" in capsys.readouterr().out
    (gone,) = await told(house, capsys, listed, "messages", "--deleted")
    assert gone["name"] == "welcome"
    assert "welcome" not in [row["name"] for row in await told(house, capsys, listed, "messages")]
    assert await vaxel(desk, "messages.undelete", "messages", "undelete", "3") == 0
    assert "welcome" in [row["name"] for row in await told(house, capsys, listed, "messages")]


async def test_a_message_is_erased_for_good_when_that_is_what_is_asked(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = desk_in(house)
    for name in ("deleted", "never-used"):
        await house.library.messages.add(house.world.exempel.id, name, by="test")
    assert await vaxel(desk, "messages.delete", "messages", "delete", "deleted") == 0
    for name in ("deleted", "never-used"):
        assert await vaxel(desk, "messages.delete", "messages", "delete", name, "--for-good") == 0
        with pytest.raises(Refused, match="message-unknown"):
            await vaxel(desk, "messages.undelete", "messages", "undelete", name)
    with pytest.raises(Refused, match="message-placed"):
        await vaxel(desk, "messages.delete", "messages", "delete", "greeting-201", "--for-good")


async def test_versions_are_listed_and_used_by_number(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    await house.recorded("old")
    await house.recorded("new")
    rows = await told(house, capsys, "messages.versions", "versions", "greeting-201")
    assert [(row["number"], row["current"], row["audio"]) for row in rows] == [(2, True, "ok"), (1, False, "ok")]
    revision = str(rows[0]["revision"]["sv"])
    words = ("use", "greeting-201", "1", "--lang", "sv", "--revision", revision)
    assert await vaxel(desk_in(house), "messages.use", *words) == 0
    rows = await told(house, capsys, "messages.versions", "versions", "greeting-201", "--lang", "sv")
    assert [row["current"] for row in rows] == [False, True]
    with pytest.raises(Refused, match="edited-meanwhile"):
        await vaxel(desk_in(house), "messages.use", *words)


async def test_a_script_is_written_as_a_word_or_read_from_standard_input(
    house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_in(house)
    assert await vaxel(desk, "messages.script", "script", "welcome", "Hej och välkommen.") == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("Hello,\nand welcome.\n"))
    assert await vaxel(desk, "messages.script", "script", "welcome", "--lang", "en", "-") == 0
    rows = await told(house, capsys, "messages.list_messages", "messages")
    assert rows[-1]["script"] == {"sv": "Hej och välkommen.", "en": "Hello,\nand welcome."}
    monkeypatch.setattr("sys.stdin", io.StringIO("x" * 1_000_000))
    with pytest.raises(Refused, match="script-too-long"):
        await vaxel(desk, "messages.script", "script", "welcome", "-")
