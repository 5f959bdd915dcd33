"""`vaxel speak` and `vaxel pronounce`, as an administrator types them."""

import io
import json
import wave
from pathlib import Path

import pytest

from pbx.errors import Refused
from tests.cli.desk import desk_in, vaxel
from tests.library.house import House


async def test_a_message_is_spoken_and_its_version_tells_the_voice(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = desk_in(house)
    assert await vaxel(desk, "speak.speak", "speak", "welcome", "--text", "Vi öppnar kl. 13.30.", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["source"], told["copies"], told["lang"]) == ("saved", "speech", 2, "sv")
    assert await vaxel(desk, "messages.versions", "versions", "welcome") == 0
    assert "pseudo speech sv" in capsys.readouterr().out
    assert await vaxel(desk, "speak.speak", "speak", "welcome", "--lang", "en") == 0
    assert "welcome" in capsys.readouterr().out


async def test_the_list_tells_in_words_and_to_programs_that_a_script_was_changed(
    house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")
    desk = desk_in(house)
    assert await vaxel(desk, "speak.speak", "speak", "welcome") == 0
    capsys.readouterr()
    assert await vaxel(desk, "messages.list_messages", "messages") == 0
    assert "ändrat" not in capsys.readouterr().out
    assert await vaxel(desk, "messages.script", "script", "welcome", "Något annat.") == 0
    assert await vaxel(desk, "messages.list_messages", "messages") == 0
    assert "ändrat sedan inspelningen (sv)" in capsys.readouterr().out
    assert await vaxel(desk, "messages.list_messages", "messages", "--json") == 0
    row = next(row for row in json.loads(capsys.readouterr().out) if row["name"] == "welcome")
    assert row["matches"] == {"sv": False, "en": None}
    assert row["script"]["sv"] == "Något annat."


async def test_a_preview_is_a_file_to_listen_to(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, file = desk_in(house), tmp_path / "x.wav"
    monkeypatch.setattr("sys.stdin", io.StringIO("Prov, prov."))
    assert await vaxel(desk, "speak.speak", "speak", "welcome", "--text", "-", "--preview", str(file)) == 0
    with wave.open(str(file)) as sound:
        assert sound.getframerate() == 16_000
        assert sound.getnframes() > 4_000
    with pytest.raises(Refused, match="archive-unwritable"):
        await vaxel(desk, "speak.speak", "speak", "welcome", "--preview", str(tmp_path / "no" / "x.wav"))
    assert await desk.library.versions.all(house.world.exempel.id, house.world.welcome.id) == []


async def test_words_are_entered_listed_and_removed(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    desk = desk_in(house)
    assert await vaxel(desk, "speak.pronounce", "pronounce", "Växel", "väksel") == 0
    assert await vaxel(desk, "speak.pronounce", "pronounce", "Ek & Co", "ek och kompani", "--lang", "en") == 0
    capsys.readouterr()
    assert await vaxel(desk, "speak.pronounce", "pronounce", "--list", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["lang"], row["word"], row["spoken"]) for row in rows] == [
        ("en", "Ek & Co", "ek och kompani"), ("sv", "Växel", "väksel"),
    ]  # fmt: skip
    assert await vaxel(desk, "speak.pronounce", "pronounce", "--remove", "växel") == 0
    capsys.readouterr()
    assert await vaxel(desk, "speak.pronounce", "pronounce", "--list", "--lang", "sv") == 0
    assert "väksel" not in capsys.readouterr().out
    for words in (("--remove", "växel"), ("Växel",), ("?", "!")):
        with pytest.raises(Refused, match="pronunciation-"):
            await vaxel(desk, "speak.pronounce", "pronounce", *words)
