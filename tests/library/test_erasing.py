"""Erased for good: in no copy, not in the catalogue, in no file of this machine; and nothing brings it back."""

import shutil
from dataclasses import replace
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
from sqlalchemy import func, select

from pbx.errors import Refused
from pbx.library import returning
from pbx.store import Store, audit, erasing, messages, migrate, redo, versions
from pbx.store.catalogue import Entry
from pbx.store.erased import digest
from pbx.store.tables import CallJobRow, MessageRow, TakeRow, TextRow, VersionRow
from pbx.store.tx import Writing
from pbx.vault import Finding
from pbx.vault.entry import Entry as Copied
from tests.library.erasure import BY, SCRIPT, erasable, everything_under, order_rows
from tests.library.house import House, alike, build
from tests.library.recordings import called, left, name_of, recorded


async def count(house: House, table: type[MessageRow | TakeRow | TextRow | VersionRow | CallJobRow]) -> int:
    async with house.world.store.read(house.world.exempel.id) as tx:
        return await tx.first(select(func.count(table.id)).select_from(table)) or 0


async def order(house: House, message: str) -> int:
    return await house.library.erasing.order_message(house.world.exempel.id, message, by=BY, because="for good")


async def test_all_rows_of_the_message_are_gone_at_once_and_each_object_has_its_order(house: House) -> None:
    tables = (MessageRow, TextRow, VersionRow, TakeRow, CallJobRow)
    before = [await count(house, table) for table in tables]
    lunch = await erasable(house, "one", "two")
    assert await order(house, lunch.message) == 2
    assert [await count(house, table) for table in tables] == before
    rows = await order_rows(house)
    assert {row.sha256 for row in rows} == set(lunch.objects)
    assert {row.digest for row in rows} == {digest(house.world.exempel.id, name) for name in lunch.objects}
    async with house.world.store.read(house.world.exempel.id) as tx:
        entry = (await audit.recent(tx, 1))[0]
    assert (entry.actor, entry.action, entry.details["objects"]) == (BY, "erase ordered", 2)
    with pytest.raises(Refused, match="message-unknown"):
        await order(house, lunch.message)


async def test_once_obeyed_it_is_nowhere(house: House) -> None:
    company = house.world.exempel.id
    lunch = await erasable(house, "one", "two")
    await order(house, lunch.message)
    assert await house.library.erasing.work() == 2
    assert house.objects(0) == house.objects(1) == []
    assert not any(file.exists() for file in (*lunch.published, *lunch.aside))
    left_over = everything_under(*house.copies, house.spool, house.root / "published")
    for trace in (*lunch.objects, lunch.message, *lunch.versions, SCRIPT, "lunch"):
        assert trace.encode() not in left_over
    rows = redo.rows_of(house.world.store.path, company)
    assert not any(lunch.message in str(row) or "lunch" in str(row) for row in rows.values())
    assert [(row.sha256, row.obeyed_at) for row in await order_rows(house)] == [(None, house.world.clock.now)] * 2
    assert await house.library.erasing.orders(company) == []
    assert await house.library.erasing.work() == 0


async def test_a_database_rebuilt_from_any_copy_does_not_know_it(house: House, empty_database: Path) -> None:
    company = house.world.exempel.id
    lunch = await erasable(house, "one")
    await order(house, lunch.message)
    await house.library.erasing.work()
    await house.library.catalogue.export(company)
    for copy in house.copies:
        told = redo.fold(_of_store(entry) for entry in await house.vault.catalogue.read(company, copy=copy))
        assert list(redo.differences(house.world.store.path, company, told)) == []
        assert ("message", lunch.message) not in told


def _of_store(entry: Copied) -> Entry:
    return Entry(entry.number, entry.prev, entry.sha, entry.kind, entry.body.decode())


async def test_what_the_database_was_before_a_migration_is_gone_too(house: House) -> None:
    """But not what a person has put beside it."""
    lunch = await erasable(house, "one")
    database = house.world.store.path
    await house.world.store.close()
    before, last = sorted(migrate.known())[-2:]
    migrate.move(database, before)
    migrate.to_head(database)
    await house.world.store.open()
    snapshot, own = (database.with_name(f"{database.name}.{end}") for end in (before, f"{last}.mine"))
    assert SCRIPT.encode() in snapshot.read_bytes()
    own.write_text("mine")
    await order(house, lunch.message)
    assert snapshot.exists()
    assert await house.library.erasing.work() == 1
    assert not snapshot.exists()
    assert own.exists()


async def test_what_another_row_uses_stays(house: House) -> None:
    lunch = await erasable(house, "one", "two")
    async with house.world.store.begin(house.world.exempel.id) as tx:
        (await recorded(tx, house.world.welcome.id, "x")).sha256 = lunch.objects[0]
        await messages.set_script(tx, house.world.welcome.id, "sv", SCRIPT)
    await order(house, lunch.message)
    await house.library.erasing.work()
    assert [path.name for path in house.objects()] == [lunch.objects[0]]
    there = [file.exists() for file in lunch.published]
    assert there == [True] * 4 + [False] * 4 + [True]


async def test_a_message_without_a_recording_leaves_the_catalogue_too(house: House) -> None:
    lunch = await erasable(house)
    assert await order(house, lunch.message) == 1
    assert await house.library.erasing.work() == 1
    assert lunch.message.encode() not in everything_under(*house.copies)
    assert not lunch.published[0].exists()


async def test_nothing_brings_it_back(house: House) -> None:
    company = house.world.exempel.id
    lunch = await erasable(house, "one")
    (kept,) = house.objects(0)
    data = kept.read_bytes()
    assert not house.library.erased(company, lunch.objects[0])
    await order(house, lunch.message)
    assert house.library.erased(company, lunch.objects[0])
    await house.library.erasing.work()
    assert house.library.erased(company, lunch.objects[0])
    assert not house.library.erased(house.world.annat.id, lunch.objects[0])
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(data)  # somebody's backup of one copy is put back
    finding = Finding(company, "object", lunch.objects[0], "2", "missing")
    assert await house.vault.heal(finding, house.library.erased) is None
    assert house.objects(1) == []


async def test_a_frozen_copy_keeps_the_order_open_until_it_is_filled_and_has_obeyed(house: House) -> None:
    lunch = await erasable(house, "one")
    await order(house, lunch.message)
    away = house.copies[1].rename(house.root / "away")
    assert await house.library.erasing.work() == 0
    (waiting,) = await house.library.erasing.orders(house.world.exempel.id)
    assert (waiting.sha256, waiting.steps.copies) == (lunch.objects[0], ("1",))
    assert house.objects(0) == []
    away.rename(house.copies[1])
    assert await house.library.erasing.work() == 0
    assert len(house.objects(1)) == 1
    await house.vault.refill("2", erased=house.library.erased)
    assert house.objects(0) == []
    assert await house.library.erasing.work() == 1
    assert house.objects(1) == []
    assert lunch.message.encode() not in everything_under(*house.copies)


async def test_an_old_greeting_is_erased_and_the_new_one_is_heard(house: House) -> None:
    await house.recorded("old")
    new = await house.recorded("new")
    company = house.world.exempel.id
    async with house.world.store.read(company) as tx:
        current, old = await versions.of_message(tx, house.world.box.greeting)
    with pytest.raises(Refused, match="version-current"):
        await house.library.erasing.order_version(company, current.id, by=BY, because="for good")
    assert await house.library.erasing.order_version(company, old.id, by=BY, because="for good") == 1
    assert await house.library.erasing.work() == 1
    assert [path.name for path in house.objects()] == [current.sha256]
    assert alike(house.sounds((await house.at_alvas_mailbox()).media[0]), new)


async def test_a_voice_message_is_erased_with_what_was_made_to_play_it(house: House) -> None:
    await house.left("call me")
    company, boxes = house.world.exempel.id, house.library.mailboxes
    (message,) = await boxes.messages(company, house.world.box.id)
    played = house.file(await boxes.media(message) or "")
    assert played.exists()
    await house.library.erasing.order_voice(company, message.id, by=BY, because="for good")
    await house.library.erasing.work()
    assert house.objects() == []
    assert not played.exists()
    assert await boxes.messages(company, house.world.box.id) == []


async def test_what_is_in_use_or_still_being_saved_is_not_erased(house: House) -> None:
    company = house.world.exempel.id
    with pytest.raises(Refused, match="message-placed: mailbox 201/greeting"):
        await order(house, house.world.box.greeting)
    async with house.world.store.begin(company) as tx:
        await called(tx, house.world.welcome.id, "busy", state="recording")
    with pytest.raises(Refused, match="message-busy"):
        await order(house, house.world.welcome.id)
    lunch = await erasable(house, "one")
    async with house.world.store.begin(company) as tx:
        (await tx.get(TakeRow, (await _version(tx, lunch.versions[0])).take_id or "", "take-unknown")).spooled = True
        voice = await left(tx, house.world.box, "hello")
        (await tx.get(TakeRow, voice.take_id, "take-unknown")).spooled = True
    with pytest.raises(Refused, match="erase-waits"):
        await order(house, lunch.message)
    with pytest.raises(Refused, match="erase-waits"):
        await house.library.erasing.order_voice(company, voice.id, by=BY, because="for good")
    assert await order_rows(house) == []
    assert await count(house, VersionRow) == 2


async def _version(tx: Writing, version_id: str) -> VersionRow:
    return await tx.get(VersionRow, version_id, "version-unknown")


async def test_the_ledger_keeps_its_line_and_forgets_the_object(house: House) -> None:
    company, ledger = house.world.exempel.id, house.library.ledger
    lunch = await erasable(house, "one")
    await ledger.found(
        company, lunch.objects[0], how="missing", lost=True, copies=("1", "2"), proved_at=None, heard="neutral"
    )
    await order(house, lunch.message)
    (line,) = await ledger.all(company)
    assert (line.healed_from, line.healed_at) == ("erased", house.world.clock.now)
    await house.library.erasing.work()
    (line,) = await ledger.all(company)
    assert (line.name, line.sha256) == ("lunch", digest(company, lunch.objects[0]))


async def test_bytes_that_are_legitimately_there_again_lift_the_order(house: House) -> None:
    """The second time after it was obeyed; then they have to be put once more."""
    company = house.world.exempel.id
    for obeyed in (False, True):
        lunch = await erasable(house, "one")
        await order(house, lunch.message)
        if obeyed:
            await house.library.erasing.work()
        async with house.world.store.begin(company) as tx:
            again = await recorded(tx, house.world.welcome.id, "x", current=False)
            again.sha256 = lunch.objects[0]
            assert await erasing.lift(tx, lunch.objects[0]) is obeyed
            assert not await erasing.lift(tx, lunch.objects[0])
        assert not house.library.erased(company, lunch.objects[0])
        await house.vault.put(company, b"one" * 100, {})
        await house.library.erasing.work()
        assert [path.name for path in house.objects()] == [lunch.objects[0]]
        assert lunch.message.encode() not in everything_under(*house.copies)
        async with house.world.store.begin(company) as tx:
            await tx.remove(await tx.get(VersionRow, again.id, "version-unknown"))


async def test_what_a_row_uses_again_is_not_unlinked_even_if_nobody_lifted_the_order(house: House) -> None:
    lunch = await erasable(house, "one")
    await order(house, lunch.message)
    async with house.world.store.begin(house.world.exempel.id) as tx:
        (await recorded(tx, house.world.welcome.id, "x")).sha256 = lunch.objects[0]
    assert not house.library.erased(house.world.exempel.id, lunch.objects[0])
    assert await house.library.erasing.work() == 1
    assert len(house.objects()) == 1
    assert not house.library.erased(house.world.exempel.id, lunch.objects[0])


async def test_a_database_older_than_the_vault_erases_nothing(house: House, tmp_path: Path) -> None:
    """Its order may have been taken back since."""
    company, path = house.world.exempel.id, house.world.store.path
    lunch = await erasable(house, "one")
    await order(house, lunch.message)
    await house.world.store.close()
    old = shutil.copyfile(path, tmp_path / "old.db")
    await house.world.store.open()
    async with house.world.store.edit(company) as tx:
        await messages.set_script(tx, house.world.welcome.id, "sv", "Senare.")
    store = Store(old, house.world.clock)
    await store.open()
    again = build(replace(house.world, store=store), house.root)
    assert await again.library.erasing.work() == 0
    assert await again.library.erasing.due(company) == 0
    assert len(house.objects()) == 1
    await again.library.drain()
    again.vault.close()
    await store.close()


async def test_a_database_from_between_image_and_obedience_brings_no_entry_back(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company, path = house.world.exempel.id, house.world.store.path
    lunch = await erasable(house, "one")
    await order(house, lunch.message)
    with monkeypatch.context() as interrupted:
        interrupted.setattr(house.vault.catalogue, "trim", AsyncMock(return_value=set()))
        assert await house.library.erasing.work() == 0
    await house.world.store.close()
    old = shutil.copyfile(path, tmp_path / "old.db")
    await house.world.store.open()
    assert await house.library.erasing.work() == 1
    await house.library.messages.set_script(company, house.world.welcome.id, "sv", "Senare.", by=BY)
    assert len(await returning.bring_back(old, house.vault)) == 1
    store = Store(old, house.world.clock)
    await store.open()
    again = build(replace(house.world, store=store), house.root)
    await again.library.catalogue.export_to_all(company)
    assert lunch.message.encode() not in everything_under(*house.copies)
    await again.library.drain()
    again.vault.close()
    await store.close()


async def test_another_companys_object_of_the_same_bytes_stays(house: House) -> None:
    lunch = await erasable(house, "one")
    await house.vault.put(house.world.annat.id, b"one" * 100, {})
    await order(house, lunch.message)
    await house.library.erasing.work()
    assert len(house.objects()) == 1
    assert house.world.annat.id in str(house.objects()[0])
    assert name_of("one") != lunch.objects[0]
