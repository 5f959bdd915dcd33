"""What an administrator types to upload a file, and what comes back."""

import json
from pathlib import Path

import pytest

from pbx.cli.desk import explain
from pbx.errors import Refused
from tests.audio.files import sound_file
from tests.audio.takes import joined, silence, sine, telephone_speech
from tests.cli.desk import desk_in, vaxel
from tests.library.house import House

HELLO = telephone_speech("hello", 3.0)


async def test_it_is_saved_in_words_with_what_is_doubtful_about_it(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")
    desk = desk_in(house)
    message = await house.library.messages.add(house.world.exempel.id, "Öppettider", "welcome", by="alva")
    file = await sound_file(tmp_path / "hej.wav", joined(sine(1000, 0.3, -15), silence(0.3), HELLO))
    words = ("upload", str(message.number), str(file), "--company", "Exempel AB")
    assert await vaxel(desk, "upload.upload", *words) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("Öppettider är sparat: version 1 (sv), 3.")
    assert told[0].endswith("i 2 kopior. Nästa som ringer hör det.")
    assert told[1:] == ["En ton hördes i början och är bortklippt."]
    assert await vaxel(desk, "upload.upload", *words, "--json", "--lang", "en", "--revision", "0") == 0
    told_json = json.loads(capsys.readouterr().out)
    assert (told_json["state"], told_json["lang"], told_json["copies"], told_json["notes"]) == (
        "saved",
        "en",
        2,
        ["beep"],
    )


async def test_a_file_that_is_no_sound_is_refused_in_a_sentence(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en")
    await house.library.messages.add(house.world.exempel.id, "Welcome", "welcome", by="alva")
    file = tmp_path / "welcome.wav"
    file.write_text("<!DOCTYPE html><html><body>404</body></html>")
    with pytest.raises(Refused) as refused:
        await vaxel(desk_in(house), "upload.upload", "upload", "Welcome", str(file), "--company", "Exempel AB")
    assert explain(refused.value).startswith("That is a web page and no sound.")
