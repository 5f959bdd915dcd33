"""The demonstration companies are made as the command line would make them."""

import pytest

from pbx import demo
from pbx.company import Companies, Directory, Menus, People, PinOk, Pins, SigningIn
from pbx.rules.destinations import written
from pbx.rules.numbers import parse_number
from pbx.rules.pins import check_choice
from pbx.store import Store, audit
from tests.library.house import House, build
from tests.store.world import World


@pytest.fixture
async def seeded(store: Store, world: World, tmp_path: object) -> tuple[House, demo.DemoSecrets]:
    from dataclasses import replace
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    house = build(replace(world, store=store), tmp_path)
    return house, await demo.seed(store, house.library)


async def test_two_companies_with_the_same_extensions_and_message_names(seeded: tuple[House, demo.DemoSecrets]) -> None:
    house, secrets = seeded
    store = house.world.store
    exempel, annat = await Companies(store).all()
    assert (exempel.name, annat.name) == ("Exempel AB", "Annat AB")
    for company in (exempel, annat):
        assert [user.extension for user in await People(store).all(company.id)] == ["201", "202"]
        names = {view.name for view in await house.library.messages.all(company.id) if view.kind != "greeting"}
        assert names == {"welcome", "choices", "submenu-welcome", "closed", "wrong-key", "no-key"}
    assert [user.name for user in await People(store).all(exempel.id)] == ["Anna Andersson", "Björn Berg"]
    assert [company.id for company in secrets.companies] == [exempel.id, annat.id]


async def test_the_menu_has_two_levels_and_every_place_something_to_say(seeded: tuple[House, demo.DemoSecrets]) -> None:
    house, secrets = seeded
    company = secrets.companies[0].id
    numbers = {number.number.e164: number for number in (await Directory(house.world.store).everything())[0].numbers}
    number = numbers[secrets.companies[0].number]
    menus = Menus(house.world.store)
    assert number.target is not None
    top = await menus.get(company, number.target)
    assert top is not None
    below = await menus.get(company, top.choices[secrets.menu["submenu"]].value)
    assert below is not None
    for menu in (top, below):
        assert menu.choices[secrets.menu["anna"]].value == "201"
        assert menu.choices[secrets.menu["closed"]].kind == "message"
        assert menu.fallback.value == number.mailbox
    await house.library.published.mend()
    for lang in ("sv", "en"):
        for slot in ("welcome", "wrong-key", "silence"):
            for menu in (top, below):
                playable = await house.library.messages.playable(company, "menu", f"{menu.id}/{slot}", lang)
                assert playable.heard == "spoken-script"
    assert numbers[secrets.companies[0].voicemail].kind == "voicemail"


async def test_the_secrets_open_what_they_are_for_and_are_not_in_the_database(
    seeded: tuple[House, demo.DemoSecrets],
) -> None:
    house, secrets = seeded
    store = house.world.store
    for company in secrets.companies:
        for extension in ("201", "202"):
            user = await People(store).by_name(company.id, extension)
            check_choice(company.pins[extension], extension, [])
            assert await Pins(store).check(company.id, user.id, company.pins[extension], "ext:201") == PinOk()
            caller = await People(store).calling(company.id, company.accounts[extension].user)
            assert caller == user
    assert len({phone.password for company in secrets.companies for phone in company.accounts.values()}) == 4
    await store.close()
    written = store.path.read_bytes()
    for company in secrets.companies:
        assert not any(phone.password.encode() in written for phone in company.accounts.values())


async def test_annas_mobile_may_be_rung_and_all_numbers_are_fiction(seeded: tuple[House, demo.DemoSecrets]) -> None:
    house, secrets = seeded
    company = secrets.companies[0].id
    welcome = await house.library.messages.by_ref(company, "welcome")
    job = await house.library.jobs.request(company, welcome.id, "sv", "070-174 06 05", asked_by="test")
    assert written(job.to) == secrets.anna_mobile
    everything = [number for one in secrets.companies for number in (one.number, one.voicemail)]
    for number in [*everything, secrets.anna_mobile]:
        assert 605 <= int(parse_number(number).e164[-3:]) <= 699
        assert number.startswith("+46701740")
    async with house.world.store.read(company) as tx:
        assert {entry.actor for entry in await audit.recent(tx, 500)} == {"demo", "test"}


async def test_a_seeding_that_is_gone_on_with_makes_nothing_twice_and_tells_what_opens(
    seeded: tuple[House, demo.DemoSecrets],
) -> None:
    house, first = seeded
    store, before = house.world.store, await rows(house)
    again = await demo.seed(store, house.library)
    assert await rows(house) == before
    assert [company.id for company in again.companies] == [company.id for company in first.companies]
    for company in again.companies:
        anna = await People(store).by_name(company.id, "201")
        assert await Pins(store).check(company.id, anna.id, company.pins["201"], "ext:201") == PinOk()
        assert await People(store).calling(company.id, company.accounts["201"].user) == anna
    sign_ins = [again.operator, *(one for company in again.companies for one in company.sign_ins.values())]
    for one in sign_ins:
        known = await SigningIn(store).knows(one.email, one.password, address="127.0.0.1")
        assert known is None, one.email


async def rows(house: House) -> list[tuple[int, ...]]:
    """How many there are of each kind, by company."""
    found: list[tuple[int, ...]] = []
    for one in await Directory(house.world.store).everything():
        company = one.company.id
        places = await house.library.messages.all_places(company)
        messages = await house.library.messages.all(company)
        menus = await Menus(house.world.store).all(company)
        found.append((len(one.users), len(one.numbers), len(places), len(messages), len(menus)))
    return found
