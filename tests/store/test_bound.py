"""A company's rows are its own, whatever somebody forgets."""

from typing import Any

import pytest
from sqlalchemy import Executable, Select, delete, exists, func, insert, literal, select, text, union_all, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased, object_session

from pbx.store import Store, messages, people, places
from pbx.store.bound import Unbound, unnamed
from pbx.store.tables import CompanyRow, MessageRow, PhoneRow, PlaceRow, TextRow, UserRow
from tests.store.world import World

_Other = aliased(UserRow)

QUESTIONS = {
    "rows": select(UserRow.company_id),
    "entity": select(UserRow),
    "one column": select(UserRow.company_id),
    "join": select(UserRow.company_id).join(PhoneRow, literal(True), isouter=True),
    "alias": select(_Other.company_id),
    "self join": select(_Other.company_id).join(UserRow, UserRow.extension == _Other.extension),
    "two tables": select(UserRow.company_id).where(UserRow.id != MessageRow.id),
    "exists": select(UserRow.company_id).where(exists().where(MessageRow.name == "welcome")),
    "scalar": select(UserRow.company_id, select(func.count(TextRow.id)).select_from(TextRow).scalar_subquery()),
    "in": select(MessageRow.company_id).where(MessageRow.id.in_(select(TextRow.message_id))),
    "count": select(func.max(UserRow.company_id)).select_from(UserRow),
    "company": select(CompanyRow.id),
    "outer join": select(MessageRow.company_id).outerjoin(PlaceRow, PlaceRow.message_id == MessageRow.id),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
async def test_a_question_without_a_company_is_answered_for_the_transactions_company(
    world: World, question: Select[Any]
) -> None:
    for company in (world.exempel, world.annat):
        async with world.store.read(company.id) as tx:
            rows: list[object] = [row[0] for row in await tx.rows(question)]
        owners = {getattr(row, "company_id", row) for row in rows}
        assert owners == {company.id}


async def test_rows_of_another_company_in_a_subquery_count_for_nothing(world: World) -> None:
    async with world.store.begin(world.annat.id) as tx:
        await messages.add(tx, "only-there", "announcement", None)
    seen = select(UserRow.id).where(exists().where(MessageRow.name == "only-there"))
    counted = select(UserRow.id, select(func.count(MessageRow.id)).select_from(MessageRow).scalar_subquery())
    async with world.store.read(world.exempel.id) as tx:
        assert await tx.rows(seen) == []
        assert {row[1] for row in await tx.rows(counted)} == {3}
    async with world.store.read(world.annat.id) as tx:
        assert len(await tx.rows(seen)) == 1


REFUSED = {
    "plain SQL": text("SELECT * FROM user"),
    "a table instead of its class": select(UserRow.__table__),
    "a table joined to a class": select(UserRow.id).join(PhoneRow.__table__, literal(True)),
    "SQL under a class": select(UserRow).from_statement(text("SELECT * FROM user")),
    "many rows changed": update(UserRow).values(name="x"),
    "many rows removed": delete(UserRow),
    "many rows added": insert(UserRow).values(name="x"),
    "no table at all": select(literal(1)),
    "SQL as a condition": select(UserRow.id).where(text("id IN (SELECT id FROM message)")),
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED.keys())
async def test_a_statement_that_could_reach_another_company_is_refused(world: World, statement: Executable) -> None:
    with pytest.raises(Unbound):
        async with world.store.begin(world.exempel.id) as tx:
            await tx.rows(statement)  # type: ignore[arg-type]


async def test_a_union_names_its_company_in_each_part_or_is_refused(world: World) -> None:
    both = union_all(select(UserRow.company_id), select(MessageRow.company_id))
    async with world.store.read(world.exempel.id) as tx:
        rows: list[object] = [row[0] for row in await tx.rows(both)]  # type: ignore[arg-type, var-annotated]
        assert set(rows) == {world.exempel.id}


def test_the_look_at_the_sql_finds_a_table_without_its_company() -> None:
    assert unnamed('SELECT "user".id FROM "user"')
    assert unnamed('SELECT "user".id FROM "user" WHERE "user".company_id = "user".company_id')
    assert unnamed('SELECT a.id FROM "user" AS a JOIN "user" AS b ON a.id = b.id WHERE a.company_id = ?')
    assert unnamed("SELECT 1 FROM message, text WHERE message.company_id = ?")
    assert unnamed("SELECT id FROM message WHERE message.company_id = ? AND id IN (SELECT id FROM message)")
    assert unnamed("SELECT company.name FROM company")
    assert unnamed("SELECT name FROM sqlite_master")
    assert not unnamed('SELECT "user".id FROM "user" WHERE "user".company_id = ?')
    assert not unnamed("SELECT company.name FROM company WHERE company.id = ?")
    assert not unnamed("SELECT 1 FROM message, text WHERE message.company_id = ? AND text.company_id = ?")


async def test_a_row_of_another_company_is_not_there(world: World) -> None:
    async with world.store.read(world.exempel.id) as tx:
        with pytest.raises(Exception, match="user-unknown"):
            await people.get(tx, world.cilla.id)


async def test_a_row_cannot_be_written_for_another_company(world: World) -> None:
    row = MessageRow(company_id=world.annat.id, number=99, name="x", kind="menu", changed_at=world.clock())
    with pytest.raises(Unbound):
        async with world.store.begin(world.exempel.id) as tx:
            await tx.add(row)


async def test_a_row_cannot_be_given_to_another_company(world: World) -> None:
    async def give_away() -> None:
        async with world.store.begin(world.exempel.id) as tx:
            (await tx.get(UserRow, world.alva.id, "user-unknown")).company_id = world.annat.id

    with pytest.raises(Unbound):
        await give_away()


async def test_the_database_itself_refuses_a_reference_into_another_company(world: World) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"):
        async with world.store.begin(world.exempel.id) as tx:
            await places.put(tx, "announcement", "closed", world.other_welcome.id)


async def test_a_reading_transaction_writes_nothing(world: World) -> None:
    async with world.store.read(world.exempel.id) as tx:
        row = await tx.get(MessageRow, world.welcome.id, "message-unknown")
        row.name = "changed"
        with pytest.raises(Unbound):
            object_session(row).flush()
        object_session(row).rollback()
        with pytest.raises(OperationalError, match="readonly"):
            object_session(row).connection().exec_driver_sql("DELETE FROM message")


async def test_the_operators_questions_see_all_companies_and_change_nothing(world: World) -> None:
    async with world.store.across() as tx:
        assert {user.name for user in await people.everybody(tx)} == {"Alva Alm", "Bo Berg", "Cilla Ceder"}
        row = await tx.first(select(MessageRow))
        row.name = "changed"
        with pytest.raises(Unbound):
            object_session(row).flush()


async def test_what_is_no_companys_id_begins_nothing(store: Store) -> None:
    for company in ("", "*", "Exempel AB", "' OR 1=1 --", "../../etc"):
        with pytest.raises(ValueError, match="company"):
            async with store.begin(company):
                pass
