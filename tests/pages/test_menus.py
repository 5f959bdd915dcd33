"""Menus: a whole menu is one form, what cannot work is told in it, and what is saved is what the next caller hears."""

import pytest

from pbx.company.menus import Draft, Menus
from pbx.errors import Refused
from pbx.store.values import Target
from tests.pages.premises import Premises
from tests.pages.watched import Watched, in_every_look, readable, violations


@in_every_look
async def test_menus_are_readable_everywhere(watched: Watched, lang: str, scheme: str, width: int) -> None:
    page = await watched.look(lang, scheme, width)
    await readable(page, "/menus", "/menus/new", f"/menus/{watched.premises.world.menu.id}")


async def test_a_menu_is_made_by_keyboard_alone_and_heard_at_once(watched: Watched) -> None:
    world = watched.premises.world
    page = await watched.window("alva")
    await page.goto("/menus/new")
    await page.get_by_label("Namn", exact=True).focus()
    for typed in ("Support", "", "welcome", "", ""):
        await page.keyboard.type(typed)
        await page.keyboard.press("Tab")
    await page.keyboard.type("1")
    await page.keyboard.press("Tab")
    await page.keyboard.type("202")
    await page.get_by_label("Till sist").focus()
    await page.keyboard.type("Avsluta samtalet")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**?saved=yes")
    assert await page.get_by_role("status").inner_text() == "Sparad. Hörs redan av nästa som ringer."
    menu = await watched.premises.parts.menus.by_name(world.exempel.id, "Support")
    assert (menu.choices["1"], menu.fallback) == (Target("extension", "202"), Target("hangup"))
    shown = await watched.premises.parts.menus.shown(world.exempel.id, menu.id)
    assert shown.messages == {"choices": world.welcome.id}
    entry = (await watched.premises.parts.audit.recent(world.exempel.id, 1))[0]
    assert (entry.action, entry.subject, entry.actor) == ("menu saved", "Support", "web:201")


async def test_what_cannot_work_is_told_and_what_was_typed_stays(watched: Watched) -> None:
    watched.expected = ("422",)
    page = await watched.window("alva")
    await page.goto("/menus/new")
    await page.get_by_label("Namn", exact=True).fill("Växeln")
    await page.get_by_label("Knapp på rad 1").select_option("1")
    await page.get_by_label("Vart rad 1 leder").fill("202")
    await page.get_by_label("Knapp på rad 2").select_option("1")
    await page.get_by_label("Vart rad 2 leder").fill("201")
    save, told = page.get_by_role("button", name="Spara"), page.get_by_role("alert")
    await save.click()
    assert "Knappen används redan i menyn" in await told.inner_text()
    assert await violations(page) == []
    await page.get_by_label("Knapp på rad 2").select_option("2")
    await save.click()
    assert "något att leda till när ingen knapp trycks" in await told.inner_text()
    await page.get_by_label("Till sist").fill("Meny Finns inte")
    await save.click()
    assert "finns inte i företaget" in await told.inner_text()
    await page.get_by_label("Till sist").fill("Avsluta samtalet")
    await save.click()
    assert "vilka knappar som finns" in await told.inner_text()
    await page.get_by_label("Knappval").fill("welcome")
    await save.click()
    await page.wait_for_url("**?saved=yes")
    assert await page.get_by_label("Vart rad 2 leder").input_value() == "201 Alva Alm"


def draft(fallback: Target | None, *choices: tuple[str, Target], name: str = "Ny", **messages: str) -> Draft:
    return Draft(name, 3, 5.0, choices, fallback, messages)


async def test_a_caller_who_presses_nothing_always_comes_out(premises: Premises) -> None:
    company, menus = premises.world.exempel.id, premises.parts.menus
    first = await menus.save(company, None, draft(Target("hangup"), name="Ett"), by="test")
    second = await menus.save(company, None, draft(Target("menu", first.id), name="Två"), by="test")
    mark = (await menus.shown(company, first.id)).mark
    for fallback in (Target("menu", first.id), Target("menu", second.id), Target("message", premises.world.welcome.id)):
        with pytest.raises(Refused, match="menu-loop"):
            await menus.save(company, first.id, draft(fallback, name="Ett"), mark=mark, by="test")
    assert (await menus.by_name(company, "Ett")).fallback == Target("hangup")


async def test_the_second_of_two_who_edit_at_once_is_told(premises: Premises) -> None:
    company, menus = premises.world.exempel.id, premises.parts.menus
    menu = await menus.save(company, None, draft(Target("hangup")), by="test")
    mark = (await menus.shown(company, menu.id)).mark
    await menus.save(company, menu.id, draft(Target("hangup"), name="Hennes"), mark=mark, by="test")
    with pytest.raises(Refused, match="edited-meanwhile"):
        await menus.save(company, menu.id, draft(Target("hangup"), name="Hans"), mark=mark, by="test")


async def test_keys_that_are_left_out_lead_nowhere_any_more(premises: Premises) -> None:
    company, menus, world = premises.world.exempel.id, premises.parts.menus, premises.world
    keys = [("1", Target("extension", "202")), ("#", Target("mailbox", world.box.id))]
    made = await menus.save(company, None, draft(Target("hangup"), *keys, choices=world.welcome.id), by="test")
    assert dict(made.choices) == dict(keys)
    mark = (await menus.shown(company, made.id)).mark
    after = draft(Target("hangup"), ("1", Target("menu", world.menu.id)), choices=world.welcome.id)
    assert dict((await menus.save(company, made.id, after, mark=mark, by="test")).choices) == {
        "1": Target("menu", world.menu.id)
    }


async def test_nothing_of_another_company_can_be_led_to(premises: Premises) -> None:
    world, menus = premises.world, Menus(premises.world.store)
    for target in (Target("menu", world.other_menu.id), Target("mailbox", world.other_box.id)):
        with pytest.raises(Refused):
            await menus.save(world.exempel.id, None, draft(target), by="test")
    with pytest.raises(Refused, match="menu-unknown"):
        await menus.save(world.exempel.id, world.other_menu.id, draft(Target("hangup")), by="test")
