"""Redigera: a message's script, versions and places, and new audio in it."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Dialog, Page, Route

from pbx.audio.pcm import write_sln16
from pbx.library.parcel.wav import encode
from pbx.rules.jobs import JobState
from pbx.rules.numbers import Number
from tests.audio.takes import telephone_speech
from tests.pages.premises import Premises
from tests.pages.samples import asked_job
from tests.pages.watched import Watched, readable, violations
from tests.store.world import HOSTILE


async def said(premises: Premises, text: str | None = None) -> None:
    world = premises.world
    await premises.house.library.speaking.speak(world.exempel.id, world.welcome.id, lang="sv", text=text, by="web:201")


@pytest.mark.parametrize(("lang", "scheme", "width"), [("sv-SE", "light", 1280), ("en-GB", "dark", 390)])
async def test_the_page_is_readable_everywhere(watched: Watched, lang: str, scheme: str, width: int) -> None:
    await said(watched.premises)
    await said(watched.premises, "Välkommen hit, till oss alla.")
    page = await watched.look(lang, scheme, width)
    for new in ("", "text", "upload", "here"):
        await readable(page, f"/messages/{watched.premises.world.welcome.id}?new={new}")
        assert await page.locator("tbody tr").count() == 2


async def test_an_earlier_version_is_played_and_used_again(watched: Watched) -> None:
    await said(watched.premises)
    await said(watched.premises, "Välkommen hit, till oss alla.")
    page = await watched.window("alva")
    await page.goto(f"/messages/{watched.premises.world.welcome.id}")
    await page.get_by_role("button", name="Spela upp version 1").click()
    await page.wait_for_function("() => document.getElementById('player').duration > 0.2")
    await page.get_by_role("button", name="Använd den här: version 1").click()
    await page.wait_for_url("**done=use")
    assert "Hörs nu" in await page.locator("tr.current").inner_text()
    assert "1" in await page.locator("tr.current b").inner_text()


async def test_of_two_who_edit_at_once_the_second_is_told_and_loses_nothing(watched: Watched) -> None:
    watched.expected = ("422",)
    world = watched.premises.world
    page = await watched.window("alva")
    await page.goto(f"/messages/{world.welcome.id}")
    messages = watched.premises.house.library.messages
    await messages.set_script(world.exempel.id, world.welcome.id, "sv", "Någon annans.", by="web:202")
    await page.get_by_label("Manus").fill("Mina egna ord.")
    await page.get_by_role("button", name="Spara manus").click()
    await page.get_by_role("alert").wait_for()
    assert await page.get_by_label("Manus").input_value() == "Mina egna ord."
    (view,) = await watched.premises.house.library.overview.these(world.exempel.id, [world.welcome.id])
    assert view.script["sv"] == "Någon annans."


async def test_hostile_words_are_words(watched: Watched) -> None:
    world = watched.premises.world
    page = await watched.window("alva")
    await page.goto(f"/messages/{world.welcome.id}")
    hostile = f"<script>alert(1)</script>{HOSTILE}".replace("\x00", "")
    await page.get_by_label("Manus").fill(hostile)
    await page.get_by_role("button", name="Spara manus").click()
    await page.wait_for_url("**done=script")
    assert "<script>alert(1)</script>" in await page.get_by_label("Manus").input_value()
    assert await page.locator("main script").count() == 0


async def test_a_script_is_heard_before_it_is_saved_and_used(watched: Watched) -> None:
    page = await watched.window("alva")
    await page.goto(f"/messages/{watched.premises.world.welcome.id}?new=text")
    await page.get_by_label("Det som ska läsas upp").fill("Vi är tillbaka klockan åtta.")
    await page.get_by_role("button", name="Lyssna först").click()
    await page.wait_for_function("() => document.getElementById('player').duration > 0.2")
    assert await page.locator("tbody tr").count() == 0
    await page.get_by_role("button", name="Spara och använd").click()
    await page.wait_for_url("**done=speech")
    assert await page.locator("tbody tr").count() == 1
    assert await page.get_by_label("Manus", exact=True).input_value() == "Vi är tillbaka klockan åtta."


async def test_another_voice_is_chosen_heard_and_kept_and_stays_chosen_where_it_cannot_speak(watched: Watched) -> None:
    watched.expected = ("422",)
    page = await watched.window("alva")
    world, speaking = watched.premises.world, watched.premises.house.library.speaking
    await page.goto(f"/messages/{world.welcome.id}?new=text")
    await page.get_by_label("Det som ska läsas upp").fill("…")
    await page.get_by_label("Röst").select_option("En mans röst")
    await page.get_by_role("button", name="Spara och använd").click()
    await page.get_by_role("alert").first.wait_for()
    assert await page.get_by_label("Röst").input_value() == "espeak:sv+m3"
    await page.get_by_label("Det som ska läsas upp").fill("Vi är tillbaka klockan åtta.")
    await page.get_by_role("button", name="Lyssna först").click()
    await page.wait_for_function("() => document.getElementById('player').duration > 0.2")
    await page.get_by_role("button", name="Spara och använd").click()
    await page.wait_for_url("**done=speech")
    [version] = await watched.premises.house.library.versions.all(world.exempel.id, world.welcome.id)
    assert "sv+m3" in version.voice
    assert [str(voice) for voice in speaking.offered("sv")] == ["pyttsx3:sv", "espeak:sv+f2", "espeak:sv+m3"]


async def test_a_file_is_uploaded_and_what_is_none_is_told_in_words(watched: Watched, tmp_path: Path) -> None:
    watched.expected = ("422",)
    good, bad = tmp_path / "hälsning <b>.wav", tmp_path / "text.wav"
    good.write_bytes(encode(telephone_speech("hello", 3.0)))
    bad.write_text("This is no sound at all, but quite some text." * 20)
    page = await watched.window("alva")
    await page.goto(f"/messages/{watched.premises.world.welcome.id}?new=upload")
    await page.locator("#file").set_input_files(bad)
    await page.locator("[data-wrong]").wait_for()
    assert len(await page.locator("[data-wrong]").inner_text()) > 20
    await page.locator("#file").set_input_files(good)
    await page.wait_for_url("**done=upload")
    assert await page.locator("tbody tr").count() == 1


async def test_more_than_may_be_uploaded_is_refused_at_once(premises: Premises) -> None:
    async def much() -> object:
        for _ in range(27):
            yield bytes(1 << 20)

    path = f"/messages/{premises.world.welcome.id}/audio?name=x.wav"
    async with premises.client("alva") as client, client.put(path, data=much()) as response:
        assert response.status == 413


async def test_a_recording_is_made_with_the_microphone_of_this_browser(watched: Watched) -> None:
    page = await watched.window("alva", permissions=["microphone"])
    await page.goto(f"/messages/{watched.premises.world.welcome.id}?new=here")
    await page.get_by_role("button", name="Börja spela in").click()
    await page.wait_for_function("() => document.querySelector('[data-time]').textContent >= '0:03'")
    await page.get_by_role("button", name="Stoppa").click()
    await page.get_by_role("button", name="Lyssna", exact=True).click()
    await page.get_by_role("button", name="Spara och använd").click()
    await page.wait_for_url("**done=upload")
    assert await page.locator("tbody tr").count() == 1


async def test_two_clicks_keep_one_recording(watched: Watched) -> None:
    page = await watched.window("alva", permissions=["microphone"])
    await page.goto(f"/messages/{watched.premises.world.welcome.id}?new=here")
    await page.get_by_role("button", name="Börja spela in").click()
    await page.wait_for_function("() => document.querySelector('[data-time]').textContent >= '0:03'")
    await page.get_by_role("button", name="Stoppa").click()
    await page.get_by_role("button", name="Spara och använd").dblclick()
    await page.wait_for_url("**done=upload")
    assert await page.locator("tbody tr").count() == 1


async def test_a_file_that_is_chosen_again_while_it_is_sent_is_kept_once(watched: Watched, tmp_path: Path) -> None:
    watched.expected = ("422", "ERR_FAILED")
    file, page = tmp_path / "hello.wav", await watched.window("alva")
    file.write_bytes(encode(telephone_speech("hello", 3.0)))
    await page.goto(f"/messages/{watched.premises.world.welcome.id}?new=upload")
    sent: asyncio.Queue[Route] = asyncio.Queue()
    await page.route("**/audio?*", sent.put)
    await page.locator("#file").set_input_files(file)
    await page.locator("#file").dispatch_event("change")
    first = await sent.get()
    assert await page.locator("#file").is_disabled()
    await first.abort()
    await page.get_by_role("alert").get_by_text("Förbindelsen bröts.").wait_for()
    assert sent.empty()
    await page.locator("#file").dispatch_event("change")
    await (await sent.get()).continue_()
    await page.wait_for_url("**done=upload")
    assert await page.locator("tbody tr").count() == 1


async def test_whoever_stays_in_a_call_can_save_the_script_after_it(watched: Watched) -> None:
    """As the phone does it in a call: the browser asks whether the page may be left."""
    page = await watched.window("alva")
    await page.goto(f"/messages/{watched.premises.world.welcome.id}")
    await page.evaluate("addEventListener('beforeunload', window.asks = (event) => event.preventDefault())")
    stayed = asyncio.Event()

    async def stay(dialog: Dialog) -> None:
        await dialog.dismiss()
        stayed.set()

    page.on("dialog", stay)
    await page.get_by_label("Manus").fill("Vi svarar snart.")
    await page.get_by_role("button", name="Spara manus").click(no_wait_after=True)
    await stayed.wait()
    await page.evaluate("removeEventListener('beforeunload', window.asks)")
    await page.wait_for_function("() => !document.querySelector('form[data-sent]')")
    await page.get_by_role("button", name="Spara manus").click()
    await page.wait_for_url("**done=script")


async def test_whoever_is_not_signed_in_any_more_is_told_so_and_keeps_what_they_wrote(
    watched: Watched, tmp_path: Path
) -> None:
    watched.expected = ("401",)
    page, file = await watched.window("alva"), tmp_path / "hello.wav"
    file.write_bytes(encode(telephone_speech("hello", 3.0)))
    written, uploading = (f"/messages/{watched.premises.world.welcome.id}?new={new}" for new in ("text", "upload"))
    await page.goto(written)
    other = await watched.page(page.context)
    await other.goto(uploading)
    await page.context.clear_cookies()
    await page.get_by_label("Det som ska läsas upp").fill("Vi är tillbaka klockan åtta.")
    await page.get_by_role("button", name="Lyssna först").click()
    await page.get_by_role("alert").get_by_text("Du är inte inloggad längre.").wait_for()
    assert await page.get_by_label("Det som ska läsas upp").input_value() == "Vi är tillbaka klockan åtta."
    await other.locator("#file").set_input_files(file)
    await other.get_by_role("alert").get_by_text("Du är inte inloggad längre.").wait_for()


async def _asked(watched: Watched) -> Page:
    """Alva has pressed Initiera samtal on the page of a message, and the dialog follows."""
    page = await watched.window("alva")
    await page.goto(f"/messages/{watched.premises.world.welcome.id}?lang=sv")
    await page.get_by_role("link", name="Spela in filen").click()
    await page.get_by_label("Ditt telefonnummer").fill("070-174 06 12")
    await page.get_by_role("button", name="Initiera samtal").click()
    await page.locator("dialog [data-state=queued]").wait_for()
    return page


async def test_a_reload_goes_on_with_the_call_and_leads_back(watched: Watched) -> None:
    page = await _asked(watched)
    await page.wait_for_url("**/jobs/*")
    await page.reload()
    await page.locator("[data-state=queued]").wait_for()
    assert await violations(page) == []
    await page.locator(".crumbs").get_by_role("link", name="welcome").click()
    await page.get_by_text("Meddelandet spelas in i ett samtal just nu.").wait_for()


async def test_a_call_whose_dialog_was_closed_is_shown_on_the_page_and_found_again(watched: Watched) -> None:
    page = await _asked(watched)
    await page.keyboard.press("Escape")
    await page.wait_for_url(f"**/messages/{watched.premises.world.welcome.id}?lang=sv")
    running = page.get_by_role("status").filter(has_text="Meddelandet spelas in i ett samtal just nu.")
    await running.get_by_text("Väntar på sin tur").wait_for()
    assert await violations(page) == []
    (job,) = await watched.premises.house.library.jobs.recent(watched.premises.world.exempel.id)
    for state in (JobState.CLAIMED, JobState.DIALLING, JobState.RINGING):
        await watched.premises.house.library.jobs.step(job.company, job.id, state)
    await running.get_by_text("Det ringer").wait_for()
    await running.get_by_role("link", name="Visa samtalet").click()
    await page.locator("dialog [data-state=ringing]").wait_for()
    await page.goto("/messages")
    await page.get_by_role("link", name="Spela in filen: welcome").click()
    await page.locator("dialog [data-state=ringing]").wait_for()
    await page.get_by_role("button", name="Avbryt samtalet").click()
    await page.get_by_text("Samtalet är avbrutet.").wait_for()
    await page.keyboard.press("Escape")
    await page.wait_for_url("**/messages")


async def test_an_open_page_says_what_is_heard_once_a_voice_has_read_it(watched: Watched) -> None:
    world, library = watched.premises.world, watched.premises.house.library
    await library.messages.place(world.exempel.id, "menu", f"{world.menu.id}/welcome", world.welcome.id, by="web:201")
    page = await watched.window("alva")
    await page.goto(f"/messages/{world.welcome.id}")
    await page.get_by_label("Manus").fill("Vi är tillbaka klockan åtta.")
    await page.get_by_role("button", name="Spara manus").click()
    await page.wait_for_url("**done=script")
    await page.get_by_text("Hörs nu: neutral fras").wait_for()
    await page.get_by_label("Manus").fill("Och det här skrivs fortfarande.")
    await library.published.mend()
    await page.get_by_text("Hörs nu: manuset läses upp").wait_for()
    await page.locator("#placed").get_by_text("Manuset läses upp").wait_for()
    assert await page.get_by_label("Manus").input_value() == "Och det här skrivs fortfarande."


async def test_the_dialog_proposes_ones_own_number_and_checks_what_is_typed(watched: Watched) -> None:
    watched.expected = ("422",)
    world, people = watched.premises.world, watched.premises.parts.people
    await people.add_number(world.exempel.id, world.alva.id, "+46701740612", frozenset({"46"}), by="test")
    page = await watched.window("alva")
    await page.goto("/messages")
    await page.get_by_role("link", name="Spela in filen: welcome").click()
    field = page.get_by_label("Ditt telefonnummer")
    await page.wait_for_function("() => document.activeElement.id == 'to'")
    assert await field.input_value() == "070-174 06 12"
    assert await violations(page) == []
    await field.fill("0900 123 45 67")
    told = page.locator("#number-told")
    await page.wait_for_function("() => document.getElementById('number-told').textContent.trim().length > 10")
    await field.fill("+46 (0)70-174 06 12")
    await page.wait_for_function("() => !document.getElementById('number-told').textContent.trim()")
    await field.fill("112")
    await page.get_by_role("button", name="Initiera samtal").click()
    await page.wait_for_function("() => document.getElementById('number-told').textContent.trim().length > 10")
    assert await told.inner_text()
    await page.keyboard.press("Escape")
    assert not await page.locator("dialog").is_visible()
    assert await watched.premises.house.library.jobs.recent(world.exempel.id) == []


async def test_the_page_follows_the_call_until_it_is_saved(watched: Watched) -> None:
    premises = watched.premises
    world, library = premises.world, premises.house.library
    job = await asked_job(premises)
    page = await watched.window("alva")
    await page.goto(f"/jobs/{job}")
    steps = page.locator("#steps")
    await page.locator("[data-state=queued]").wait_for()
    for state in (JobState.CLAIMED, JobState.DIALLING, JobState.RINGING, JobState.ANSWERED, JobState.RECORDING):
        await library.jobs.step(world.exempel.id, job, state)
    take = await library.takes.expect(
        world.exempel.id, "prompt", job, lang="en", channel="3.1", caller=Number("+46701740605"), by="web:201"
    )
    write_sln16(premises.parts.settings.spool / take.file, telephone_speech("read in", 4.0))
    await page.get_by_text("Spelar in 0:04").wait_for()
    assert await violations(page) == []
    await library.jobs.step(world.exempel.id, job, JobState.JUDGING)
    assert (await library.takes.keep(world.exempel.id, take.id)).ok
    await library.jobs.step(world.exempel.id, job, JobState.SAVED)
    await page.locator("[data-state=saved]").wait_for()
    await steps.get_by_role("button", name="Spela upp welcome").click()
    await page.wait_for_function("() => document.getElementById('player').duration > 2")
    assert await violations(page) == []


async def test_a_call_that_reached_nobody_says_so_and_can_be_tried_again(watched: Watched) -> None:
    premises = watched.premises
    jobs, company = premises.house.library.jobs, premises.world.exempel.id
    job = await asked_job(premises)
    for state in (JobState.CLAIMED, JobState.DIALLING, JobState.BUSY):
        await jobs.step(company, job, state)
    page = await watched.window("alva")
    await page.goto(f"/jobs/{job}")
    assert "Det var upptaget." in await page.locator("main").inner_text()
    assert await page.get_by_role("link", name="Försök igen").is_visible()
    assert await violations(page) == []


async def test_a_form_that_is_sent_twice_rings_once(premises: Premises) -> None:
    path, form = f"/messages/{premises.world.welcome.id}/record", {"to": "070-174 06 77", "key": "the same"}
    places = set()
    async with premises.client("alva") as client:
        for _ in range(2):
            async with client.post(path, data=form, allow_redirects=False) as response:
                assert response.status == 303
                places.add(response.headers["Location"])
    assert len(places) == 1
    numbers = await premises.parts.people.numbers(premises.world.exempel.id, premises.world.alva.id)
    assert [one.number.e164 for one in numbers] == ["+46701740677"]
