"""What the operator does with the system's own phrases at the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from pbx.errors import Refused
from pbx.library.parcel import wav
from pbx.phrases import Phrases
from pbx.service import Service
from tests.audio.takes import telephone_speech
from tests.cli.desk import desk_in, vaxel
from tests.library.house import House


async def listed(house: House, capsys: pytest.CaptureFixture[str]) -> dict[tuple[str, str], Any]:
    capsys.readouterr()
    assert await vaxel(desk_in(house), "sounds.list_sounds", "sounds", "--json") == 0
    return {(row["key"], row["language"]): row for row in json.loads(capsys.readouterr().out)}


async def test_what_is_replaced_is_where_calls_look_for_it(house: House, tmp_path: Path) -> None:
    desk, file = desk_in(house), tmp_path / "mine.wav"
    file.write_bytes(wav.encode(telephone_speech("mine", 2.0)))
    assert await vaxel(desk, "sounds.replace", "sounds", "replace", "vm-main", str(file), "--lang", "en") == 0
    service = Service(desk.settings)
    media = service.phrases.media("vm-main", "en")
    assert media == "sound:/vaxel/own-sounds/en/vm-main"
    assert service._shelf().holds(media)
    service.vault.close()


async def test_a_phrase_is_replaced_listed_and_restored(
    house: House, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    desk, file = desk_in(house), tmp_path / "mine.wav"
    file.write_bytes(wav.encode(telephone_speech("mine", 2.0)))
    assert await vaxel(desk, "sounds.replace", "sounds", "replace", "vm-main", str(file), "--lang", "en") == 0
    assert capsys.readouterr().out.endswith(" s\n")
    rows = await listed(house, capsys)
    assert (rows["vm-main", "en"]["whose"], rows["vm-main", "sv"]["whose"]) == ("own", "built")
    assert rows["vm-main", "en"]["words"] == Phrases(house.root).words("vm-main", "en")
    assert "picture-busy" not in {key for key, _ in rows}
    assert (desk.settings.own_sounds / "en" / "vm-main.alaw").is_file()
    assert await vaxel(desk, "sounds.restore", "sounds", "restore", "vm-main", "--lang", "en") == 0
    assert (await listed(house, capsys))["vm-main", "en"]["whose"] == "built"
    with pytest.raises(Refused, match="upload-missing"):
        await vaxel(desk, "sounds.replace", "sounds", "replace", "vm-main", "none.wav", "--lang", "en")
