"""Windows of a browser in which nothing goes unseen: messages of the console, failed requests, and what axe finds."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from setup.assets import AXE
from tests.pages.premises import Premises, Who

in_every_look = pytest.mark.parametrize(
    ("lang", "scheme", "width"),
    [("sv-SE", "light", 390), ("sv-SE", "dark", 1280), ("en-GB", "light", 1280), ("en-GB", "dark", 390)],
)
"""Each language with each scheme and width, and these with each other."""
in_three_looks = pytest.mark.parametrize(
    ("lang", "scheme", "width"), [("sv-SE", "light", 1280), ("en-GB", "dark", 390), ("sv-SE", "dark", 390)]
)

FLAGS = [
    "--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection", "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return AXE.read_text()


@asynccontextmanager
async def chromium(microphone: Path, *, calls: bool = False) -> AsyncIterator[Browser]:
    """A browser that takes this file for its microphone, again and again.

    Without what draws windows the same engine takes a third of the processors; but only the whole one hears a call.
    """
    name = "chromium" if calls else "chromium-headless-shell"
    program = shutil.which(name)
    assert program, f"{name} is not installed: python3 -m setup test"
    args = [*FLAGS, f"--use-file-for-fake-audio-capture={microphone}"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=args)
        yield browser
        await browser.close()


@dataclass
class Watched:
    browser: Browser
    premises: Premises
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    """What a test makes the browser say on purpose."""

    async def window(self, who: Who, **options: object) -> Page:
        context = await self.premises.browse(self.browser, who, **options)
        self.contexts.append(context)
        return await self.page(context)

    async def look(self, lang: str, scheme: str, width: int) -> Page:
        """Alva's, who speaks that language, in that scheme and width."""
        alva = self.premises.world.alva
        await self.premises.parts.people.set_language(alva.company, alva.id, lang[:2], by="test")
        return await self.window("alva", locale=lang, color_scheme=scheme, viewport={"width": width, "height": 900})

    async def page(self, context: BrowserContext) -> Page:
        """One more tab of somebody's."""
        page = await context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def _said(self, message: ConsoleMessage) -> None:
        if not any(word in message.text for word in self.expected):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    async def close(self) -> None:
        for context in self.contexts:
            await context.close()


async def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is now. It goes in by the debugger: the page itself would not let it."""
    await page.evaluate(_axe())
    found: dict[str, Any] = await page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS
    )
    return [
        f"{one['id']}: {one['help']} {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found["violations"]
    ]


async def readable(page: Page, *paths: str) -> None:
    """Axe finds nothing wrong with any of these pages, and none is wider than its window."""
    for path in paths:
        await page.goto(path)
        found = await violations(page)
        assert not found, (path, found)
        assert not await scrolls_sideways(page), path


async def scrolls_sideways(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > innerWidth"))
