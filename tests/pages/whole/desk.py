"""Somebody's browser on a whole service, with its telephone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Page

from tests.calls.switchboard import Switchboard
from tests.pages.whole.headset import Ear
from tests.phone import pseudo_speech

WORDS = pseudo_speech("words that somebody says to a browser", 2.0)
"""What the browser's microphone hears, again and again."""
HANG_UP = "#phone [data-does=hangup]:visible"
_EAR = "ScriptProcessorNode"
"""What a browser says of the ear that a test puts on it."""


class Desk:
    """Somebody's browser, signed in; `said` is what its console said and no test expects."""

    def __init__(self, context: BrowserContext, board: Switchboard, who: str, expected: tuple[str, ...]) -> None:
        self.context = context
        self.board = board
        self.who = who
        self.expected = expected
        self.said: list[str] = []

    async def sign_in(self) -> Page:
        """Again where the service is started anew meanwhile: a machine that is busy enough makes it seem hung."""
        page = await self.tab()
        for more in (2, 1, 0):
            try:
                await self._enter(page)
                break
            except Error:
                if not more:
                    raise
                await asyncio.sleep(5)
        self.said.clear()
        return page

    async def _enter(self, page: Page) -> None:
        account = self.board.demo["web"][self.who]
        await page.goto("/sign-in")
        await page.fill("input[name=email]", account["email"])
        await page.fill("input[name=password]", account["password"])
        await page.click("form[action^='/sign-in'] button[type=submit], form button.main")
        await page.wait_for_selector("[data-phone]")

    async def tab(self) -> Page:
        page = await self.context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error}"))
        return page

    def _said(self, message: ConsoleMessage) -> None:
        told = f"{message.text} {message.location.get('url', '')}"
        if not any(word in told for word in self.expected):
            self.said.append(f"{message.type}: {told}")


@asynccontextmanager
async def desk(
    browser: Browser, board: Switchboard, who: str = "admin", expected: tuple[str, ...] = (), **options: object
) -> AsyncIterator[Desk]:
    context = await browser.new_context(
        base_url=board.settings.site,
        **{"locale": "sv-SE", "viewport": {"width": 1280, "height": 900}, **options},  # type: ignore[arg-type]
    )
    context.set_default_timeout(20_000)
    made = Desk(context, board, who, (_EAR, *expected))
    yield made
    await context.close()
    assert made.said == []


async def switch_on(page: Page) -> None:
    await page.click("[data-phone]")
    await page.click("#phone [data-does=on]")
    await page.wait_for_selector("#phone[data-line=ready][data-state=ready]")


async def dial(page: Page, number: str) -> Ear:
    """By the keyboard alone; returns in the call."""
    ear = await Ear.open(page)
    await page.focus("#phone-number")
    await page.keyboard.type(number)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#phone[data-state=call]")
    return ear
