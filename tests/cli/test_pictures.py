"""What an administrator does with users' pictures at the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from pbx.errors import Refused
from tests.cli.desk import desk_in, vaxel
from tests.library.house import House
from tests.pictures import shots

ACT = "pictures.picture"


async def users(house: House, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """By extension."""
    capsys.readouterr()
    assert await vaxel(desk_in(house), "users.list_users", "users", "--json") == 0
    return {row["extension"]: row for row in json.loads(capsys.readouterr().out)}


async def test_a_picture_is_put_in_listed_removed_and_brought_back(
    house: House, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    desk, file = desk_in(house), tmp_path / "alva.gif"
    file.write_bytes(shots.saved(shots.scene(), "WEBP"))
    assert await vaxel(desk, ACT, "users", "picture", "Alva", str(file)) == 0
    sha256 = capsys.readouterr().out.strip()
    told = await users(house, capsys)
    assert told["202"]["picture"] is None
    (stored,) = house.objects()
    assert told["201"]["picture"] == {"sha256": sha256, "size": stored.stat().st_size, "state": "ok"}
    assert await vaxel(desk, "users.list_users", "users") == 0
    assert "ok" in next(line for line in capsys.readouterr().out.splitlines() if "Alva" in line)
    assert await vaxel(desk, ACT, "users", "picture", "201", "--remove") == 0
    assert (await users(house, capsys))["201"]["picture"] is None
    assert await vaxel(desk, ACT, "users", "picture", "201", "--undo") == 0
    for copy in (0, 1):
        house.objects(copy)[0].unlink()
    assert (await users(house, capsys))["201"]["picture"]["state"] == "missing"


async def test_for_good_means_every_one_of_the_users(house: House, tmp_path: Path) -> None:
    desk = desk_in(house)
    for n, picture in enumerate((shots.scene(), shots.scene().rotate(180))):
        file = tmp_path / f"{n}"
        file.write_bytes(shots.saved(picture, "JPEG"))
        assert await vaxel(desk, ACT, "users", "picture", "201", str(file)) == 0
    assert len(house.objects()) == 2
    assert await vaxel(desk, ACT, "users", "picture", "201", "--for-good") == 0
    assert await house.library.erasing.work() == 2
    assert house.objects(0) == house.objects(1) == []
    with pytest.raises(Refused, match="picture-unknown"):
        await vaxel(desk, ACT, "users", "picture", "201", "--for-good")


async def test_no_file_is_no_wish_to_remove(house: House) -> None:
    with pytest.raises(Refused, match="picture-file"):
        await vaxel(desk_in(house), ACT, "users", "picture", "201", "")
    with pytest.raises(SystemExit):
        await vaxel(desk_in(house), ACT, "users", "picture", "201")
