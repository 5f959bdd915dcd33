"""Organisation / Röstmeddelanden."""

import asyncio
import re
import time

import pytest
from playwright.async_api import Route

from pbx.store import redo
from pbx.web import live_page
from tests.pages.premises import Premises
from tests.pages.watched import Watched, in_every_look, readable, violations
from tests.store.world import HOSTILE


async def add(premises: Premises, name: str, script: str = "Hej.", kind: str = "announcement") -> str:
    messages = premises.house.library.messages
    scripts = {"sv": script} if script else {}
    return (await messages.add(premises.world.exempel.id, name, kind, scripts=scripts, by="web:201")).id


@in_every_look
async def test_the_list_is_readable_everywhere(watched: Watched, lang: str, scheme: str, width: int) -> None:
    await add(watched.premises, "Stängt, kvällar och helger", "Tack för att du ringer. " * 12)
    await add(watched.premises, "Julstängt", "")
    page = await watched.look(lang, scheme, width)
    await readable(page, "/messages")
    assert await page.locator("html").get_attribute("lang") == lang[:2]
    assert await page.get_by_text("Saknar ljud" if lang == "sv-SE" else "No audio").count()


async def test_the_search_knows_swedish_letters_and_follows_what_is_typed(watched: Watched) -> None:
    await add(watched.premises, "Öppettider i jul", "Vi har stängt på ÅRETS sista dag.")
    await add(watched.premises, "Annat", "Ingenting särskilt.")
    page = await watched.window("alva")
    await page.goto("/messages")
    await page.get_by_role("searchbox").fill("öppet årets")
    await page.wait_for_url("**search=*")
    rows = page.locator("tbody tr")
    await page.wait_for_function("() => document.querySelectorAll('tbody tr').length == 1")
    assert "Öppettider i jul" in await rows.inner_text()
    await page.reload()
    assert await rows.count() == 1
    assert await page.get_by_role("searchbox").input_value() == "öppet årets"


async def test_an_open_list_follows_what_others_change_without_a_reload(watched: Watched) -> None:
    page = await watched.window("alva")
    await page.goto("/messages")
    await page.evaluate("window.here = 1")
    await add(watched.premises, "Nyss tillagt")
    await page.get_by_text("Nyss tillagt").wait_for()
    assert await page.evaluate("window.here") == 1


async def test_an_open_list_says_what_is_heard_once_a_voice_has_read_it(watched: Watched) -> None:
    page = await watched.window("alva")
    await page.goto("/messages")
    await add(watched.premises, "Nyss tillagt", "Vi är tillbaka klockan åtta.")
    row = page.get_by_role("row").filter(has_text="Nyss tillagt")
    await row.get_by_text("Hörs nu: neutral fras").wait_for()
    await watched.premises.house.library.published.mend()
    await row.get_by_text("Hörs nu: manuset läses upp").wait_for()


async def test_whoever_is_not_there_any_more_is_told_no_more_however_much_changes(
    premises: Premises, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_page, "_AGAIN_S", 0.5)
    parts = premises.parts
    for who in ("alva", "operator"):
        async with premises.client(who) as client, client.get(f"/live?since={10**9}") as stream:
            session = await parts.signing_in.session(await premises.token(who))
            assert session is not None
            if who == "alva":
                await parts.signing_in.end(session.person, session.id)
            else:
                await parts.signing_in.leave(session, await parts.accounts.operator(session.person))
            told = b""
            async with asyncio.timeout(8):
                while b"event: bye" not in told:
                    await add(premises, f"{who} {len(told)} {time.monotonic()}")
                    told += await stream.content.readany()
            assert told.count(b"event: messages") < 6


async def test_an_open_list_follows_however_late_the_script_came_that_hears_of_changes(watched: Watched) -> None:
    page, others_have_run = await watched.window("alva"), asyncio.Event()

    async def late(route: Route) -> None:
        await others_have_run.wait()
        await route.continue_()

    await page.route("**/hx-sse.min.js", late)
    await page.goto("/messages", wait_until="commit")
    await page.wait_for_function("() => window.htmx")
    await page.evaluate("new Promise(done => setTimeout(done))")
    others_have_run.set()
    await page.wait_for_load_state()
    await add(watched.premises, "Nyss tillagt")
    await page.get_by_text("Nyss tillagt").wait_for()


async def test_what_changes_while_the_page_is_made_is_told_to_it(
    premises: Premises, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = premises.parts.library.proof
    last = proof.last

    async def last_and_a_change() -> object:
        await add(premises, "Nyss tillagt")
        return await last()

    monkeypatch.setattr(proof, "last", last_and_a_change)
    async with premises.client("alva") as client:
        page = await (await client.get("/messages")).text()
        assert "Nyss tillagt" not in page
        (path,) = re.findall(r"/live\?since=\d+", page)
        async with asyncio.timeout(5), client.get(path) as stream:
            assert await stream.content.readline() == b"event: messages\n"


async def test_an_image_in_the_log_is_told_to_no_page(premises: Premises) -> None:
    company, live = premises.world.exempel.id, premises.parts.live
    since = await live.at(company)
    image = redo.image(premises.world.store.path, company)
    await add(premises, "Nyss tillagt")
    async for at, topics in live.follow(company, since):
        assert (at > image, set(topics)) == (True, {"messages"})
        break


async def test_names_and_scripts_are_text_whatever_they_say(watched: Watched) -> None:
    await add(watched.premises, "<img src=x onerror=alert(1)>", "<script>alert(2)</script>" + HOSTILE)
    page = await watched.window("alva")
    await page.goto("/messages")
    assert await page.get_by_text("<img src=x onerror=alert(1)>").count() == 1
    assert await page.locator("tbody img, tbody script").count() == 0


async def test_a_long_list_is_turned_over_page_by_page(watched: Watched) -> None:
    for number in range(60):
        await add(watched.premises, f"Meddelande {number:03}")
    page = await watched.window("alva")
    await page.goto("/messages?order=name")
    assert await page.locator("tbody tr").count() == 50
    first = await page.locator("tbody tr .name a").all_inner_texts()
    await page.get_by_role("link", name="Nästa").click()
    await page.wait_for_url("**after=*")
    second_page = page.url
    second = await page.locator("tbody tr .name a").all_inner_texts()
    assert len(second) == 11
    assert first + second == sorted(first + second, key=str.casefold)
    await page.get_by_role("link", name="Föregående").click()
    await page.wait_for_url("**before=*")
    assert await page.locator("tbody tr .name a").all_inner_texts() == first
    await page.goto(second_page.replace("order=name", "order=changed"))  # a place in another order is none
    assert await page.locator("tbody tr").count() == 50


@in_every_look
async def test_the_page_for_a_new_one_is_readable_everywhere(
    watched: Watched, lang: str, scheme: str, width: int
) -> None:
    await readable(await watched.look(lang, scheme, width), "/messages/new")


async def test_a_new_message_is_added_removed_and_brought_back(watched: Watched) -> None:
    watched.expected = ("422",)
    page = await watched.window("alva")
    await page.goto("/messages")
    await page.get_by_role("link", name="Nytt meddelande").click()
    await page.get_by_label("Namn").fill(watched.premises.world.welcome.name)
    await page.get_by_label("Manus").fill("Vi har semesterstängt.")
    await page.get_by_role("button", name="Lägg till").click()
    await page.locator("#name-wrong").wait_for()
    assert await violations(page) == []
    assert await page.get_by_label("Manus").input_value() == "Vi har semesterstängt."
    await page.get_by_label("Namn").fill("Semester")
    await page.get_by_role("button", name="Lägg till").click()
    await page.wait_for_selector("h1:has-text('Semester')")
    assert await page.get_by_label("Manus").input_value() == "Vi har semesterstängt."
    await page.locator("details.more summary").click()
    assert await violations(page) == []
    await page.get_by_role("button", name="Ta bort meddelandet").click()
    await page.get_by_text("Meddelandet är borttaget.").wait_for()
    assert await page.locator("tbody").get_by_text("Semester").count() == 0
    assert await violations(page) == []
    await page.get_by_role("button", name="Ångra").click()
    await page.wait_for_selector("h1:has-text('Semester')")


async def test_a_message_that_callers_hear_is_not_removed_and_the_page_says_where_it_is(watched: Watched) -> None:
    watched.expected = ("422",)
    world, messages = watched.premises.world, watched.premises.house.library.messages
    await messages.place(world.exempel.id, "menu", f"{world.menu.id}/welcome", world.welcome.id, by="web:201")
    page = await watched.window("alva")
    await page.goto(f"/messages/{world.welcome.id}")
    await page.locator("details.more summary").click()
    await page.get_by_role("button", name="Ta bort meddelandet").click()
    await page.get_by_role("alert").get_by_text("Meddelandet används").wait_for()


async def test_a_recording_that_one_copy_alone_holds_is_shown_as_one_copy_until_both_have_it(watched: Watched) -> None:
    premises = watched.premises
    company, message = premises.world.exempel.id, premises.world.welcome
    speaking = premises.house.library.speaking
    await speaking.speak(company, message.id, lang="sv", text="Välkommen hit.", by="web:201")
    gone = [(path, path.read_bytes()) for path in premises.house.objects(1)]
    for path, _ in gone:
        path.unlink()
    page = await watched.window("alva")
    for address in ("/messages", f"/messages/{message.id}"):
        await page.goto(address)
        assert await page.get_by_text("En kopia", exact=True).count()
    assert await violations(page) == []
    for path, data in gone:
        path.write_bytes(data)
    await page.goto(f"/messages/{message.id}")
    assert await page.get_by_text("En kopia", exact=True).count() == 0
