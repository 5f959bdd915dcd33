"""The phones-and-routes file is as the rows say, and no call waits for a large one."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from pbx.company import Directory, People
from pbx.company.directory import CompanyDirectory
from pbx.node import routes
from pbx.node.export import Exporter
from tests.store.world import COUNTRIES, World


def numbers(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as written:
        return {number for (number,) in written.execute("SELECT number FROM routes")}


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
    exporter = Exporter(Directory(world.store), file, None)
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
