"""The list of messages: kept in memory from the redo log, and the same as if it were read anew."""

import pytest

from pbx.library.listing import Listing, Page, Wish, collated
from pbx.store import catalogue, messages, redo
from pbx.store.losses import Found, Use, heal
from pbx.store.losses import add as add_loss
from tests.library.house import House


async def add(house: House, name: str, script: str = "Hej.") -> str:
    made = await house.library.messages.add(
        house.world.exempel.id, name, scripts={"sv": script} if script else {}, by="t"
    )
    return made.id


async def names(house: House, page: Page) -> list[str]:
    return [view.name for view in await house.library.overview.these(house.world.exempel.id, page.ids)]


async def lose(house: House, message: str) -> str:
    """The ledger says that its recording is gone from all copies. Its hash."""
    company = house.world.exempel.id
    (version,) = await house.library.versions.all(company, message)
    async with house.world.store.begin(company) as tx:
        use = Use(version.id, message, version.sha256, "announcement", "x", "sv", version.number)
        await add_loss(tx, [(use, Found(version.sha256, "missing", True, ("1", "2"), None), "spoken-script")])
    return version.sha256


async def test_what_needs_work_comes_first_and_is_counted(house: House) -> None:
    company, listing = house.world.exempel.id, house.library.listing
    spoken, gone, empty = await add(house, "upplast"), await add(house, "borta"), await add(house, "tomt", "")
    for message in (spoken, gone):
        await house.library.speaking.speak(company, message, lang="sv", by="t")
    sha256 = await lose(house, gone)
    page = await listing.page(company, Wish())
    assert dict(page.counts) == {"all": 4, "lost": 2, "spoken": 1, "ready": 1}
    assert set(page.ids[:2]) == {gone, empty}
    assert page.ids[2:] == (house.world.welcome.id, spoken)
    assert (await listing.page(company, Wish(which="lost"))).total == 2
    async with house.world.store.begin(company) as tx:
        await heal(tx, {sha256: "1"})
    assert (await listing.page(company, Wish())).counts["lost"] == 1


async def test_following_the_log_is_as_good_as_reading_anew(house: House) -> None:
    company, followed = house.world.exempel.id, house.library.listing
    wishes = [Wish(), Wish(order="name"), Wish(order="changed", backwards=True), Wish(search="å"), Wish(which="spoken")]

    async def same() -> None:
        fresh = Listing(house.world.store)
        for wish in wishes:
            assert await followed.page(company, wish) == await fresh.page(company, wish)

    await same()
    made = [await add(house, name, script) for name, script in (("Åska", "blixt"), ("b", "två ål"), ("c", ""))]
    await same()
    await house.library.messages.rename(company, made[1], "Ål", by="t")
    await house.library.speaking.speak(company, made[0], lang="sv", text="Nytt.", by="t")
    await same()
    await lose(house, made[0])
    await house.library.removal.delete(company, made[2], by="t")
    await same()
    await house.library.removal.undelete(company, made[2], by="t")
    async with house.world.store.begin(company) as tx:
        await messages.set_script(tx, made[2], "en", "Something å.")
    await same()
    await house.library.erasing.order_message(company, made[1], by="t", because="for good")
    image = redo.image(house.world.store.path, company)
    async with house.world.store.begin(company) as tx:
        await catalogue.forget(tx, image)
    await same()


async def test_every_message_is_on_one_page_forwards_and_backwards(house: House) -> None:
    company, listing = house.world.exempel.id, house.library.listing
    for number in range(119):
        await add(house, f"m{number:03}")
    for order in ("need", "name", "changed"):
        first = await listing.page(company, Wish(order=order))
        second = await listing.page(company, Wish(order=order, after=first.following))
        third = await listing.page(company, Wish(order=order, after=second.following))
        assert [len(page.ids) for page in (first, second, third)] == [50, 50, 20]
        assert len({*first.ids, *second.ids, *third.ids}) == 120
        assert third.following is None
        assert (await listing.page(company, Wish(order=order, before=third.previous))).ids == second.ids


async def test_a_page_whose_messages_are_gone_meanwhile_is_the_last_one(house: House) -> None:
    company, listing = house.world.exempel.id, house.library.listing
    made = [await add(house, f"x{number:02}") for number in range(50)]
    first = await listing.page(company, Wish(order="name"))
    assert first.following is not None
    await house.library.removal.delete(company, made[-1], by="t")
    behind = await listing.page(company, Wish(order="name", after=first.following))
    assert behind == await listing.page(company, Wish(order="name"))
    nothing = await listing.page(company, Wish(which="lost", after=(0, 0.0, 0)))
    assert (nothing.ids, nothing.first, nothing.total) == ((), 0, 0)


async def test_companies_do_not_see_each_others(house: House) -> None:
    await add(house, "hemligt")
    assert (await house.library.listing.page(house.world.annat.id, Wish(search="hemligt"))).total == 0


@pytest.mark.parametrize(
    ("lang", "order"),
    [("sv", ["ark", "zebra", "åska", "äpple", "öl"]), ("en", ["äpple", "ark", "åska", "öl", "zebra"])],
)
def test_names_are_sorted_as_the_language_has_it(lang: str, order: list[str]) -> None:
    assert sorted(order, key=lambda name: collated(name, lang)) == order
