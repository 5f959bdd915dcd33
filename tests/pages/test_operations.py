"""Valv och drift: what is true of copies, losses, erasing, calls and jobs; each sees their own, the operator counts."""

from pbx.vault.layout import object_path
from tests.pages.premises import REASON
from tests.pages.watched import Watched, in_every_look, readable, violations


@in_every_look
async def test_the_vaults_page_is_readable_everywhere(watched: Watched, lang: str, scheme: str, width: int) -> None:
    await watched.premises.house.recorded("words that are lost")
    await _lose(watched)
    page = await watched.look(lang, scheme, width)
    await readable(page, "/vault", "/log")


async def _lose(watched: Watched) -> None:
    house = watched.premises.house
    for copy in range(2):
        for file in house.objects(copy):
            file.unlink()
    await house.library.proof.sweep()


async def test_a_loss_is_shown_without_a_reload_and_healed_by_what_comes_back(watched: Watched) -> None:
    house = watched.premises.house
    await house.recorded("words that are lost")
    page = await watched.window("alva")
    await page.goto("/vault")
    await page.get_by_text("Inget saknas").wait_for()
    kept = {file: file.read_bytes() for file in house.objects(0)}
    await _lose(watched)
    await page.get_by_text("1 ljud finns inte i någon kopia.").wait_for()
    await page.get_by_role("cell", name="Alva Alms hälsning").wait_for()
    for file, data in kept.items():
        file.write_bytes(data)
    await house.library.proof.sweep()
    await page.get_by_text("Inget saknas").wait_for()
    assert "Alva Alms hälsning" in await page.get_by_role("group", name="Läkt").inner_text()


ROUND = "Spela in alla i ett samtal"


async def test_a_greeting_that_is_lost_is_its_owners_to_bring_back_and_no_round_is_offered(watched: Watched) -> None:
    await watched.premises.house.recorded("words that are lost")
    await _lose(watched)
    page = await watched.window("alva")
    for path in ("/messages", "/vault", "/round"):
        await page.goto(path)
        note = page.get_by_role("alert").filter(has_text="1 hälsning saknar ljud: Alva Alm.")
        assert "ringer 333 och trycker 5" in await note.inner_text()
        assert await page.locator("main").get_by_role("link", name=ROUND).count() == 0
    await page.get_by_role("link", name="Saknar ljud 0").wait_for()
    await page.goto("/messages")
    await page.get_by_role("link", name="Alva Alms hälsning", exact=True).click()
    await page.get_by_role("heading", name="Alva Alms hälsning").wait_for()


async def test_what_no_call_brings_back_offers_none(watched: Watched) -> None:
    await watched.premises.house.left("words that are lost")
    await _lose(watched)
    page = await watched.window("alva", locale="en-GB")
    await page.goto("/vault")
    note = page.get_by_role("alert")
    assert "1 mottaget röstmeddelande är borta" in await note.inner_text()
    assert await page.get_by_role("link", name=ROUND).count() == 0


async def test_what_a_round_brings_back_is_what_the_red_note_counts(watched: Watched) -> None:
    world, house = watched.premises.world, watched.premises.house
    await house.recorded("a greeting that is lost")
    await house.library.speaking.speak(world.exempel.id, world.welcome.id, lang="sv", by="web:201")
    await _lose(watched)
    page = await watched.window("alva")
    for path in ("/vault", "/messages"):
        await page.goto(path)
        await page.locator("main").get_by_role("link", name=ROUND).click()
        await page.get_by_role("link", name="Saknar ljud 1").wait_for()
        assert await page.locator(".pick b").all_inner_texts() == ["welcome"]
    await page.goto("/messages")
    await page.get_by_text("1 meddelande saknar ljud.").wait_for()


async def test_a_scrub_that_is_asked_for_heals_and_tells_how_far_it_is(watched: Watched) -> None:
    premises, house = watched.premises, watched.premises.house
    await house.recorded("words that are damaged")
    company = premises.world.exempel.id
    (sha256,) = {file.name for file in house.objects(1)}
    (house.copies[1] / object_path(company, sha256)).write_bytes(b"x" * 40)
    page = await watched.window("alva")
    await page.goto("/vault")
    await page.get_by_role("button", name="Gå igenom allt nu").click()
    await page.get_by_text("Genomgång klar").wait_for()
    assert "läkt" in await page.locator("#scrub").inner_text()
    assert (house.copies[1] / object_path(company, sha256)).read_bytes() != b"x" * 40
    assert (await premises.parts.audit.recent(company, 1))[0].action == "scrub asked for"


async def test_the_log_is_turned_over_page_by_page_and_says_who(watched: Watched) -> None:
    premises = watched.premises
    for number in range(60):
        await premises.parts.audit.write(premises.world.exempel.id, "web:201", "message added", f"Nummer {number:03}")
    page = await watched.window("alva")
    await page.goto("/log")
    rows = page.locator("ol.lines > li")
    assert await rows.count() == 50
    newest = rows.filter(has_text="Nummer 059")
    assert "Alva Alm" in await newest.inner_text()
    await page.get_by_role("link", name="Äldre").click()
    await page.wait_for_url("**before=*")
    assert "Nummer 000" in await page.locator("ol.lines").inner_text()
    assert await newest.count() == 0


async def test_the_operator_sees_all_companies_by_counts_and_one_by_a_reason(watched: Watched) -> None:
    await watched.premises.house.recorded("words that are lost")
    await _lose(watched)
    page = await watched.window("outside operator", viewport={"width": 1280, "height": 900})
    await page.goto("/operations")
    assert await violations(page) == []
    row = page.get_by_role("row").filter(has_text="Exempel AB")
    assert "Saknar ljud" in await row.inner_text()
    other = page.get_by_role("row").filter(has_text="Annat AB")
    assert "Inget saknas" in await other.inner_text()
    assert "greeting" not in await page.content()
    inside = await watched.window("operator", color_scheme="dark", viewport={"width": 390, "height": 800})
    await inside.goto("/vault")
    assert REASON in await inside.locator(".entered").inner_text()
    assert await violations(inside) == []


async def test_the_operator_says_yes_to_what_the_brake_has_stopped(watched: Watched) -> None:
    premises = watched.premises
    company = premises.world.exempel.id
    await premises.parts.library.brake._stop(company, "21 of 30 objects within an hour")
    page = await watched.window("alva")
    await page.goto("/vault")
    await page.get_by_text("Raderingen är stoppad").wait_for()
    assert await page.get_by_role("button", name="Låt raderingen gå vidare").count() == 0
    inside = await watched.window("operator")
    await inside.goto("/vault")
    await inside.get_by_role("button", name="Låt raderingen gå vidare").click()
    await inside.get_by_text("Inget väntar på att raderas.").wait_for()
    assert not await premises.parts.library.brake.is_on(company)


async def test_the_log_says_in_words_what_was_changed(watched: Watched) -> None:
    premises = watched.premises
    company, bo = premises.world.exempel.id, premises.world.bo
    await premises.parts.people.change(company, bo.id, name=bo.name, extension="202", role="admin", by="web:201")
    await premises.parts.people.add_number(company, bo.id, "+46701740618", frozenset({"46"}), by="web:201")
    await premises.house.library.jobs.request(
        company, premises.world.box.greeting, "sv", "+46701740618", asked_by="web:201"
    )
    for locale, role, whose in (
        ("sv-SE", "roll: användare → administratör", "Alva Alms hälsning"),
        ("en-GB", "role: user → administrator", "Alva Alm’s greeting"),
    ):
        page = await watched.look(locale, "light", 1280)
        await page.goto("/log")
        told = await page.locator("ol.lines").inner_text()
        assert role in told
        assert whose in told
        assert "greeting-201" not in told


async def test_why_a_copy_is_frozen_is_said_in_words(watched: Watched) -> None:
    house = watched.premises.house
    await house.recorded("something")
    next(house.copies[1].glob("*.json")).unlink()
    await house.library.proof.sweep()
    for locale, why in (("sv-SE", "Dess märke är borta"), ("en-GB", "Its mark is gone")):
        page = await watched.look(locale, "light", 1280)
        await page.goto("/vault")
        await page.get_by_role("definition").filter(has_text=why).wait_for()
