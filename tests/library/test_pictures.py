"""A user's picture is as safe as a recording, and as gone when it is erased."""

import json
from pathlib import Path

import pytest

from pbx.errors import Refused
from pbx.library import returning
from pbx.store import Store, people, pictures
from pbx.store.erased import digest
from pbx.store.pictures import Picture
from pbx.vault import Finding
from tests.library.erasure import BY, everything_under, order_rows
from tests.library.house import House
from tests.pictures import shots

ONE, TWO = shots.saved(shots.scene(), "JPEG"), shots.saved(shots.scene().rotate(180), "PNG")


async def put(house: House, data: bytes = ONE, user: str | None = None) -> Picture:
    return await house.library.pictures.set(house.world.exempel.id, user or house.world.alva.id, data, by=BY)


async def shown(house: House, company: str | None = None) -> dict[str, str]:
    """By user, the object."""
    views = await house.library.pictures.all(company or house.world.exempel.id)
    return {user: view.sha256 for user, view in views.items()}


async def test_it_is_in_both_copies_and_a_person_can_tell_whose_it_is(house: House) -> None:
    picture = await put(house)
    for copy in (0, 1):
        (stored,) = house.objects(copy)
        assert (stored.name, stored.stat().st_size) == (picture.sha256, picture.size)
        assert stored.read_bytes().startswith(b"\xff\xd8\xff")
    told = json.loads(house.objects()[0].with_suffix(".json").read_text())
    expected = {"purpose": "profile picture", "owner": "Alva Alm", "extension": "201", "company_name": "Exempel AB"}
    assert expected.items() <= told.items()
    assert told["made_at"] == house.world.clock.now.isoformat()
    assert await shown(house) == {house.world.alva.id: picture.sha256}


async def test_the_same_picture_again_is_the_same_row(house: House) -> None:
    assert await put(house) == await put(house)


async def test_a_user_of_another_company_has_none_and_can_be_given_none(house: House) -> None:
    await put(house)
    assert await shown(house, house.world.annat.id) == {}
    for act in (
        lambda: put(house, user=house.world.cilla.id),
        lambda: house.library.pictures.remove(house.world.exempel.id, house.world.cilla.id, by=BY),
        lambda: house.library.pictures.restore(house.world.exempel.id, house.world.cilla.id, by=BY),
    ):
        with pytest.raises(Refused, match="user-unknown"):
            await act()
    assert len(house.objects()) == 1


async def test_what_is_refused_changes_nothing(house: House) -> None:
    picture = await put(house)
    with pytest.raises(Refused, match="picture-damaged"):
        await put(house, ONE[:-2_000])
    assert await shown(house) == {house.world.alva.id: picture.sha256}
    assert len(house.objects()) == 1


async def test_replaced_or_removed_it_can_be_brought_back(house: House) -> None:
    company, alva, library = house.world.exempel.id, house.world.alva.id, house.library
    one = await put(house)
    two = await put(house, TWO)
    assert await shown(house) == {alva: two.sha256}
    await library.pictures.restore(company, alva, by=BY)
    assert await shown(house) == {alva: one.sha256}
    await library.pictures.restore(company, alva, by=BY)
    assert await shown(house) == {alva: two.sha256}
    await library.pictures.remove(company, alva, by=BY)
    assert await shown(house) == {}
    with pytest.raises(Refused, match="picture-unknown"):
        await library.pictures.remove(company, alva, by=BY)
    await library.pictures.restore(company, alva, by=BY)
    assert await shown(house) == {alva: two.sha256}
    with pytest.raises(Refused, match="picture-unknown"):
        await library.pictures.restore(company, house.world.bo.id, by=BY)


async def test_what_was_replaced_thirty_days_ago_is_erased_and_the_new_one_stays(house: House) -> None:
    company, library = house.world.exempel.id, house.library
    one = await put(house)
    two = await put(house, TWO)
    house.world.clock.pass_(days=29)
    assert await library.erasing.due(company) == 0
    house.world.clock.pass_(days=2)
    assert await library.erasing.due(company) == 1
    assert await library.erasing.work() == 1
    assert [file.name for file in house.objects(0)] == [file.name for file in house.objects(1)] == [two.sha256]
    assert one.sha256.encode() not in everything_under(*house.copies)
    with pytest.raises(Refused, match="picture-unknown"):
        await library.pictures.restore(company, house.world.alva.id, by=BY)


async def test_erased_for_good_it_is_nowhere_and_may_be_put_in_again(house: House) -> None:
    company, library = house.world.exempel.id, house.library
    picture = await put(house)
    assert await library.erasing.order_picture(company, picture.id, by=BY, because="for good") == 1
    assert [row.digest for row in await order_rows(house)] == [digest(company, picture.sha256)]
    assert await library.erasing.work() == 1
    assert house.objects(0) == house.objects(1) == []
    assert picture.sha256.encode() not in everything_under(*house.copies)
    assert library.erased(company, picture.sha256)
    assert (await put(house)).sha256 == picture.sha256
    assert not library.erased(company, picture.sha256)
    assert len(house.objects(0)) == len(house.objects(1)) == 1


async def test_two_users_with_the_same_picture_do_not_take_it_from_each_other(house: House) -> None:
    company, library = house.world.exempel.id, house.library
    mine = await put(house)
    await put(house, user=house.world.bo.id)
    await library.erasing.order_picture(company, mine.id, by=BY, because="for good")
    await library.erasing.work()
    assert await shown(house) == {house.world.bo.id: mine.sha256}
    assert len(house.objects(0)) == len(house.objects(1)) == 1


async def test_lost_from_both_copies_it_is_in_the_ledger_by_its_users_name(house: House) -> None:
    company, library = house.world.exempel.id, house.library
    picture = await put(house)
    for copy in (0, 1):
        house.objects(copy)[0].unlink()
    swept = await library.proof.sweep()
    assert (swept.looked, swept.lost) == (1, 1)
    (line,) = await library.ledger.all(company, only_open=True)
    assert (line.kind, line.name, line.of, line.subject) == ("picture", "Alva Alm", picture.id, house.world.alva.id)
    assert (line.lost, line.heard, line.number) == (True, "nothing", None)
    assert (await library.pictures.all(company))[house.world.alva.id].state == "missing"
    await put(house)
    await library.proof.sweep()
    assert await library.ledger.all(company, only_open=True) == []
    assert (await library.pictures.all(company))[house.world.alva.id].state == "ok"


async def test_lost_from_one_copy_it_is_whole_again_after_a_sweep_and_damaged_after_a_scrub(house: House) -> None:
    await put(house)
    whole = house.objects(0)[0].read_bytes()
    house.objects(1)[0].unlink()
    assert (await house.library.proof.sweep()).healed == 1
    assert house.objects(1)[0].read_bytes() == whole
    house.objects(1)[0].write_bytes(bytes(len(whole)))
    assert (await house.library.proof.scrub()).healed == 1
    assert house.objects(1)[0].read_bytes() == whole


async def test_an_ordered_one_is_not_healed(house: House) -> None:
    picture = await put(house)
    await house.library.erasing.order_picture(house.world.exempel.id, picture.id, by=BY, because="for good")
    house.objects(1)[0].unlink()
    finding = Finding(house.world.exempel.id, "object", picture.sha256, "2", "missing")
    assert await house.vault.heal(finding, house.library.erased) is None


async def test_a_database_made_of_the_vault_alone_knows_it(house: House, tmp_path: Path) -> None:
    one, two = await put(house), await put(house, TWO)
    fresh = tmp_path / "rebuilt.db"
    await returning.rebuild(fresh, house.vault)
    store = Store(fresh, house.world.clock)
    await store.open()
    async with store.read(house.world.exempel.id) as tx:
        found = await pictures.of_user(tx, (await people.get(tx, house.world.alva.id)).id)
    await store.close()
    assert [(picture.id, picture.sha256) for picture in found] == [(two.id, two.sha256), (one.id, one.sha256)]


async def test_with_the_vault_away_it_is_refused(house: House) -> None:
    one = await put(house)
    for copy in house.copies:
        copy.rename(copy.with_name(f"{copy.name}-away"))
    with pytest.raises(Refused, match="vault-away"):
        await put(house, TWO)
    assert await shown(house) == {house.world.alva.id: one.sha256}
