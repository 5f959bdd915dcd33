"""What is written comes back, whatever it is; what cannot be is refused in words."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import String, Text
from sqlalchemy.exc import IntegrityError

from pbx.errors import Refused
from pbx.phrases import read_catalogue
from pbx.rules.numbers import Extension, Number, Withheld
from pbx.store import audit, callers, jobs, mailboxes, menus, messages, new_id, people, places, takes
from pbx.store.ids import is_id
from pbx.store.tables import Base, MessageRow
from pbx.store.values import Target
from tests.store.world import HOSTILE, World


async def test_hostile_text_comes_back_as_it_was(world: World) -> None:
    async with world.store.begin(world.exempel.id) as tx:
        message = await messages.add(tx, HOSTILE, "announcement", None)
        await messages.set_script(tx, message.id, "sv", HOSTILE)
        user = await people.add(tx, HOSTILE, "209", "sv", "user")
        phone = await people.add_phone(tx, user.id, "abc", "0" * 32, HOSTILE)
        await audit.write(tx, HOSTILE, HOSTILE[:50], HOSTILE, note=HOSTILE)
        await menus.add(tx, HOSTILE, 3, 5.0, Target("hangup"))
        take = await takes.add(
            tx, "voice", text=None, mailbox=world.box.id, job=None, lang="sv", channel=HOSTILE, caller=Withheld(),
            made_by=HOSTILE,
        )  # fmt: skip
        await places.put(tx, "announcement", HOSTILE, message.id)
    async with world.store.read(world.exempel.id) as tx:
        assert (await messages.by_name(tx, HOSTILE)) is not None
        heard = await messages.heard_at(tx, "announcement", HOSTILE)
        assert heard is not None
        assert heard.texts["sv"].script == HOSTILE
        assert (await people.get(tx, user.id)).name == HOSTILE
        assert (await people.phones(tx, user.id)) == [phone]
        entry = (await audit.recent(tx, 1))[0]
        assert (entry.actor, entry.subject, entry.details["note"]) == (HOSTILE, HOSTILE, HOSTILE)
        assert (await takes.get(tx, take.id)).channel == HOSTILE
    async with world.store.read(world.annat.id) as tx:
        assert await messages.by_name(tx, HOSTILE) is None
        assert await messages.heard_at(tx, "announcement", HOSTILE) is None


@pytest.mark.parametrize("asked", ["' OR '1'='1", "%", "_", HOSTILE, "201' --", "２０１", ""])
async def test_a_hostile_question_finds_nothing(world: World, asked: str) -> None:
    async with world.store.read(world.exempel.id) as tx:
        assert await people.by_extension(tx, asked) is None
        assert await people.calling(tx, asked) is None
        assert await messages.by_name(tx, asked) is None
        assert await messages.heard_at(tx, "menu", asked) is None
        assert await menus.get(tx, asked) is None
        assert await menus.number(tx, asked) is None


def test_every_column_of_text_is_held_by_a_type_with_a_length_or_is_long_on_purpose() -> None:
    long = {"script", "details", "history", "notes", "obeyed", "body"}
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, Text):
                assert column.name in long
            elif isinstance(column.type, String):
                assert column.type.length


def test_everything_that_must_be_unique_says_so_in_words_that_exist() -> None:
    phrases = read_catalogue()
    for table in Base.metadata.tables.values():
        for rule in [*table.constraints, *table.indexes]:
            if "says" in rule.info:
                assert rule.info["says"] in phrases


async def test_what_is_taken_is_refused_and_leaves_nothing_behind(world: World) -> None:
    async def add(extension: str) -> None:
        async with world.store.begin(world.exempel.id) as tx:
            await messages.add(tx, "half-done", "announcement", None)
            await people.add(tx, "Somebody", extension, "sv", "user")

    with pytest.raises(Refused) as refused:
        await add("201")
    assert refused.value.says == "extension-taken"
    async with world.store.read(world.exempel.id) as tx:
        assert await messages.by_name(tx, "half-done") is None
    await add("203")


async def test_the_same_names_and_extensions_are_free_in_another_company(world: World) -> None:
    assert world.alva.extension == world.cilla.extension
    assert world.welcome.name == world.other_welcome.name
    assert world.menu.name == world.other_menu.name


async def test_a_number_can_belong_to_one_company_only(world: World) -> None:
    number = Number("+46701740620")
    async with world.store.begin(world.exempel.id) as tx:
        await menus.add_number(tx, number, "menu", world.menu.id, world.box.id, None)
    with pytest.raises(Refused, match="number-taken"):
        async with world.store.begin(world.annat.id) as tx:
            await menus.add_number(tx, number, "menu", world.other_menu.id, None, None)


async def test_impossible_rows_are_refused_by_the_database(world: World) -> None:
    async def menu_with(tries: int) -> None:
        async with world.store.begin(world.exempel.id) as tx:
            await menus.add(tx, "x", tries, 5.0, Target("hangup"))

    with pytest.raises(IntegrityError):
        await menu_with(0)
    with pytest.raises(IntegrityError):
        async with world.store.begin(world.exempel.id) as tx:
            await menus.set_choice(tx, world.menu.id, "A", Target("hangup"))


async def test_a_time_without_a_zone_is_refused_and_any_zone_comes_back_as_utc(world: World) -> None:
    def row(changed_at: datetime) -> MessageRow:
        return MessageRow(company_id=world.exempel.id, number=77, name="t", kind="menu", changed_at=changed_at)

    with pytest.raises(Exception, match="without a zone"):
        async with world.store.begin(world.exempel.id) as tx:
            await tx.add(row(datetime(2026, 1, 1, 12, 0)))  # noqa: DTZ001
    stockholm = timezone(timedelta(hours=1))
    async with world.store.begin(world.exempel.id) as tx:
        await tx.add(row(datetime(2026, 1, 1, 12, 0, tzinfo=stockholm)))
    async with world.store.read(world.exempel.id) as reading:
        message = await messages.by_name(reading, "t")
    assert message is not None
    assert message.changed_at == datetime(2026, 1, 1, 11, 0, tzinfo=UTC)
    assert message.changed_at.utcoffset() == timedelta(0)


async def test_the_log_can_be_added_to_and_nothing_else(world: World) -> None:
    async with world.store.begin(world.exempel.id) as tx:
        await audit.write(tx, "cli:root", "looked", "around", why=["because", 1])
    async with world.store.read(world.exempel.id) as tx:
        newest = (await audit.recent(tx, 1))[0]
    assert (newest.actor, newest.action, newest.details) == ("cli:root", "looked", {"why": ["because", 1]})
    connection = sqlite3.connect(world.store.path)
    for statement in (
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("caller", [Number("+46701740605"), Extension("201"), Withheld()])
def test_a_caller_comes_back_from_its_columns(caller: Number | Extension | Withheld) -> None:
    columns = callers.columns(caller)
    assert callers.caller(columns["caller_kind"], columns["caller_number"]) == caller


def test_ids_are_in_order_and_safe_as_names_of_files() -> None:
    made = [new_id() for _ in range(2000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(is_id(one) for one in made)
    assert not any(is_id(text) for text in ("", "../x", made[0].upper(), made[0] + "\n", made[0][:-1] + "/"))


async def test_two_live_jobs_for_one_message_or_one_number_cannot_be(world: World) -> None:
    async with world.store.begin(world.exempel.id) as tx:
        other = await messages.add(tx, "other", "menu", None)
        await jobs.add(tx, "record", [(world.welcome.id, "sv")], Number("+46701740605"), "test", None)
    for message, lang, number, says in (
        (world.welcome.id, "sv", "+46701740606", "message-busy"),
        (other.id, "sv", "+46701740605", "number-busy"),
    ):
        with pytest.raises(Refused, match=says):
            async with world.store.begin(world.exempel.id) as tx:
                await jobs.add(tx, "record", [(message, lang)], Number(number), "test", None)
    async with world.store.begin(world.exempel.id) as tx:
        await jobs.add(tx, "record", [(world.welcome.id, "en")], Number("+46701740607"), "test", None)
    async with world.store.begin(world.annat.id) as tx:
        await jobs.add(tx, "record", [(world.other_welcome.id, "sv")], Number("+46701740605"), "test", None)


async def test_a_mailbox_of_another_company_is_unknown(world: World) -> None:
    with pytest.raises(Refused, match="mailbox-unknown"):
        async with world.store.read(world.exempel.id) as tx:
            await mailboxes.get(tx, world.other_box.id)
