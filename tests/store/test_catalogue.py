"""A company's rows come back from its redo log, and from nothing else."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect

from pbx.rules.numbers import Number
from pbx.store import Store, catalogue, companies, messages, people, redo
from pbx.store.catalogue import Entry
from pbx.store.logged import LOGGED
from pbx.store.tables import Base, Housed
from tests.store.world import HOSTILE, World

NOT_LOGGED = {
    "audit",
    "browser_phone",
    "pin_failure",
    "catalogue_entry",
    *(inspect(table).local_table.name for table in Housed.__subclasses__()),
}


async def log_of(store: Store, company: str) -> list[Entry]:
    async with store.read(company) as tx:
        return await catalogue.after(tx, 0, 10_000)


def test_every_table_of_a_company_is_in_the_log_or_is_left_out_on_purpose() -> None:
    assert Base.metadata.tables.keys() - LOGGED == NOT_LOGGED


async def test_every_transaction_is_one_entry_that_names_the_one_before(world: World) -> None:
    entries = await log_of(world.store, world.exempel.id)
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.prev for entry in entries] == ["", *(entry.sha for entry in entries[:-1])]
    before = len(entries)
    async with world.store.begin(world.exempel.id) as tx:
        await messages.set_script(tx, world.welcome.id, "sv", "Hej.")
        await messages.set_script(tx, world.welcome.id, "en", "Hi.")
    assert len(await log_of(world.store, world.exempel.id)) == before + 1


async def test_a_transaction_that_was_undone_or_only_read_leaves_no_entry(world: World) -> None:
    before = await log_of(world.store, world.exempel.id)

    async def fail() -> None:
        async with world.store.begin(world.exempel.id) as tx:
            await messages.set_script(tx, world.welcome.id, "sv", "Hej.")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with world.store.begin(world.exempel.id) as tx:
        await messages.get(tx, world.welcome.id)
    assert await log_of(world.store, world.exempel.id) == before


async def test_an_empty_database_is_filled_from_the_log_alone(
    world: World, empty_database: Path, tmp_path: Path
) -> None:
    async with world.store.begin(world.exempel.id) as tx:
        await messages.set_script(tx, world.welcome.id, "sv", HOSTILE)
    new = tmp_path / "new.db"
    both = (world.exempel.id, world.annat.id)
    redo.replay(new, {company: await log_of(world.store, company) for company in both})
    for company in both:
        assert list(redo.differences(world.store.path, company, redo.rows_of(new, company))) == []
    again = Store(new)
    await again.open()
    async with again.across() as tx:
        assert [one.name for one in await companies.all_of_them(tx)] == ["Exempel AB", "Annat AB"]
    await again.close()


async def test_a_row_that_was_removed_does_not_come_back(world: World, empty_database: Path, tmp_path: Path) -> None:
    async with world.store.begin(world.exempel.id) as tx:
        number = await people.add_number(tx, world.alva.id, Number("+46701740605"))
    async with world.store.begin(world.exempel.id) as tx:
        assert await people.remove_number(tx, world.alva.id, number.number)
    new = Path(shutil.copyfile(empty_database, tmp_path / "new.db"))
    touched = redo.replay(new, {world.exempel.id: await log_of(world.store, world.exempel.id)})
    assert touched[world.exempel.id]["user_number", number.id] is False
    assert ("user_number", number.id) not in redo.rows_of(new, world.exempel.id)


async def test_an_image_begins_the_log_anew(world: World, empty_database: Path, tmp_path: Path) -> None:
    number = redo.image(world.store.path, world.exempel.id)
    async with world.store.begin(world.exempel.id) as tx:
        await messages.set_script(tx, world.welcome.id, "sv", "Efteråt.")
    entries = await log_of(world.store, world.exempel.id)
    assert [entry.number for entry in entries][-2:] == [number, number + 1]
    new = Path(shutil.copyfile(empty_database, tmp_path / "new.db"))
    redo.replay(new, {world.exempel.id: entries[number - 1 :]})
    assert list(redo.differences(world.store.path, world.exempel.id, redo.rows_of(new, world.exempel.id))) == []
    assert redo.fold(entries) == redo.rows_of(new, world.exempel.id)


async def test_an_older_database_gets_only_what_it_lacks(world: World, tmp_path: Path) -> None:
    await world.store.close()
    old = Path(shutil.copyfile(world.store.path, tmp_path / "old.db"))
    await world.store.open()
    async with world.store.begin(world.exempel.id) as tx:
        await messages.set_script(tx, world.welcome.id, "sv", "Nytt.")
    entries = await log_of(world.store, world.exempel.id)
    at = redo.head(old, world.exempel.id)
    with pytest.raises(redo.DoesNotFit):
        redo.replay(old, {world.exempel.id: entries[:1]})
    redo.replay(old, {world.exempel.id: entries[at.number :]})
    assert list(redo.differences(world.store.path, world.exempel.id, redo.rows_of(old, world.exempel.id))) == []


async def test_an_older_database_that_gets_an_image_forgets_what_it_knew_before(world: World, tmp_path: Path) -> None:
    await world.store.close()
    old = Path(shutil.copyfile(world.store.path, tmp_path / "old.db"))
    await world.store.open()
    number = redo.image(world.store.path, world.exempel.id)
    entries = await log_of(world.store, world.exempel.id)
    redo.replay(old, {world.exempel.id: entries[number - 1 :]})
    with closing(sqlite3.connect(old)) as rows:
        known = rows.execute("SELECT company_id, kind FROM catalogue_entry WHERE company_id = ?", (world.exempel.id,))
        assert known.fetchall() == [(world.exempel.id, "image")]
        assert rows.execute("SELECT 1 FROM catalogue_entry WHERE company_id = ?", (world.annat.id,)).fetchone()


async def test_a_difference_is_told_by_row_and_column(world: World) -> None:
    told = redo.fold(await log_of(world.store, world.exempel.id))
    key = ("message", world.welcome.id)
    told[key] = {**told[key], "name": "other"}
    del told["menu", world.menu.id]
    found = {(d.table, d.how, d.columns) for d in redo.differences(world.store.path, world.exempel.id, told)}
    assert found == {("message", "differs", ("name",)), ("menu", "only-database", ())}


async def test_a_log_that_names_foreign_tables_or_columns_changes_nothing(world: World) -> None:
    before = redo.rows_of(world.store.path, world.exempel.id)
    head = redo.head(world.store.path, world.exempel.id)
    for row in (["audit", "1", None], ["message", "1", {'name" = 1; --': 1}], ["text", "x", {"company_id": "nobody"}]):
        entry = catalogue.written(head, "change", "2026-01-01T00:00:00", "0002", [row])
        with pytest.raises((redo.DoesNotFit, Exception)):
            redo.replay(world.store.path, {world.exempel.id: [entry]})
    assert redo.rows_of(world.store.path, world.exempel.id) == before


async def test_old_entries_can_be_forgotten(world: World) -> None:
    number = redo.image(world.store.path, world.exempel.id)
    async with world.store.begin(world.exempel.id) as tx:
        assert await catalogue.forget(tx, number) == number - 1
    assert [entry.kind for entry in await log_of(world.store, world.exempel.id)] == ["image"]


async def test_the_body_is_what_its_sha_says_and_is_plain_json(world: World) -> None:
    entry = (await log_of(world.store, world.exempel.id))[-1]
    assert json.loads(entry.body).keys() == {"format", "number", "prev", "kind", "at", "revision", "rows"}
