"""A company leaves and arrives at the command line, which says line by line what a person has to know."""

import json

import pytest

from pbx.errors import Refused
from tests.cli.desk import desk_in, vaxel
from tests.library import parcels
from tests.library.house import House


async def test_a_company_leaves_as_a_zip_and_arrives_under_another_name(
    house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    await parcels.furnish(house)
    desk, file = desk_in(house), str(house.root / "a.zip")
    assert await vaxel(desk, "parcel.export", "vault", "export", "--company", "Exempel AB", file) == 0
    assert f"Exempel AB: 5 files in {file}" in capsys.readouterr().out
    with pytest.raises(Refused, match="archive-exists"):
        await vaxel(desk, "parcel.export", "vault", "export", file)
    assert await vaxel(desk, "parcel.bring_in", "vault", "import", file, "--company", "Ny AB") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Ny AB: 2 menus, 2 messages, 2 places, 2 users, 3 versions, 1 voice_messages"
    assert lines[1].startswith("number +46701740620: ")
    assert (
        lines[3] == "user 201 Alva Alm: The phone's password is never in an archive. Add the phone anew. (Skrivbordet)"
    )
    assert await vaxel(desk, "parcel.bring_in", "vault", "import", file) == 0
    assert capsys.readouterr().out == "Exempel AB: nothing new\n"


async def test_a_program_is_told_what_was_not_taken_and_why(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    await parcels.furnish(house)
    desk, file = desk_in(house), str(house.root / "a.zip")
    assert await vaxel(desk, "parcel.export", "vault", "export", file, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": file, "messages": 4, "voice_messages": 1, "files": 5, "lost": [],
    }  # fmt: skip
    assert await vaxel(desk, "parcel.bring_in", "vault", "import", file, "--company", "Ny AB", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["company"], told["made"]["versions"]) == ("Ny AB", 3)
    assert [(one["what"], one["says"]) for one in told["left"]] == [
        ("number +46701740620", "number-taken"), ("number +46701740633", "number-taken"),
    ]  # fmt: skip
    assert all(one["words"] for one in told["left"] + told["todo"])
