"""The panel of the browser's phone: beside every page or as a page, in one tab, and in words where it cannot be."""

import pytest
from playwright.async_api import Browser

from tests.calls.switchboard import Switchboard
from tests.pages.watched import scrolls_sideways, violations
from tests.pages.whole.desk import HANG_UP, desk, dial, switch_on

pytestmark = pytest.mark.timeout(240)
NO_MICROPHONE = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NAME'); }"


@pytest.mark.parametrize(
    ("script", "state"),
    [
        (NO_MICROPHONE.replace("NAME", "NotAllowedError"), "refused"),
        (NO_MICROPHONE.replace("NAME", "NotFoundError"), "nomic"),
        ("Object.defineProperty(window, 'isSecureContext', {value: false})", "insecure"),
    ],
    ids=["microphone refused", "no microphone", "not https"],
)  # fmt: skip
async def test_what_to_do_is_said_where_there_is_no_microphone(
    board: Switchboard, speaking: Browser, script: str, state: str
) -> None:
    async with desk(speaking, board) as annas:
        await annas.context.add_init_script(script)
        page = await annas.sign_in()
        await page.click("[data-phone]")
        if state != "insecure":
            await page.click("#phone [data-does=on]")
        await page.wait_for_selector(f"#phone[data-state={state}] .told:visible")
        assert await violations(page) == []


async def test_whoever_allows_the_microphone_after_all_has_the_phone_still(
    board: Switchboard, speaking: Browser
) -> None:
    async with desk(speaking, board) as annas:
        page = await annas.sign_in()
        await switch_on(page)
        await page.evaluate(f"void ({NO_MICROPHONE.replace('NAME', 'NotAllowedError')})")
        await page.focus("#phone-number")
        await page.keyboard.type("333")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#phone[data-state=refused]")
        await page.evaluate("delete navigator.mediaDevices.getUserMedia")
        await page.click("#phone [data-does=on]:visible")
        await page.wait_for_selector("#phone[data-line=ready][data-state=ready]")
        ear = await dial(page, "333")
        await ear.hear(board.prompt("vm-main"))
        await page.click(HANG_UP)
        await page.wait_for_selector("#phone[data-state=ready]")


async def test_one_tab_has_the_phone_and_another_can_take_it(board: Switchboard, speaking: Browser) -> None:
    async with desk(speaking, board) as annas:
        page = await annas.sign_in()
        await switch_on(page)
        other = await annas.tab()
        await other.goto("/messages")
        await other.wait_for_selector("#phone[data-state=elsewhere]")
        assert await violations(other) == []
        await other.click("#phone [data-does=take]")
        await other.wait_for_selector("#phone[data-line=ready][data-state=ready]")
        await page.wait_for_selector("#phone[data-state=elsewhere]")
        await other.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("locale", "scheme"), [("sv-SE", "light"), ("en-GB", "dark")])
async def test_the_phone_is_there_beside_the_page_or_as_a_page(
    board: Switchboard, speaking: Browser, width: int, locale: str, scheme: str
) -> None:
    viewport = {"width": width, "height": 900}
    async with desk(speaking, board, "user", locale=locale, color_scheme=scheme, viewport=viewport) as bjorns:
        page = await bjorns.sign_in()
        if locale == "en-GB":
            await page.click("button[name=language][value=en]")
            await page.wait_for_selector("html[lang=en]")
        await switch_on(page)
        assert page.url.endswith("/phone") == (width == 390)
        assert not await scrolls_sideways(page)
        assert await violations(page) == []
        if locale == "en-GB":
            await page.click("button[name=language][value=sv]")
            await page.wait_for_selector("html[lang=sv]")
        await page.reload()
        await page.wait_for_selector("#phone[data-line=ready][data-state=ready]")
        await page.click("#phone summary")
        assert await violations(page) == []
        await page.click("#phone [data-does=off]")
        await page.wait_for_selector("#phone[data-state=off]", state="attached")
