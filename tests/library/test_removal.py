"""A message is deleted only where nothing is heard of it, and comes back as it was."""

import pytest

from pbx.company import Menus
from pbx.errors import Refused
from pbx.store import audit
from pbx.store.values import Message, Target
from tests.library.house import House


async def names(house: House, *, deleted: bool = False) -> list[str]:
    views = await house.library.messages.all(house.world.exempel.id, deleted=deleted)
    return [view.name for view in views if view.kind != "greeting"]


@pytest.fixture
async def spare(house: House) -> Message:
    """A message that is used nowhere."""
    scripts = {"sv": "Reserv.", "en": "Spare."}
    return await house.library.messages.add(house.world.exempel.id, "spare", scripts=scripts, by="test")


async def test_a_deleted_message_is_in_no_list_and_comes_back_whole(house: House, spare: Message) -> None:
    company, library = house.world.exempel.id, house.library
    (before,) = [view for view in await library.messages.all(company) if view.id == spare.id]
    house.world.clock.pass_(days=1)
    await library.removal.delete(company, spare.id, by="cli:alva")
    assert await names(house) == ["welcome"]
    assert await names(house, deleted=True) == ["spare"]
    (gone,) = await library.messages.all(company, deleted=True)
    assert gone.deleted == house.world.clock()
    await library.removal.undelete(company, spare.id, by="cli:alva")
    assert await names(house, deleted=True) == []
    (after,) = [view for view in await library.messages.all(company) if view.id == spare.id]
    assert (after.script, after.number, after.revision) == (before.script, before.number, before.revision)
    async with house.world.store.read(company) as tx:
        actions = [(entry.action, entry.actor) for entry in await audit.recent(tx, 2)]
    assert actions == [("message undeleted", "cli:alva"), ("message deleted", "cli:alva")]


async def test_deleted_twice_it_can_be_brought_back_for_as_long_as_after_the_first_time(
    house: House, spare: Message
) -> None:
    company, removal = house.world.exempel.id, house.library.removal
    first = await removal.delete(company, spare.id, by="test")
    house.world.clock.pass_(days=3)
    assert await removal.delete(company, spare.id, by="test") == first
    back = await removal.undelete(company, spare.id, by="test")
    assert await removal.undelete(company, spare.id, by="test") == back


async def test_what_is_heard_anywhere_cannot_be_deleted_and_the_refusal_says_where(
    house: House, spare: Message
) -> None:
    company, menu, menus = house.world.exempel.id, house.world.menu, Menus(house.world.store)
    here = Target("message", spare.id)
    await house.library.messages.place(company, "menu", f"{menu.id}/welcome", spare.id, by="test")
    await house.library.messages.place(company, "announcement", "closed", spare.id, by="test")
    await menus.set_choice(company, menu.id, "3", here, by="test")
    await menus.add(company, "Kvällsmeny", fallback=here, by="test")
    with pytest.raises(Refused) as refused:
        await house.library.removal.delete(company, spare.id, by="test")
    assert refused.value.says == "message-placed"
    (shown,) = [view.places for view in await house.library.messages.all(company) if view.id == spare.id]
    assert shown == (
        "announcement closed", "menu Huvudmeny/key 3", "menu Huvudmeny/welcome", "menu Kvällsmeny/fallback",
    )  # fmt: skip
    assert refused.value.details == ", ".join(shown)
    with pytest.raises(Refused, match="message-placed: mailbox 201/greeting"):
        await house.library.removal.delete(company, house.world.box.greeting, by="test")


async def test_a_message_that_somebody_is_reading_in_is_not_deleted_under_their_hands(
    house: House, spare: Message
) -> None:
    from pbx.company import People
    from tests.store.world import COUNTRIES

    company = house.world.exempel.id
    await People(house.world.store).add_number(company, house.world.alva.id, "+46701740605", COUNTRIES, by="test")
    job = await house.library.jobs.request(company, spare.id, "sv", "+46701740605", asked_by="test")
    with pytest.raises(Refused, match="message-busy"):
        await house.library.removal.delete(company, spare.id, by="test")
    await house.library.jobs.cancel(company, job.id, by="test")
    await house.library.removal.delete(company, spare.id, by="test")
    with pytest.raises(Refused, match="message-deleted"):
        await house.library.jobs.request(company, spare.id, "sv", "+46701740605", asked_by="test")


async def test_nothing_can_be_done_with_a_deleted_message_but_to_bring_it_back(house: House, spare: Message) -> None:
    company, library, menus = house.world.exempel.id, house.library, Menus(house.world.store)
    await library.removal.delete(company, spare.id, by="test")
    for refused in (
        library.messages.place(company, "announcement", "x", spare.id, by="test"),
        library.messages.set_script(company, spare.id, "sv", "x", by="test"),
        library.messages.by_ref(company, "spare"),
        library.messages.by_ref(company, str(spare.number)),
        library.versions.use(company, spare.id, 1, lang="sv", by="test"),
        library.versions.all(company, spare.id),
        menus.set_choice(company, house.world.menu.id, "3", Target("message", spare.id), by="test"),
    ):
        with pytest.raises(Refused, match="message-deleted"):
            await refused
    assert (await library.messages.by_ref(company, "spare", even_deleted=True)).id == spare.id
    assert (await library.messages.playable_message(company, spare.id, "sv")).heard == "neutral"


async def test_its_name_and_number_stay_taken(house: House, spare: Message) -> None:
    company, library = house.world.exempel.id, house.library
    await library.removal.delete(company, spare.id, by="test")
    with pytest.raises(Refused, match="message-name-deleted"):
        await library.messages.add(company, "spare", by="test")
    with pytest.raises(Refused, match="message-number-taken"):
        await library.messages.add(company, "other", number=spare.number, by="test")
    assert (await library.messages.add(company, "third", by="test")).number == spare.number + 1


async def test_another_companys_message_can_be_neither_deleted_nor_brought_back(house: House, spare: Message) -> None:
    for act in (house.library.removal.delete, house.library.removal.undelete):
        with pytest.raises(Refused, match="message-unknown"):
            await act(house.world.annat.id, spare.id, by="cli:cilla")


async def test_a_mass_delete_stops_at_the_brake_and_all_of_it_is_back_by_undo(house: House) -> None:
    company, library = house.world.exempel.id, house.library
    made = [await library.messages.add(company, f"m{n}", by="test") for n in range(25)]
    for message in made[:20]:
        await library.removal.delete(company, message.id, by="a loop")
    for message in made[20:]:
        with pytest.raises(Refused, match="brake-on"):
            await library.removal.delete(company, message.id, by="a loop")
    gone = await library.messages.all(company, deleted=True)
    assert len(gone) == 20
    for view in gone:
        await library.removal.undelete(company, view.id, by="cli:alva")
    assert len(await names(house)) == 26
    assert await library.brake.is_on(company)
