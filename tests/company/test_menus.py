"""An administrator makes menus."""

import pytest

from pbx.company import Audit, Menus
from pbx.company.menus import SLOTS
from pbx.errors import Refused
from pbx.store import places
from pbx.store.values import Aim, Target
from tests.store.world import World


@pytest.fixture
def menus(world: World) -> Menus:
    return Menus(world.store)


async def test_a_key_leads_where_it_was_set_to_lead(world: World, menus: Menus) -> None:
    below = await menus.add(world.exempel.id, "Under", fallback=Target("hangup"), by="test")
    choices = {
        "1": Target("menu", below.id),
        "2": Target("extension", "201"),
        "3": Target("message", world.welcome.id),
        "*": Target("mailbox", world.box.id),
        "#": Target("hangup"),
    }
    for key, target in choices.items():
        await menus.set_choice(world.exempel.id, world.menu.id, key, target, by="test")
    menu = await menus.get(world.exempel.id, world.menu.id)
    assert menu is not None
    assert dict(menu.choices) == choices
    assert menu.fallback == Target("mailbox", world.box.id)
    await menus.set_choice(world.exempel.id, world.menu.id, "1", Target("extension", "202"), by="test")
    again = await menus.get(world.exempel.id, world.menu.id)
    assert again is not None
    assert again.choices["1"] == Target("extension", "202")


async def test_a_menu_of_another_company_is_not_there(world: World, menus: Menus) -> None:
    assert await menus.get(world.exempel.id, world.other_menu.id) is None
    with pytest.raises(Refused, match="menu-unknown"):
        await menus.set_choice(world.exempel.id, world.other_menu.id, "1", Target("hangup"), by="test")
    assert [menu.id for menu in await menus.all(world.exempel.id)] == [world.menu.id]
    assert (await menus.by_name(world.annat.id, "huvudmeny")).id == world.other_menu.id


@pytest.mark.parametrize("kind", ["menu", "mailbox", "message"])
async def test_a_choice_cannot_lead_into_another_company(world: World, menus: Menus, kind: Aim) -> None:
    theirs = {"menu": world.other_menu.id, "mailbox": world.other_box.id, "message": world.other_welcome.id}[kind]
    with pytest.raises(Refused):
        await menus.set_choice(world.exempel.id, world.menu.id, "1", Target(kind, theirs), by="test")


@pytest.mark.parametrize(
    "target",
    [Target("extension", ""), Target("extension", "20a"), Target("extension", "1234567"), Target("extension", "２０１"),
     Target("hangup", "x"), Target("menu", "nonsense")],
)  # fmt: skip
async def test_a_choice_must_lead_somewhere(world: World, menus: Menus, target: Target) -> None:
    with pytest.raises(Refused, match="target-unknown"):
        await menus.set_choice(world.exempel.id, world.menu.id, "1", target, by="test")


@pytest.mark.parametrize("digit", ["", "10", "A", "１", "' OR 1"])
async def test_a_key_is_on_the_telephone(world: World, menus: Menus, digit: str) -> None:
    with pytest.raises(Refused, match="menu-form"):
        await menus.set_choice(world.exempel.id, world.menu.id, digit, Target("hangup"), by="test")


async def test_a_menu_must_come_to_an_end(world: World, menus: Menus) -> None:
    for tries, timeout_s in ((0, 5.0), (11, 5.0), (3, 0.0), (3, 61.0)):
        with pytest.raises(Refused, match="menu-form"):
            await menus.add(
                world.exempel.id, "M", fallback=Target("hangup"), tries=tries, timeout_s=timeout_s, by="test"
            )


async def test_a_new_menu_has_its_places(world: World, menus: Menus) -> None:
    async with world.store.read(world.exempel.id) as tx:
        slots = {place.slot for place in await places.of(tx) if place.kind == "menu"}
    assert slots == {f"{world.menu.id}/{slot}" for slot in SLOTS}


async def test_each_change_says_who_made_it(world: World, menus: Menus) -> None:
    await menus.set_choice(world.exempel.id, world.menu.id, "1", Target("extension", "201"), by="cli:alva")
    log = Audit(world.store)
    await log.write(world.exempel.id, "call:201", "call made", "x", seconds=3)
    made, changed = await log.recent(world.exempel.id, 2)
    assert (made.actor, made.details) == ("call:201", {"seconds": 3})
    assert (changed.actor, changed.action, changed.details["key"]) == ("cli:alva", "menu key set", "1")
    assert all(entry.actor == "test" for entry in await log.recent(world.annat.id))
