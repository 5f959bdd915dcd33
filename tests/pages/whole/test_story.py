"""The story, word for word: an administrator has a lost welcome read in by telephone, and the next caller hears it."""

import time

import pytest
from playwright.async_api import Browser, Page

from tests.calls.steps import WORDS
from tests.calls.switchboard import Switchboard
from tests.pages.watched import violations

pytestmark = pytest.mark.timeout(180)

MY_TELEPHONE = "+46735123456"
"""Entered nowhere before: who types it says that it is theirs."""


async def sign_in(page: Page, board: Switchboard) -> None:
    web = board.demo["web"]
    await page.goto(web["url"])
    await page.get_by_label("E-post").fill(web["admin"]["email"])
    await page.get_by_label("Lösenord").fill(web["admin"]["password"])
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Röstmeddelanden").wait_for()


async def test_a_message_is_read_in_by_telephone_and_heard_by_the_next_caller(
    browser: Browser, board: Switchboard
) -> None:
    company = board.demo["numbers"]["company"]
    context = await browser.new_context(locale="sv-SE")
    context.set_default_timeout(30_000)
    page = await context.new_page()
    async with board.phone() as outside:
        await sign_in(page, board)
        await page.get_by_role("link", name="welcome", exact=True).click()
        await page.get_by_role("link", name="Spela in filen").click()
        await page.get_by_label("Ditt telefonnummer").fill(MY_TELEPHONE)
        await page.get_by_role("button", name="Initiera samtal").click()
        call = await outside.incoming(timeout_s=30)
        await page.locator("[data-state=ringing], [data-state=dialling]").first.wait_for()
        await call.answer()
        await call.hear(board.prompt("rec-press-1"), timeout_s=30)
        await call.press("1")
        await call.hear(board.prompt("beep"), timeout_s=15)
        await call.say(WORDS)
        await page.locator("[data-state=recording]").wait_for()
        await page.get_by_text("Bra nivå").or_(page.get_by_text("Svagt")).or_(page.get_by_text("För starkt")).wait_for()
        await call.hangup()
        hung_up = time.monotonic()
        await page.locator("[data-state=saved]").wait_for()
        saved_s = time.monotonic() - hung_up
        assert saved_s < 10, f"saved after {saved_s:.1f} s"
        assert await violations(page) == []
        await page.locator("#steps").get_by_role("button", name="Spela upp welcome").click()
        await page.wait_for_function("() => document.getElementById('player').duration > 1")
        caller = await outside.call(company)
        await caller.hear(WORDS, timeout_s=20)
        await caller.hangup()
        await page.goto(f"{board.demo['web']['url']}/messages?search=welcome")
        row = page.get_by_role("row", name="welcome").filter(has_text="Välkommen till Exempel AB").first
        assert "Klart" in await row.inner_text()
        print(f"saved {saved_s:.2f} s after the telephone was hung up")
    await context.close()
