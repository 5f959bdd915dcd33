"""An old database that is put back, or none at all, gets from the vault what it lacks."""

import asyncio
import shutil
from pathlib import Path

import pytest

from pbx.errors import CannotStart, Refused
from pbx.library import returning
from pbx.store import Store, catalogue, companies, messages, redo
from pbx.vault import Broken
from tests.library.house import House
from tests.library.test_proof import damage


async def closed_at(house: House, name: str) -> Path:
    """The database as it is now, under another name."""
    await house.world.store.close()
    old = house.root / name
    shutil.copyfile(house.world.store.path, old)
    await house.world.store.open()
    return old


async def exported(house: House) -> None:
    for company in (house.world.exempel.id, house.world.annat.id):
        await house.library.catalogue.export(company)


def same(house: House, other: Path) -> bool:
    return all(
        list(redo.differences(house.world.store.path, company, redo.rows_of(other, company))) == []
        for company in (house.world.exempel.id, house.world.annat.id)
    )


async def script(house: House, words: str) -> None:
    welcome = house.world.welcome.id
    await house.library.messages.set_script(house.world.exempel.id, welcome, "sv", words, by="test")


async def test_an_edit_is_in_every_copy_when_it_is_done(house: House) -> None:
    await script(house, "Hej.")
    async with house.world.store.read(house.world.exempel.id) as tx:
        number = (await catalogue.head(tx)).number
    assert await house.vault.catalogue.heads(house.world.exempel.id) == {"1": number, "2": number}


async def test_without_any_copy_an_edit_is_refused_and_nothing_is_changed(house: House) -> None:
    await exported(house)
    for copy in house.copies:
        (copy / "vaxel-copy.json").unlink()
    with pytest.raises(Refused, match="vault-away"):
        await script(house, "Hej.")
    async with house.world.store.read(house.world.exempel.id) as tx:
        heard = await messages.heard(tx, house.world.welcome.id)
    assert heard is not None
    assert heard.texts["sv"].script == "Välkommen till Exempel AB."


async def test_with_one_copy_an_edit_goes_on_and_the_other_catches_up(house: House) -> None:
    await exported(house)
    away = house.root / "away"
    house.copies[1].rename(away)
    await script(house, "Hej.")
    shutil.rmtree(house.copies[1], ignore_errors=True)
    away.rename(house.copies[1])
    await house.vault.refill("2")
    await script(house, "Hej igen.")
    async with house.world.store.read(house.world.exempel.id) as tx:
        number = (await catalogue.head(tx)).number
    assert await house.library.catalogue.export_to_all(house.world.exempel.id) == number
    names = [
        sorted(f.name for f in (c / "companies" / house.world.exempel.id / "catalogue").iterdir()) for c in house.copies
    ]
    assert names[0] == names[1]


async def test_a_copy_catches_up_also_where_something_is_always_committed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pbx.library.catalogue._ROUND_S", 0.3)
    await script(house, "Hej.")
    company, woken = house.world.exempel.id, asyncio.Event()
    whole = await house.vault.catalogue.heads(company)
    max((house.copies[1] / "companies" / company / "catalogue").iterdir()).unlink()
    assert await house.vault.catalogue.heads(company) != whole
    working = asyncio.create_task(house.library.catalogue.run(woken))
    try:
        async with asyncio.timeout(10):
            while await house.vault.catalogue.heads(company) != whole:
                woken.set()
                await asyncio.sleep(0.01)
    finally:
        working.cancel()


async def test_a_database_is_made_anew_from_one_copy(house: House) -> None:
    take = await house.greeting()
    house.speak(take, "hello")
    assert (await house.keep(take)).ok
    await house.left("please call back")
    await script(house, "Hej.")
    await exported(house)
    shutil.rmtree(house.copies[0])
    new = house.root / "new.db"
    found = await returning.rebuild(new, house.vault, "2")
    assert {one.company for one in found} == {house.world.exempel.id, house.world.annat.id}
    assert same(house, new)
    assert new.stat().st_mode & 0o777 == 0o600
    again = Store(new)
    await again.open()
    async with again.across() as tx:
        assert len(await companies.all_of_them(tx)) == 2
    await again.close()


async def test_a_living_database_is_never_replaced_and_can_be_compared(house: House) -> None:
    await exported(house)
    with pytest.raises(returning.DatabaseThere):
        await returning.rebuild(house.world.store.path, house.vault)
    assert await returning.compare(house.world.store.path, house.vault) == {
        house.world.exempel.id: [],
        house.world.annat.id: [],
    }


async def test_a_lost_database_is_not_begun_anew_over_the_vault(house: House) -> None:
    await exported(house)
    with pytest.raises(CannotStart, match="vaxel vault rebuild"):
        await returning.refuse_to_begin_anew(house.root / "none.db", house.vault)
    await returning.refuse_to_begin_anew(house.world.store.path, house.vault)


async def test_an_older_database_gets_back_what_was_done_since_and_is_told_so(house: House) -> None:
    old = await closed_at(house, "old.db")
    take = await house.greeting()
    house.speak(take, "hello")
    assert (await house.keep(take)).ok
    await script(house, "Hej.")
    found = await returning.bring_back(old, house.vault)
    assert same(house, old)
    (one,) = [one for one in found if one.company == house.world.exempel.id]
    assert {table for table, _, _ in one.rows} >= {"take", "version", "text"}
    report = returning.report(house.root / "reports", found)
    assert "version" in report.read_text()
    assert await returning.bring_back(old, house.vault) == []


async def test_an_older_database_refuses_edits_until_it_has_caught_up(house: House) -> None:
    old = await closed_at(house, "old.db")
    await script(house, "Hej.")
    await house.world.store.close()
    shutil.copyfile(old, house.world.store.path)
    for beside in ("-wal", "-shm"):
        house.world.store.path.with_name(house.world.store.path.name + beside).unlink(missing_ok=True)
    await house.world.store.open()
    house.library.catalogue._reached.clear()
    with pytest.raises(Refused, match="database-old"):
        await script(house, "Något annat.")


async def test_two_databases_on_one_vault_are_told_apart_and_neither_is_overwritten(house: House) -> None:
    old = await closed_at(house, "old.db")
    await script(house, "Hej.")
    other = Store(old)
    await other.open()
    async with other.begin(house.world.exempel.id) as tx:
        await messages.set_script(tx, house.world.welcome.id, "sv", "Något annat.")
    await other.close()
    await script(house, "Hej igen.")
    (one,) = await returning.bring_back(old, house.vault)
    assert "does not follow" in one.why
    assert one.rows == ()


async def test_a_gap_that_no_copy_can_mend_is_told_and_not_passed_over(house: House) -> None:
    await script(house, "Hej.")
    await exported(house)
    for copy in house.copies:
        (copy / "companies" / house.world.exempel.id / "catalogue" / f"{3:012d}").unlink()
    with pytest.raises(Broken, match="at 3"):
        await returning.rebuild(house.root / "new.db", house.vault)


async def test_an_image_is_enough_to_begin_with(house: House) -> None:
    await exported(house)
    redo.image(house.world.store.path, house.world.exempel.id)
    await script(house, "Hej.")
    for copy in house.copies:
        damage(copy / "companies" / house.world.exempel.id / "catalogue" / f"{1:012d}")
    new = house.root / "new.db"
    await returning.rebuild(new, house.vault)
    assert same(house, new)


async def test_a_copy_that_was_away_and_is_alone_now_catches_up_before_it_goes_on(house: House) -> None:
    await exported(house)
    folders = [copy / "companies" / house.world.exempel.id / "catalogue" for copy in house.copies]
    away = house.root / "away"
    folders[1].rename(away)
    await script(house, "Hej.")
    shutil.rmtree(folders[1], ignore_errors=True)
    away.rename(folders[1])
    house.copies[0].rename(house.root / "gone")
    await script(house, "Hej igen.")
    names = sorted(int(file.name) for file in folders[1].iterdir())
    assert names == list(range(1, len(names) + 1))


async def test_an_entry_that_went_from_the_middle_comes_back_from_the_database_before_it_goes_on(house: House) -> None:
    await script(house, "Hej.")
    await script(house, "Hej då.")
    folder = house.copies[1] / "companies" / house.world.exempel.id / "catalogue"
    *_, missing, _last = sorted(folder.iterdir())
    missing.unlink()
    house.copies[0].rename(house.root / "gone")
    assert await house.library.catalogue.export_to_all(house.world.exempel.id) == 0
    assert missing.exists()
    assert await house.library.catalogue.export(house.world.exempel.id) == int(_last.name)
