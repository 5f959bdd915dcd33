"""The phones-and-routes file is as the rows say, and no call waits for a large one."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from pbx.company import Directory, Numbers, People
from pbx.company.directory import CompanyDirectory
from pbx.node import routes
from pbx.node.export import Exporter
from tests.store.world import COUNTRIES, World


def numbers(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as written:
        return {number for (number,) in written.execute("SELECT number FROM routes")}


def content(file: Path) -> dict[str, set[tuple[str, ...]]]:
    with closing(sqlite3.connect(file)) as written:
        return {table: set(written.execute(f'SELECT * FROM "{table}"')) for table in routes.TABLES}  # noqa: S608


async def test_it_is_read_and_written_beside_the_loop_and_only_where_rows_have_changed(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, read_by = tmp_path / "routes.db", []
    routes.prepare(file).close()
    everything = Directory.everything

    async def noted(self: Directory) -> list[CompanyDirectory]:
        read_by.append(threading.get_ident())
        return await everything(self)

    monkeypatch.setattr(Directory, "everything", noted)
    exporter = Exporter(Directory(world.store), file, None, "127.0.0.1")
    await exporter.export()
    assert {f"{world.exempel.id}/201", f"{world.exempel.id}/202", f"{world.annat.id}/201"} <= numbers(file)
    await exporter.export()
    assert len(read_by) == 1
    assert threading.get_ident() not in read_by

    dora = await People(world.store).add(world.annat.id, "Dora Dahl", "203", by="test")
    await People(world.store).add_number(world.annat.id, dora.id, "+46701740605", COUNTRIES, by="test")
    await exporter.export()
    assert f"{world.annat.id}/203" in numbers(file)
    assert len(read_by) == 2


async def test_the_file_is_as_the_rows_say_after_each_change_and_the_same_as_one_made_anew(
    world: World, tmp_path: Path
) -> None:
    files = [tmp_path / "kept.db", tmp_path / "anew.db"]
    for file in files:
        routes.prepare(file).close()
    company, by = world.exempel.id, "test"
    led, people = Numbers(world.store), People(world.store)
    kept = Exporter(Directory(world.store), files[0], None, "127.0.0.1")
    number = "+46846659901"

    async def as_anew() -> dict[str, set[tuple[str, ...]]]:
        await kept.export()
        await Exporter(Directory(world.store), files[1], None, "127.0.0.1").export()
        rows, anew = map(content, files)
        assert rows == anew
        return rows

    before = await as_anew()
    await led.add(company, number, "menu", target=world.menu.id, by=by)
    phone, _ = await people.add_phone(company, world.alva.id, "", by=by)
    added = await as_anew()
    assert {row[0] for row in added["routes"]} - {row[0] for row in before["routes"]} == {number}
    assert phone.sip_user in {row[0] for row in added["ps_endpoints"]}
    await led.lead(company, number, "user", target=world.alva.id, by=by)
    [row] = [row for row in (await as_anew())["routes"] if row[0] == number]
    assert phone.sip_user in row
    files[0].unlink()
    routes.prepare(files[0]).close()
    await kept.export(anew=True)
    assert await as_anew()
    await led.remove(company, number, by=by)
    assert number not in {row[0] for row in (await as_anew())["routes"]}


@pytest.mark.parametrize(("host", "address"), [("192.0.2.7", "192.0.2.7"), ("0.0.0.0", "")])  # noqa: S104
async def test_every_phone_exchanges_its_sound_where_it_reaches_us(
    world: World, tmp_path: Path, host: str, address: str
) -> None:
    file, people = tmp_path / "routes.db", People(world.store)
    routes.prepare(file).close()
    await people.add_phone(world.exempel.id, world.alva.id, "", by="test")
    await Exporter(Directory(world.store), file, ("outside", "0" * 32), host).export()
    with closing(sqlite3.connect(file)) as written:
        told = dict(written.execute("SELECT id, media_address FROM ps_endpoints"))
    assert len(told) > 1
    assert set(told.values()) == {address}
