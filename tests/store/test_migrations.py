"""A database comes up and down through the migrations without losing a row that matters."""

import asyncio
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect

from pbx.store import Store, companies, migrate
from pbx.store.tables import Base
from tests.store.world import Clock, World, populate

HEAD = migrate.head()
_LATER = """
from alembic import op
import sqlalchemy as sa

revision = "9998"
down_revision = "{head}"


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    pass
"""


def engine(path: Path) -> Engine:
    return create_engine(f"sqlite:///{path}")


def shape(engine: Engine) -> dict[str, Any]:
    """All that a database says of its tables, in a form that can be compared."""
    told = inspect(engine)
    shapes = {}
    for table in told.get_table_names():
        if table == "alembic_version":
            continue
        shapes[table] = {
            "columns": {(c["name"], str(c["type"]), c["nullable"]) for c in told.get_columns(table)},
            "key": told.get_pk_constraint(table),
            "references": {
                (f["name"], *f["constrained_columns"], f["referred_table"]) for f in told.get_foreign_keys(table)
            },
            "unique": {(u["name"], *u["column_names"]) for u in told.get_unique_constraints(table)},
            "checks": {(c["name"], c["sqltext"]) for c in told.get_check_constraints(table)},
            "indexes": {
                (i["name"], *i["column_names"], i["unique"], str(i["dialect_options"].get("sqlite_where", "")))
                for i in told.get_indexes(table)
            },
        }
    return shapes


def test_the_migrations_make_what_the_program_expects(empty_database: Path, tmp_path: Path) -> None:
    modelled = engine(tmp_path / "model.db")
    Base.metadata.create_all(modelled)
    assert shape(engine(empty_database)) == shape(modelled)
    with engine(empty_database).connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": Base.metadata, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_reference_and_constraint_has_a_name_and_none_removes_what_points_at_it() -> None:
    for table in Base.metadata.tables.values():
        assert all(constraint.name for constraint in table.constraints)
        assert all(key.ondelete is None for key in table.foreign_key_constraints)


def test_the_newest_revision_is_told_without_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert migrate.head() == script.get_current_head()
    assert sorted(migrate.known()) == sorted(revision.revision for revision in script.walk_revisions())


def test_down_to_nothing_and_up_again(empty_database: Path, tmp_path: Path) -> None:
    database = tmp_path / "vaxel.db"
    shutil.copyfile(empty_database, database)
    migrate.move(database, "base")
    assert set(inspect(engine(database)).get_table_names()) == {"alembic_version"}
    assert migrate.revision(database) is None
    migrate.to_head(database)
    assert shape(engine(database)) == shape(engine(empty_database))


async def test_each_step_up_and_down_with_rows_in_it(world: World) -> None:
    await world.store.close()
    for revision in sorted(migrate.known(), reverse=True)[1:]:
        migrate.move(world.store.path, revision)
    for revision in sorted(migrate.known()):
        migrate.move(world.store.path, revision)
    reopened = Store(world.store.path)
    await reopened.open()
    async with reopened.across() as tx:
        assert len(await companies.all_of_them(tx)) == 2
    await reopened.close()


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Adds a migration to a copy of ours, by what its upgrade does."""

    def add(upgrade: str) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(migrate.MIGRATIONS, folder)
        (folder / "versions" / "9998_later.py").write_text(_LATER.format(upgrade=upgrade, head=HEAD))
        monkeypatch.setattr(migrate, "MIGRATIONS", folder)

    return add


def rows(database: Path, table: str) -> int:
    connection = sqlite3.connect(database)
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
    finally:
        connection.close()


async def test_changing_a_table_in_batch_mode_empties_none_that_points_at_it(world: World, later: Any) -> None:
    later('''with op.batch_alter_table("message") as batch:
        batch.alter_column("name", type_=sa.String(81))
        batch.add_column(sa.Column("note", sa.Text()))''')  # fmt: skip
    before = {table: rows(world.store.path, table) for table in ("message", "text", "place", "mailbox", "audit")}
    assert min(before.values()) > 0
    await world.store.close()
    migrate.to_head(world.store.path)
    assert migrate.revision(world.store.path) == "9998"
    assert {table: rows(world.store.path, table) for table in before} == before


@pytest.mark.parametrize(
    "upgrade",
    ['op.execute("DELETE FROM message WHERE number = 1")', 'op.execute("DELETE FROM place")'],
    ids=["breaks references", "loses rows"],
)
async def test_a_migration_that_would_lose_rows_is_undone_and_a_snapshot_is_beside(
    world: World, later: Any, upgrade: str
) -> None:
    later(upgrade)
    database = world.store.path
    await world.store.close()
    before = rows(database, "message"), rows(database, "place")
    with pytest.raises(migrate.MigrationFailed):
        migrate.to_head(database)
    assert migrate.revision(database) == HEAD
    assert (rows(database, "message"), rows(database, "place")) == before
    snapshot = database.with_name(f"{database.name}.{HEAD}")
    assert (rows(snapshot, "message"), rows(snapshot, "place")) == before
    assert snapshot.stat().st_mode & 0o777 == 0o600


async def test_a_database_of_a_later_program_is_not_touched(world: World) -> None:
    await world.store.close()
    connection = sqlite3.connect(world.store.path)
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(migrate.Newer, match="9999"):
        await Store(world.store.path).open()


async def test_two_programs_that_start_at_once_make_one_database(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from pbx.store import Store\n"
        "async def main():\n"
        "    store = Store(sys.argv[1]); await store.open(); await store.close()\n"
        "asyncio.run(main())\n"
    )
    database = tmp_path / "var" / "vaxel.db"
    started = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, str(database)) for _ in range(3)]
    assert await asyncio.gather(*(one.wait() for one in started)) == [0, 0, 0]
    store = Store(database)
    await store.open()
    await populate(store, Clock())
    await store.close()
    assert database.stat().st_mode & 0o777 == 0o600
