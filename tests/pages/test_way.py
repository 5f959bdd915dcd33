"""Var det hörs, Provring and the round: what is heard where and because of what, and calls that the page follows."""

from pbx.rules.jobs import JobState
from pbx.store.values import Job, Message, Target
from tests.pages.premises import Premises
from tests.pages.watched import Watched, in_every_look, readable, scrolls_sideways, violations

MOBILE = "+46701740605"


async def furnish(premises: Premises) -> str:
    """A number that leads to the menu, with keys; its id. Alva can be rung."""
    world, parts = premises.world, premises.parts
    for digit, target in (
        ("1", Target("extension", "202")), ("2", Target("message", world.welcome.id)),
        ("3", Target("menu", world.menu.id)), ("#", Target("hangup")),
    ):  # fmt: skip
        await parts.menus.set_choice(world.exempel.id, world.menu.id, digit, target, by="test")
    await parts.library.messages.place(
        world.exempel.id, "menu", f"{world.menu.id}/welcome", world.welcome.id, by="test"
    )
    await parts.people.add_number(world.exempel.id, world.alva.id, MOBILE, parts.settings.countries, by="test")
    made = await parts.numbers.add(world.exempel.id, "+46701740620", "menu", target=world.menu.id, by="test")
    return made.id


@in_every_look
async def test_the_way_is_readable_everywhere(watched: Watched, lang: str, scheme: str, width: int) -> None:
    await furnish(watched.premises)
    page = await watched.look(lang, scheme, width)
    await readable(page, "/map", f"/test-call?to=menu:{watched.premises.world.menu.id}", "/round?which=spoken")


async def test_each_step_says_what_is_heard_and_because_of_what_and_leads_to_where_it_is_edited(
    watched: Watched,
) -> None:
    premises = watched.premises
    world = premises.world
    await furnish(premises)
    page = await watched.window("alva")
    await page.goto("/map")
    now = page.locator(".now")
    assert "Välkommen till Exempel AB." in await now.inner_text()
    tree = page.locator(".tree")
    assert "Neutral fras hörs: inget meddelande är valt" in await tree.inner_text()
    for words in ("Bo Berg", "Samtalet avslutas", "Visas längre upp"):
        assert words in await tree.inner_text()
    assert await tree.get_by_role("link", name="welcome").first.get_attribute("href") == f"/messages/{world.welcome.id}"
    await premises.parts.menus.set_choice(
        world.exempel.id, world.menu.id, "5", Target("extension", "201"), by="test"
    )  # fmt: skip
    await tree.get_by_text("Alva Alm").first.wait_for()
    await tree.get_by_role("link", name="Huvudmeny", exact=True).first.click()
    await page.wait_for_url(f"**/menus/{world.menu.id}")


async def _go(premises: Premises, job: Job, *states: JobState) -> None:
    for state in states:
        await premises.parts.library.jobs.step(job.company, job.id, state)


async def test_a_test_call_is_asked_for_once_and_followed(watched: Watched) -> None:
    premises, jobs = watched.premises, watched.premises.parts.library.jobs
    await furnish(premises)
    page = await watched.window("alva")
    await page.goto("/map")
    await page.get_by_role("link", name="Provring", exact=True).first.click()
    await page.get_by_role("button", name="Initiera samtal").dblclick()
    await page.wait_for_url("**/test-call/*")
    assert "Väntar på sin tur" in await page.locator("#job").inner_text()
    (job,) = await jobs.recent(premises.world.exempel.id)
    assert (job.kind, job.to.e164, job.aim) == ("test", MOBILE, Target("menu", premises.world.menu.id))
    assert await jobs.claim("node") is not None
    await _go(premises, job, JobState.DIALLING, JobState.RINGING)
    await page.get_by_text("Det ringer", exact=True).wait_for()
    assert await violations(page) == []
    await _go(premises, job, JobState.ANSWERED, JobState.DONE)
    await page.get_by_text("Du är i samtalet nu").wait_for()


async def test_a_number_that_cannot_be_rung_is_told_beside_the_field(watched: Watched) -> None:
    watched.expected = ("422",)
    page = await watched.window("alva")
    await page.goto(f"/test-call?to=menu:{watched.premises.world.menu.id}")
    await page.get_by_label("Telefonnummer").fill("112")
    await page.keyboard.press("Enter")
    await page.locator("#number-wrong").wait_for()
    assert await page.get_by_label("Telefonnummer").input_value() == "112"
    assert await violations(page) == []


async def _messages(premises: Premises, *names: str) -> list[Message]:
    return [
        await premises.parts.library.messages.add(
            premises.world.exempel.id, name, scripts={"sv": f"Det här är {name}."}, by="test"
        )
        for name in names
    ]


async def _say(premises: Premises, job: Job, message: Message, seed: str) -> None:
    """What the flow does with one message: the call is Asterisk's alone."""
    library = premises.parts.library
    item = next(item for item in job.items if item.message == message.id)
    for state in (JobState.ANSWERED, JobState.RECORDING):
        await library.jobs.item(job.company, job.id, item.id, state)
    take = await library.takes.expect(job.company, "prompt", job.id, lang="sv", channel="1.1", caller=job.speaker)
    premises.house.speak(take, seed)
    await library.jobs.item(job.company, job.id, item.id, JobState.JUDGING)
    assert (await library.takes.keep(job.company, take.id)).ok
    await library.jobs.item(job.company, job.id, item.id, JobState.SAVED)


async def test_the_script_follows_the_call_and_what_broke_off_goes_on_where_it_was(watched: Watched) -> None:
    premises, jobs = watched.premises, watched.premises.parts.library.jobs
    company = premises.world.exempel.id
    await furnish(premises)
    first, second, third = await _messages(premises, "Ett", "Två", "Tre")
    page = await watched.window("alva", viewport={"width": 390, "height": 800})
    await page.goto("/round?which=spoken")
    await page.get_by_label("welcome").uncheck()
    await page.get_by_role("button", name="Initiera samtal").dblclick()
    await page.wait_for_url("**/round/*")
    (job,) = await jobs.recent(company)
    assert sorted(item.name for item in job.items) == ["Ett", "Tre", "Två"]
    await jobs.claim("node")
    await _go(premises, job, JobState.DIALLING, JobState.ANSWERED)
    for message in (first, second):
        await jobs.item(company, job.id, next(i.id for i in job.items if i.message == message.id), JobState.ANSWERED)
        await page.locator(".read").get_by_text(f"Det här är {message.name}.").wait_for()
        await _say(premises, job, message, message.name)
    await page.get_by_text("2 av 3 sparade").wait_for()
    assert await violations(page) == []
    assert not await scrolls_sideways(page)
    await jobs.end_round(company, job.id)
    await page.get_by_text("Sparat. 1 meddelande återstår.").wait_for()
    assert await violations(page) == []
    await page.get_by_role("link", name="Fortsätt där det bröts").click()
    assert await page.locator(".pick").all_inner_texts() == ["Tre\nDet här är Tre."]
    await page.get_by_role("button", name="Initiera samtal").click()
    await page.wait_for_url("**/round/*")
    again = (await jobs.recent(company))[0]
    assert [item.message for item in again.items] == [third.id]


async def test_a_round_of_what_is_lost_has_that_and_nothing_else(premises: Premises) -> None:
    library, company = premises.parts.library, premises.world.exempel.id
    await furnish(premises)
    lost, kept = await _messages(premises, "Borta", "Kvar")
    for message in (lost, kept):
        job = await library.jobs.request_round(company, [(message.id, "sv")], MOBILE, asked_by="test")
        await library.jobs.claim("node")
        await _go(premises, job, JobState.DIALLING, JobState.ANSWERED)
        await _say(premises, job, message, message.name)
        assert (await library.jobs.end_round(company, job.id)).state is JobState.SAVED
    heard = await library.messages.with_texts(company, lost.id)
    gone = heard.texts["sv"].current
    assert gone is not None
    for copy in range(2):
        for file in premises.house.objects(copy):
            if file.name == gone.sha256:
                file.unlink()
    await library.proof.sweep()
    assert [(one.name, one.lang) for one in await library.rounds.lacking(company, "lost", 100)] == [("Borta", "sv")]


async def test_markup_in_names_and_scripts_is_text(watched: Watched) -> None:
    premises = watched.premises
    await furnish(premises)
    name = "<img src=x onerror=alert(1)>"
    (message,) = await _messages(premises, name)
    world = premises.world
    await premises.parts.menus.set_choice(
        world.exempel.id, world.menu.id, "9", Target("message", message.id), by="test"
    )  # fmt: skip
    page = await watched.window("alva")
    for path in ("/map", "/menus", f"/menus/{world.menu.id}", "/round?which=spoken"):
        await page.goto(path)
        assert await page.locator("main img, main script").count() == 0
        assert name in await page.locator("main").inner_text() or path.startswith("/menus/")
