"""What the first pages weigh for a browser that comes for the first time, and how often one thing waits for another."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Page

from tests.pages.premises import Who
from tests.pages.watched import Watched

_BYTES, _ROUND_TRIPS = 150_000, 3


@dataclass
class Loading:
    """As the browser's network tells. `trips`: by address, after how many answers its own has come."""

    bytes: int = 0
    trips: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def of(cls, page: Page) -> "Loading":
        made, session = cls(), await page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", made._asked)
        session.on("Network.loadingFinished", made._answered)
        await session.send("Network.enable")
        return made

    def _asked(self, told: dict[str, Any]) -> None:
        """By whom: the page itself, or scripts, of which the last one to come made it possible."""
        by = told["initiator"]
        frames = by.get("stack", {}).get("callFrames", [])
        before = [self.trips.get(one, 0) for one in (by.get("url", ""), *(frame["url"] for frame in frames))]
        self.trips[told["request"]["url"]] = 1 + max(before)

    def _answered(self, told: dict[str, Any]) -> None:
        self.bytes += int(told["encodedDataLength"])


@pytest.mark.parametrize(("who", "path"), [("nobody", "/sign-in"), ("alva", "/messages"), ("bo", "/mailbox")])
async def test_a_first_page_is_light_and_there_after_three_round_trips(watched: Watched, who: Who, path: str) -> None:
    page = await watched.window(who)
    loading = await Loading.of(page)
    await page.goto(path)
    assert len(loading.trips) > 4
    print(f"{path}: {loading.bytes / 1000:.0f} kB in {max(loading.trips.values())} round trips")
    assert loading.bytes < _BYTES
    assert max(loading.trips.values()) <= _ROUND_TRIPS, loading.trips
