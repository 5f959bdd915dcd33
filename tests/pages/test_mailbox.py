"""Min röstbrevlåda: hearing, keeping and deleting what callers left; the greeting, the picture, the PIN."""

import io
import shutil
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from PIL import Image

from pbx.rules.numbers import Number, Withheld
from pbx.store.values import VoiceMessage
from tests.library.house import CALLER
from tests.pages.premises import PASSWORDS, Premises, Who
from tests.pages.watched import Watched, in_three_looks, readable, violations
from tests.pictures import shots


@pytest_asyncio.fixture(loop_scope="session")
async def mailbox(watched: Watched) -> AsyncIterator[Watched]:
    """Alva's, with a message from Bo's mobile, one from outside, and one from nobody knows whom."""
    premises, world = watched.premises, watched.premises.world
    await premises.parts.people.add_number(world.exempel.id, world.bo.id, "+46701740618", frozenset({"46"}), by="test")
    for seed, caller in (("one", Number("+46701740618")), ("two", CALLER), ("three", Withheld())):
        await premises.house.left(seed, caller=caller)
    yield watched


async def left(premises: Premises) -> list[VoiceMessage]:
    return await premises.parts.library.mailboxes.messages(premises.world.exempel.id, premises.world.box.id)


async def states(premises: Premises) -> list[str]:
    return [message.state for message in await left(premises)]


@in_three_looks
async def test_the_mailbox_is_readable_by_everybody(mailbox: Watched, lang: str, scheme: str, width: int) -> None:
    premises = mailbox.premises
    await premises.house.recorded("hello")
    await premises.parts.library.mailboxes.mark(
        premises.world.exempel.id, (await left(premises))[0].id, "deleted", by="test"
    )
    page = await mailbox.look(lang, scheme, width)
    await readable(page, "/mailbox")
    assert await page.locator(".voice > li").count() == 3
    assert await page.get_by_text("Bo Berg").count()
    await readable(page, "/mailbox/pin", "/mailbox/picture", "/password", "/sessions")


async def test_a_message_is_kept_deleted_and_brought_back_from_the_keyboard(mailbox: Watched) -> None:
    page = await mailbox.window("alva")
    await page.goto("/mailbox")
    await page.get_by_role("button", name="Behåll meddelandet från Bo Berg").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Märk meddelandet från Bo Berg som nytt").wait_for()
    assert sorted(await states(mailbox.premises)) == ["kept", "new", "new"]
    await page.get_by_role("button", name="Radera meddelandet från Bo Berg").focus()
    await page.keyboard.press("Enter")
    back = page.get_by_role("button", name="Ångra: ta tillbaka meddelandet från Bo Berg")
    await back.wait_for()
    assert len(await states(mailbox.premises)) == 2
    assert await back.evaluate("button => button === document.activeElement")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Radera meddelandet från Bo Berg").wait_for()
    assert len(await states(mailbox.premises)) == 3


async def test_a_deleted_message_is_erased_for_good_by_its_owner_and_by_nobody_else(mailbox: Watched) -> None:
    premises, company = mailbox.premises, mailbox.premises.world.exempel.id
    doomed = next(one for one in await left(premises) if one.caller == Number("+46701740618"))
    for who in ("bo", "cilla"):
        async with premises.client(who) as client, client.post(f"/mailbox/{doomed.id}/erase") as response:
            assert response.status == 404
    async with premises.client("alva") as client, client.post(f"/mailbox/{doomed.id}/erase") as response:
        assert response.status == 400  # it has to be deleted first
    page = await mailbox.window("alva")
    await page.goto("/mailbox")
    await page.get_by_role("button", name="Radera meddelandet från Bo Berg").click()
    await page.locator("summary", has_text="För gott").click()
    assert await violations(page) == []
    await page.get_by_role("button", name="Radera för gott").click()
    await page.locator(f"#v-{doomed.id}").wait_for(state="detached")
    assert doomed.id not in [
        one.message.id for one in await premises.house.library.mailboxes.received(company, doomed.mailbox)
    ]
    assert await premises.house.library.erasing.work() == 1
    assert doomed.sha256 not in {path.name for copy in (0, 1) for path in premises.house.objects(copy)}


async def test_a_message_that_was_heard_to_its_end_is_no_longer_new(mailbox: Watched) -> None:
    page = await mailbox.window("alva")
    await page.goto("/mailbox?which=new")
    await page.get_by_role("button", name="Spela upp meddelandet från Bo Berg").click()
    await page.locator("[data-play][aria-pressed=true]").wait_for()
    await page.evaluate("document.getElementById('player').currentTime = 3.5")
    await page.get_by_role("link", name="Behållna 1").wait_for()
    assert sorted(await states(mailbox.premises)) == ["kept", "new", "new"]


async def test_a_new_message_appears_in_an_open_page(mailbox: Watched) -> None:
    page = await mailbox.window("alva")
    await page.goto("/mailbox")
    await page.evaluate("window.here = 1")
    await mailbox.premises.house.left("four", caller=Number("+46701740652"))
    await page.locator("li", has_text="070‑174 06 52").wait_for()
    assert await page.evaluate("window.here") == 1


async def test_of_a_lost_message_it_is_told_who_called_and_when(mailbox: Watched) -> None:
    for copy in mailbox.premises.house.copies:
        shutil.rmtree(copy / "companies")
    page = await mailbox.window("alva")
    await page.goto("/mailbox")
    row = page.locator("li", has_text="Bo Berg")
    assert "Vad som sades är borta, men inte vem som ringde eller när." in await row.inner_text()
    assert await row.get_by_role("button", name="ljudet är borta").is_disabled()
    assert await row.get_by_role("link", name="Ring upp Bo Berg").count() == 1
    assert await violations(page) == []


async def test_a_message_is_saved_as_a_file_and_nobody_elses_is_had(mailbox: Watched) -> None:
    premises = mailbox.premises
    message = (await left(premises))[0]
    async with premises.client("alva") as client:
        async with client.get(f"/mailbox/{message.id}/heard.wav?save=yes") as response:
            assert response.headers["Content-Disposition"].startswith('attachment; filename="2026-')
            assert (await response.read())[:4] == b"RIFF"
        async with client.get(f"/mailbox/{message.id}/heard.wav", headers={"Range": "bytes=0-3"}) as response:
            assert (response.status, await response.read()) == (206, b"RIFF")
    for who in ("bo", "cilla"):
        async with premises.client(who) as client:
            async with client.get(f"/mailbox/{message.id}/heard.wav") as response:
                assert response.status == 404
            async with client.post(f"/mailbox/{message.id}/mark", data={"state": "deleted"}) as response:
                assert response.status == 404
    assert len(await states(premises)) == 3


async def test_whoever_withholds_the_number_cannot_be_called_back(mailbox: Watched) -> None:
    page = await mailbox.window("alva")
    await page.goto("/mailbox")
    assert await page.get_by_role("link", name="Ring upp Bo Berg").get_attribute("href") == "tel:+46701740618"
    assert await page.get_by_role("link", name="Ring upp Dolt nummer").count() == 0


async def test_a_greeting_is_taken_away_and_back_and_an_earlier_one_used(mailbox: Watched) -> None:
    premises = mailbox.premises
    await premises.house.recorded("first")
    await premises.house.recorded("second")
    page = await mailbox.window("alva")
    await page.goto("/mailbox")
    card = page.locator("#greeting")
    assert "Egen hälsning" in await card.inner_text()
    await card.get_by_role("button", name="Använd").click()
    await card.locator("li:nth-child(2)", has_text="Hörs nu").wait_for()
    await card.get_by_role("button", name="Ta bort hälsningen").click()
    await card.get_by_text("Standardhälsning").wait_for()
    assert not await premises.parts.library.mailboxes.has_greeting(premises.world.exempel.id, premises.world.box.id)
    await card.get_by_role("button", name="Hämta tillbaka hälsningen").click()
    await card.get_by_text("Egen hälsning").wait_for()


async def test_what_was_opened_stays_open_beside_a_change_and_stays_the_same_recordings(mailbox: Watched) -> None:
    premises, world = mailbox.premises, mailbox.premises.world
    await premises.house.recorded("first")
    await premises.house.recorded("second")
    page = await mailbox.window("alva")
    await page.goto("/mailbox")
    of_first, of_second = (page.get_by_label(f"För gott: radera inspelning {number}") for number in (1, 2))
    await of_first.click()
    await premises.house.recorded("third")
    await of_second.wait_for()
    line = page.locator("#greeting li").filter(has=of_first)
    assert await page.locator("#greeting details[open]").count() == 1
    await line.get_by_role("button", name="Radera för gott").click()
    await of_first.wait_for(state="detached")
    left = await premises.parts.library.versions.all(world.exempel.id, world.box.greeting)
    assert [version.number for version in left] == [3, 2]


async def test_a_recording_of_ones_greeting_is_erased_for_good_and_the_one_that_is_heard_is_not(
    mailbox: Watched,
) -> None:
    premises, world = mailbox.premises, mailbox.premises.world
    await premises.house.recorded("first")
    await premises.house.recorded("second")
    second, first = await premises.parts.library.versions.all(world.exempel.id, world.box.greeting)
    asked: tuple[tuple[Who, str, int], ...] = (
        ("bo", first.id, 404),
        ("cilla", first.id, 404),
        ("alva", second.id, 409),
    )
    for who, version, status in asked:
        async with premises.client(who) as client, client.post(f"/mailbox/greeting/{version}/erase") as response:
            assert response.status == status, who
    page = await mailbox.window("alva")
    await page.goto("/mailbox")
    card = page.locator("#greeting")
    await card.locator("summary", has_text="För gott").click()
    assert await violations(page) == []
    await card.get_by_role("button", name="Radera för gott").click()
    await card.get_by_role("heading", name="Inspelningar").wait_for(state="detached")
    (left,) = await premises.parts.library.versions.all(world.exempel.id, world.box.greeting)
    assert (left.id, left.current) == (second.id, True)
    await card.get_by_role("button", name="Ta bort hälsningen").click()
    await card.locator("summary", has_text="För gott").click()
    await card.get_by_role("button", name="Radera för gott").click()
    await card.get_by_role("heading", name="Inspelningar").wait_for(state="detached")
    assert await premises.house.library.erasing.work() == 2
    assert not {first.sha256, second.sha256} & {path.name for copy in (0, 1) for path in premises.house.objects(copy)}


async def test_nobody_hears_or_uses_another_ones_greeting(premises: Premises) -> None:
    await premises.house.recorded("mine")
    (version,) = await premises.parts.library.versions.all(premises.world.exempel.id, premises.world.box.greeting)
    asked: tuple[tuple[Who, int], ...] = (("alva", 200), ("bo", 404), ("cilla", 404))
    for who, status in asked:
        async with premises.client(who) as client:
            async with client.get(f"/mailbox/greeting/{version.id}/heard.wav") as response:
                assert response.status == status, who
            if who != "alva":
                async with client.post(f"/mailbox/greeting/{version.id}/use") as response:
                    assert response.status == 404, who


async def test_a_user_edits_the_own_greeting_and_no_other_message(watched: Watched) -> None:
    premises, world = watched.premises, watched.premises.world
    library, company = premises.parts.library, world.exempel.id
    box = await library.mailboxes.of_user(company, world.bo.id)
    page = await watched.window("bo")
    await page.goto("/mailbox")
    await page.get_by_role("link", name="Skriv text").click()
    assert await page.get_by_role("heading", level=1).inner_text() == "Min hälsning"
    assert await violations(page) == []
    await page.get_by_label("Det som ska läsas upp").fill("Hej, det är Bo. Jag ringer upp.")
    await page.get_by_role("button", name="Spara och använd").click()
    await page.get_by_text("Sparad.").wait_for()
    assert await library.mailboxes.has_greeting(company, box.id)
    await page.goto("/mailbox")
    assert "Egen hälsning" in await page.locator("#greeting").inner_text()
    for message in (world.welcome.id, world.box.greeting, world.other_welcome.id, "none"):
        async with premises.client("bo") as client, client.get(f"/messages/{message}") as response:
            assert response.status == 403


async def test_a_user_has_no_other_telephone_rung_than_their_own(watched: Watched) -> None:
    watched.expected = ("422",)
    premises, world = watched.premises, watched.premises.world
    await premises.parts.people.add_number(world.exempel.id, world.bo.id, "+46701740618", frozenset({"46"}), by="test")
    page = await watched.window("bo")
    await page.goto("/mailbox")
    await page.get_by_role("link", name="Spela in filen").click()
    field = page.get_by_label("Ditt telefonnummer")
    assert await field.input_value() == "070-174 06 18"
    await field.fill("070-174 06 05")
    await page.get_by_role("button", name="Initiera samtal").click()
    await page.get_by_text("bara låta växeln ringa upp dina egna nummer").wait_for()
    assert await violations(page) == []
    await page.get_by_label("Ditt telefonnummer").fill("070-174 06 18")
    await page.get_by_role("button", name="Initiera samtal").click()
    await page.locator("[data-state=queued]").wait_for()
    (job,) = await premises.parts.library.jobs.recent(world.exempel.id)
    assert (job.to.e164, job.asked_by) == ("+46701740618", "web:202")
    async with premises.client("alva") as client, client.get(f"/jobs/{job.id}") as response:
        assert response.status == 200
    async with premises.client("cilla") as client, client.get(f"/jobs/{job.id}") as response:
        assert response.status == 404


async def test_a_pin_is_chosen_and_a_bad_one_refused_in_words(watched: Watched) -> None:
    watched.expected = ("422",)
    page = await watched.window("bo")
    await page.goto("/mailbox")
    await page.get_by_role("link", name="Välj pinkod").click()
    for pin, again, told in (("1234", "1234", "lätt att gissa"), ("7391", "7392", "inte lika")):
        await page.get_by_label("Ny pinkod").fill(pin)
        await page.get_by_label("En gång till").fill(again)
        await page.keyboard.press("Enter")
        await page.get_by_text(told).wait_for()
        assert await violations(page) == []
    await page.get_by_label("Ny pinkod").fill("7391")
    await page.get_by_label("En gång till").fill("7391")
    await page.keyboard.press("Enter")
    await page.get_by_text("Pinkoden är sparad.").wait_for()
    assert await watched.premises.parts.pins.has(watched.premises.world.exempel.id, watched.premises.world.bo.id)


async def test_a_new_password_wants_the_old_one_and_ends_other_sessions(watched: Watched) -> None:
    watched.expected = ("422",)
    premises = watched.premises
    page = await watched.window("bo")
    other = await premises._begin("bo")
    await page.goto("/password")
    for current in ("something else", PASSWORDS["bo"]):
        await page.get_by_label("Lösenordet du har i dag").fill(current)
        await page.get_by_label("Nytt lösenord").fill("elva rosa flodhästar")
        await page.get_by_label("En gång till").fill("elva rosa flodhästar")
        await page.keyboard.press("Enter")
        await page.get_by_text("Lösenordet är bytt." if current == PASSWORDS["bo"] else "inte ditt lösenord").wait_for()
    assert await premises.parts.signing_in.session(other) is None
    assert len(await premises.parts.signing_in.all(premises.world.bo.id)) == 1


async def test_the_part_of_a_picture_that_is_meant_is_shown_to_colleagues(watched: Watched) -> None:
    premises = watched.premises
    page = await watched.window("bo")
    await page.goto("/mailbox/picture")
    photo = shots.turned(6)  # 800 x 600 upright, as a camera stores it
    await page.get_by_label("Ny bild").set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": photo})
    await page.get_by_label("Storlek").fill("3")
    await page.get_by_label("I sidled").fill("1")
    await page.get_by_label("I höjdled").fill("1")
    assert await violations(page) == []
    await page.get_by_role("button", name="Spara bilden").click()
    await page.get_by_text("Bilden är sparad.").wait_for()
    picture = page.locator("main img.face")
    assert await picture.evaluate("image => image.complete && image.naturalWidth") == 512
    address = await picture.get_attribute("src") or ""
    async with premises.client("alva") as client, client.get(address) as response:
        assert response.headers["Content-Type"] == "image/jpeg"
        assert set(shots.quarters(await response.read())) == {"yellow"}
    async with premises.client("cilla") as client, client.get(address) as response:
        assert response.status == 404
    await page.get_by_role("button", name="Ta bort bilden").click()
    await page.get_by_role("button", name="Ångra").click()
    await page.get_by_text("Bilden är tillbaka.").wait_for()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("evil.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "JPEG"),
        ("page.jpg", b"<script>alert(1)</script>", "JPEG"),
        ("bomb.png", shots.bomb(), "stor"),
    ],
)
async def test_what_is_no_picture_is_refused_in_words(watched: Watched, name: str, data: bytes, told: str) -> None:
    watched.expected = ("422",)
    page = await watched.window("bo")
    await page.goto("/mailbox/picture")
    await page.get_by_label("Ny bild").set_input_files({"name": name, "mimeType": "image/png", "buffer": data})
    await page.get_by_role("button", name="Spara bilden").click()
    assert told in await page.get_by_role("alert").inner_text()


async def test_a_picture_without_a_script_is_its_middle_and_too_large_a_body_is_refused(premises: Premises) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(photo, "PNG")
    for data, status in ((photo.getvalue(), 303), (bytes(16 << 20), 422)):
        form = aiohttp.FormData({"x": "", "y": "", "side": ""})
        form.add_field("picture", io.BytesIO(data), filename="me.png")
        async with (
            premises.client("bo") as client,
            client.post("/mailbox/picture", data=form, allow_redirects=False) as response,
        ):
            assert response.status == status


async def test_events_of_others_work_reach_no_user(premises: Premises) -> None:
    async with premises.client("bo") as client, client.get("/live?since=0") as response:
        first = await response.content.readuntil(b"\n\n")
        seen = first
        while b"people" not in seen:
            seen += await response.content.readuntil(b"\n\n")
    assert b"event: menus" not in seen
    assert b"event: jobs" not in seen
