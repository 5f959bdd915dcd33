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
    await page.get_by_text("Hälsning, greeting-201").wait_for()
    for file, data in kept.items():
        file.write_bytes(data)
    await house.library.proof.sweep()
    await page.get_by_text("Inget saknas").wait_for()
    assert "Hälsning, greeting-201" in await page.get_by_role("group", name="Läkt").inner_text()


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
