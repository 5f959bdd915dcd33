"""Användare: who there is, how they are reached, how they come in; and that it is the company's own alone."""

import re

from playwright.async_api import Page

from pbx.store.values import Target
from tests.pages.premises import EMAILS, Premises
from tests.pages.watched import Watched, in_three_looks, readable, violations
from tests.store.world import HOSTILE

MOBILE = "070-174 06 19"


@in_three_looks
async def test_the_pages_are_readable_by_everybody(watched: Watched, lang: str, scheme: str, width: int) -> None:
    premises, world = watched.premises, watched.premises.world
    await premises.parts.people.add_number(world.exempel.id, world.bo.id, MOBILE, frozenset({"46"}), by="test")
    await premises.parts.pins.set(world.exempel.id, world.bo.id, "7391", by="test")
    page = await watched.look(lang, scheme, width)
    await readable(page, "/users", "/users/new", f"/users/{world.bo.id}", f"/users/{world.bo.id}/picture")


async def test_the_list_is_searched_and_follows_what_changes(watched: Watched) -> None:
    page = await watched.window("alva")
    await page.goto("/users")
    assert await page.locator("tbody tr").count() == 2
    await page.get_by_role("searchbox").fill("berg")
    await page.wait_for_url("**search=berg")
    assert await page.locator("tbody tr").count() == 1
    assert "Bo Berg" in await page.locator("tbody").inner_text()
    await page.goto("/users")
    await watched.premises.parts.people.add(watched.premises.world.exempel.id, "Örjan Öst", "203", by="test")
    await page.get_by_text("Örjan Öst").wait_for()


async def test_somebody_new_is_added_and_handed_a_link_that_works_once(watched: Watched) -> None:
    watched.expected = ("422",)
    page = await watched.window("alva")
    await page.goto("/users")
    await page.get_by_role("link", name="Lägg till").click()
    await page.get_by_label("Namn").fill("Dag Dal")
    await page.get_by_label("Anknytning").fill("202")
    await page.get_by_label("E-post").fill(EMAILS["bo"])
    await page.keyboard.press("Enter")
    await page.get_by_text("Den adressen har någon annan redan.").wait_for()
    await page.get_by_label("E-post").fill("dag@exempel.example")
    await page.keyboard.press("Enter")
    await page.get_by_text("Anknytningen används redan").wait_for()
    assert await violations(page) == []
    assert await page.get_by_label("E-post").input_value() == "dag@exempel.example"
    await page.get_by_label("Anknytning").fill("204")
    await page.keyboard.press("Enter")
    link = await page.locator(".once").inner_text()
    assert "/link/" not in page.url
    fresh = await watched.window("nobody")
    await fresh.goto(link)
    await fresh.get_by_label("Lösenord").fill("nio gröna elefanter")
    await fresh.keyboard.press("Enter")
    await fresh.get_by_label("E-post").fill("dag@exempel.example")
    await fresh.get_by_label("Lösenord").fill("nio gröna elefanter")
    await fresh.keyboard.press("Enter")
    await fresh.wait_for_url("**/mailbox")
    async with watched.premises.client("nobody") as client, client.get(re.sub("^.*?//[^/]*", "", link)) as response:
        assert response.status == 409


async def test_numbers_are_added_taken_away_and_brought_back(watched: Watched) -> None:
    watched.expected = ("422",)
    page = await watched.window("alva")
    await page.goto(f"/users/{watched.premises.world.bo.id}")
    for typed, told in (("0900-123456", "Betalnummer"), ("hej", "inget telefonnummer"), ("112", "nödnummer")):
        await page.get_by_label("Nytt nummer").fill(typed)
        await page.keyboard.press("Enter")
        await page.locator("#number-wrong", has_text=told).wait_for()
        assert await page.get_by_label("Nytt nummer").input_value() == typed
    assert await violations(page) == []
    await page.get_by_label("Nytt nummer").fill(MOBILE)
    await page.keyboard.press("Enter")
    await page.get_by_text("Numret är tillagt.").wait_for()
    assert await numbers(watched.premises) == ["+46701740619"]
    await page.get_by_role("button", name=re.compile("Ta bort 070")).click()
    await page.get_by_role("button", name="Ångra").wait_for()
    assert await numbers(watched.premises) == []
    await page.get_by_role("button", name="Ångra").click()
    await page.get_by_text("Numret är tillagt.").wait_for()
    assert await numbers(watched.premises) == ["+46701740619"]


async def numbers(premises: Premises) -> list[str]:
    found = await premises.parts.people.numbers(premises.world.exempel.id, premises.world.bo.id)
    return [one.number.e164 for one in found]


async def test_another_extension_is_still_where_the_menu_leads(watched: Watched) -> None:
    premises, world = watched.premises, watched.premises.world
    await premises.parts.menus.set_choice(world.exempel.id, world.menu.id, "1", Target("extension", "202"), by="test")
    page = await watched.window("alva")
    await page.goto(f"/users/{world.bo.id}")
    await page.get_by_label("Anknytning").fill("222")
    await page.get_by_label("Roll").select_option("admin")
    await page.get_by_role("button", name="Spara").click()
    await page.get_by_text("Sparat.").wait_for()
    user = await premises.parts.people.get(world.exempel.id, world.bo.id)
    assert (user.extension, user.role) == ("222", "admin")
    menu = await premises.parts.menus.get(world.exempel.id, world.menu.id)
    assert menu.choices["1"] == Target("extension", "222")
    entry = (await premises.parts.audit.recent(world.exempel.id, 1))[0]
    assert (entry.actor, entry.details["extension"], entry.details["role"]) == (
        "web:201", "202 -> 222", "user -> admin",
    )  # fmt: skip


async def test_nobody_gives_up_their_own_role(watched: Watched) -> None:
    watched.expected = ("422",)
    page = await watched.window("alva")
    await page.goto(f"/users/{watched.premises.world.alva.id}")
    await page.get_by_label("Roll").select_option("user")
    await page.get_by_role("button", name="Spara").click()
    await page.get_by_text("Din egen roll byter någon annan").wait_for()
    assert await violations(page) == []
    assert (await watched.premises.parts.people.all(watched.premises.world.exempel.id))[0].role == "admin"


async def test_a_pin_is_taken_away_and_not_chosen_by_anybody_else(watched: Watched) -> None:
    premises, world = watched.premises, watched.premises.world
    await premises.parts.pins.set(world.exempel.id, world.bo.id, "7391", by="test")
    page = await watched.window("alva")
    await page.goto(f"/users/{world.bo.id}")
    await page.get_by_role("button", name="Ta bort pinkoden").click()
    await page.get_by_text("Pinkoden är borttagen.").wait_for()
    assert not await premises.parts.pins.has(world.exempel.id, world.bo.id)
    assert await page.get_by_role("button", name="Ta bort pinkoden").count() == 0


async def test_names_are_text_whatever_they_say(watched: Watched) -> None:
    premises = watched.premises
    for extension, name in (("205", "<img src=x onerror=alert(1)>"), ("206", HOSTILE)):
        user = await premises.parts.people.add(premises.world.exempel.id, name, extension, by="test")
        page: Page = await watched.window("alva")
        await page.goto("/users")
        assert await page.locator("tbody img, tbody script").count() == 0
        await page.goto(f"/users/{user.id}")
        assert await page.get_by_label("Namn").input_value() == user.name
        assert await page.locator("main img, main script").count() == 0
