"""Users' pictures leave with the company and come back, however hostile the zip."""

import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pbx.library.parcel import Imported
from tests.library import parcels
from tests.library.house import House
from tests.library.parcels import sha256
from tests.pictures import shots

NAME = "pictures/201-alva-alm.jpg"


async def put(house: House, data: bytes) -> str:
    picture = await house.library.pictures.set(house.world.exempel.id, house.world.alva.id, data, by="test")
    return picture.sha256


async def shown(house: House, company: str) -> list[str]:
    return [view.sha256 for view in (await house.library.pictures.all(company)).values()]


async def test_a_picture_goes_out_as_a_file_and_comes_in_again(house: House) -> None:
    await put(house, shots.saved(shots.scene().rotate(180), "JPEG"))
    name = await put(house, shots.saved(shots.scene(), "JPEG"))
    path = await parcels.export(house)
    with zipfile.ZipFile(path) as file:
        assert [one for one in file.namelist() if one.startswith("pictures/")] == [NAME]
        assert sha256(file.read(NAME)) == name
    alva, bo = parcels.manifest(path)["users"]
    assert (alva["picture"], bo["picture"]) == ({"file": NAME, "sha256": name}, None)
    done = await parcels.bring_in(house, path, "Ny AB")
    assert (done.made["pictures"], [one for one in done.left if "picture" in one.what]) == (1, [])
    (made,) = await shown(house, done.company.id)
    assert shots.quarters(await house.vault.get(done.company.id, made)) == list(shots.CORNERS)


async def test_brought_in_twice_it_adds_nothing_and_what_is_there_stays(house: House) -> None:
    name = await put(house, shots.saved(shots.scene(), "JPEG"))
    path = await parcels.export(house)
    first = await parcels.bring_in(house, path, "Ny AB")
    before = await shown(house, first.company.id)
    again = await parcels.bring_in(house, path, "Ny AB")
    assert ("pictures" in again.made, again.left) == (False, ())
    assert await shown(house, first.company.id) == before
    assert (await parcels.bring_in(house, path)).left == ()
    assert await shown(house, house.world.exempel.id) == [name]
    other = await put(house, shots.saved(shots.scene().rotate(180), "JPEG"))
    (left,) = (await parcels.bring_in(house, path)).left
    assert (left.what, left.says) == ("user 201 Alva Alm picture", "archive-differs")
    assert await shown(house, house.world.exempel.id) == [other]


async def test_a_parcel_of_before_pictures_is_still_taken(house: House) -> None:
    def old(told: dict[str, Any], files: dict[str, bytes]) -> None:
        for user in told["users"]:
            del user["picture"]

    done = await parcels.bring_in(house, parcels.rewritten(await parcels.export(house), old), "Ny AB")
    assert (done.made["users"], done.left) == (2, ())


async def test_what_was_erased_for_good_does_not_come_back(house: House) -> None:
    company, library = house.world.exempel.id, house.library
    await put(house, shots.saved(shots.scene(), "JPEG"))
    path = await parcels.export(house)
    (picture,) = await library.pictures.of_user(company, house.world.alva.id)
    await library.erasing.order_picture(company, picture.id, by="test", because="for good")
    await library.erasing.work()
    (left,) = (await parcels.bring_in(house, path)).left
    assert left.says == "archive-erased"
    assert await shown(house, company) == []


async def test_a_lost_one_is_told(house: House) -> None:
    await put(house, shots.saved(shots.scene(), "JPEG"))
    for copy in house.copies:
        shutil.rmtree(copy / "companies" / house.world.exempel.id / "objects")
    done = await parcels.exported(house, house.root / "lost.zip")
    assert done.lost == ("201 picture",)
    assert parcels.manifest(house.root / "lost.zip")["users"][0]["picture"] is None


@pytest.mark.parametrize(
    ("data", "picture", "says"),
    [
        (b"<svg/>", None, "picture-format"), (shots.bomb(8_000), None, "picture-too-large"),
        (b"other", {"file": NAME, "sha256": "0" * 64}, "archive-hash"),
        (b"", {"file": "../../etc/passwd", "sha256": "0" * 64}, "archive-file"),
        (b"", {"file": NAME}, "archive-field"), (b"", "picture", "archive-field"), (b"", 7, "archive-field"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
async def test_a_hostile_one_keeps_nothing_else_out(house: House, data: bytes, picture: object, says: str) -> None:
    await put(house, shots.saved(shots.scene(), "JPEG"))

    def change(told: dict[str, Any], files: dict[str, bytes]) -> None:
        files[NAME] = data
        told["users"][0]["picture"] = picture or {"file": NAME, "sha256": sha256(data)}

    path: Path = parcels.rewritten(await parcels.export(house), change)
    done: Imported = await parcels.bring_in(house, path, "Ny AB")
    assert [(one.what, one.says) for one in done.left] == [("user 201 Alva Alm picture", says)]
    assert done.made["users"] == 2
    assert await shown(house, done.company.id) == []
