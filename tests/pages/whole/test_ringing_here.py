"""The switchboard rings the very browser that asks for it: to read a message in, and to hear what callers hear."""

import asyncio
from time import monotonic

import pytest
from playwright.async_api import Browser, Page

from pbx.cli.desk import open_desk
from tests.calls.switchboard import Switchboard
from tests.pages.watched import scrolls_sideways, violations
from tests.pages.whole.desk import HANG_UP, WORDS, desk, dial, switch_on
from tests.pages.whole.headset import Ear, pieces
from tests.pages.whole.test_panel import NO_MICROPHONE
from tests.phone import Pcm

pytestmark = pytest.mark.timeout(180)

HERE = "Använd den här webbläsaren"


async def answer(page: Page) -> Ear:
    """By the key on which the ringing phone has put the focus."""
    await page.wait_for_selector("#phone[data-state=incoming]")
    ear = await Ear.open(page)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#phone[data-state=call]")
    return ear


async def welcome(board: Switchboard) -> Pcm:
    """What callers hear first."""
    async with open_desk(board.settings) as desk:
        company = await desk.company(None)
        message = await desk.library.messages.by_ref(company.id, "welcome")
        heard = await desk.library.messages.playable_message(company.id, message.id, "sv")
    return board.published(heard.media[0])


async def test_from_signing_in_to_hearing_ones_own_welcome_it_is_two_minutes_and_no_telephone(
    board: Switchboard, speaking: Browser
) -> None:
    """The phone is switched on by the click that has it rung; nine clicks and three fields in all."""
    async with desk(speaking, board) as alvas:
        began = monotonic()
        page = await alvas.sign_in()
        await page.get_by_role("link", name="welcome", exact=True).click()
        await page.get_by_role("link", name="Spela in filen").click()
        await page.get_by_role("button", name=HERE).click()
        ear = await answer(page)
        assert await violations(page) == []
        await ear.hear(board.prompt("rec-press-1"))
        await page.click("#phone [data-key='1']")
        await ear.hear(board.prompt("beep"))
        await page.locator("dialog [data-state=recording]").wait_for()
        assert "Ringde webbläsaren" in await page.locator("dialog .steps").inner_text()
        await asyncio.sleep(3.5)
        await page.click(HANG_UP)
        await page.locator("dialog [data-state=saved]").wait_for()
        await page.locator("dialog").get_by_role("link", name="Klar").click()
        await page.wait_for_selector("#phone[data-line=ready][data-state=ready]")
        ear = await dial(page, board.demo["numbers"]["company"])
        await ear.hear(*pieces(WORDS))
        took_s = monotonic() - began
        print(f"one's own welcome after {took_s:.0f} s")
        assert took_s < 120
        await page.click(HANG_UP)
        await page.wait_for_selector("#phone[data-state=ready]")


async def test_whoever_tries_a_place_out_is_rung_here_and_led_there(board: Switchboard, speaking: Browser) -> None:
    async with desk(speaking, board) as alvas:
        page = await alvas.sign_in()
        await switch_on(page)
        await page.goto("/map")
        await page.get_by_role("link", name="Provring").first.click()
        await page.get_by_role("button", name=HERE).click()
        ear = await answer(page)
        assert await violations(page) == []
        await ear.hear(*pieces(await welcome(board)))
        await page.get_by_text("Du är i samtalet nu").wait_for()
        assert "/test-call/" in page.url
        await page.click(HANG_UP)
        await page.wait_for_selector("#phone[data-state=ready]")


async def test_on_a_telephones_screen_the_words_and_the_steps_are_above_the_phone(
    board: Switchboard, speaking: Browser
) -> None:
    async with desk(speaking, board, viewport={"width": 390, "height": 800}) as alvas:
        page = await alvas.sign_in()
        await page.get_by_role("link", name="welcome", exact=True).click()
        await page.get_by_role("link", name="Spela in filen").click()
        await page.get_by_role("button", name=HERE).click()
        ear = await answer(page)
        await ear.hear(board.prompt("rec-press-1"))
        for part in (".read", ".steps > li:nth-child(3)", "#phone [data-key='1']", HANG_UP):
            assert await on_top(page, part), part
        assert not await scrolls_sideways(page)
        assert await violations(page) == []
        await page.click("#phone [data-key='1']")
        await ear.hear(board.prompt("beep"))
        await page.locator("dialog [data-state=recording]").wait_for()
        await asyncio.sleep(3.5)
        await page.click(HANG_UP)
        await page.locator("dialog [data-state=saved]").wait_for()
        assert await on_top(page, "dialog .saved")
        await page.locator("dialog").get_by_role("link", name="Klar").click()
        await page.get_by_role("heading", name="welcome").wait_for()


async def on_top(page: Page, selector: str) -> bool:
    """Whether it is seen, or is after scrolling what it is in, and nothing else is before it."""
    seen: bool = await page.locator(selector).first.evaluate(
        """(one) => {
          one.scrollIntoView({block: 'nearest'});
          const {left, top, width, height} = one.getBoundingClientRect();
          return [0.2, 0.8].every((at) => one.contains(document.elementFromPoint(left + width / 2, top + height * at)));
        }"""
    )
    return seen


async def reach(page: Page, name: str, key: str = "Tab") -> None:
    """As one does without a mouse."""
    for _ in range(90):
        await page.keyboard.press(key)
        said = "(document.activeElement.ariaLabel ?? document.activeElement.innerText ?? '').trim()"
        if await page.evaluate(said) == name:
            return
    raise AssertionError(f"{name} is not reached by {key}")


async def test_a_message_is_read_in_by_the_keyboard_alone(board: Switchboard, speaking: Browser) -> None:
    async with desk(speaking, board) as alvas:
        page = await alvas.sign_in()
        await reach(page, "welcome")
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="welcome").wait_for()
        await reach(page, "Spela in filen\nVäxel ringer upp dig. Du läser och lägger på.")
        await page.keyboard.press("Enter")
        await page.wait_for_function("() => document.activeElement.id == 'to'")
        await reach(page, HERE)
        await page.keyboard.press("Enter")
        ear = await answer(page)
        await ear.hear(board.prompt("rec-press-1"))
        await page.keyboard.press("1")
        await ear.hear(board.prompt("beep"))
        await page.locator("dialog [data-state=recording]").wait_for()
        await asyncio.sleep(3.5)
        await reach(page, "Lägg på")
        await page.keyboard.press("Enter")
        await page.locator("dialog [data-state=saved]").wait_for()
        await reach(page, "Klar", "Shift+Tab")
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="welcome").wait_for()


async def test_a_number_is_called_from_a_browser_whose_phone_is_off(board: Switchboard, speaking: Browser) -> None:
    async with desk(speaking, board) as alvas:
        page = await alvas.sign_in()
        await page.goto("/mailbox")
        await page.get_by_role("link", name="Ring 333").click()
        await page.wait_for_selector("#phone[data-state=call]")
        ear = await Ear.open(page)
        await ear.hear(board.prompt("vm-main"))
        await page.click(HANG_UP)
        await page.wait_for_selector("#phone[data-state=ready]")


async def test_a_number_that_cannot_be_called_from_here_says_what_to_do(board: Switchboard, speaking: Browser) -> None:
    async with desk(speaking, board) as alvas:
        await alvas.context.add_init_script(NO_MICROPHONE.replace("NAME", "NotAllowedError"))
        page = await alvas.sign_in()
        await page.goto("/mailbox")
        await page.get_by_role("link", name="Ring 333").click()
        await page.locator("#phone[data-state=refused]").get_by_text("Mikrofonen är nekad").wait_for()


async def test_a_browser_whose_phone_is_not_on_is_told_so(board: Switchboard, speaking: Browser) -> None:
    """Also where a form names an account that is not its page's."""
    async with desk(speaking, board, expected=("422",)) as alvas:
        page = await alvas.sign_in()
        await page.goto("/map")
        await page.get_by_role("link", name="Provring").first.click()
        for account in ("", "w0123456789abcdef", "201"):
            await page.locator('form[action="/test-call"]').wait_for()
            await page.evaluate(
                """(account) => {
                  const form = document.querySelector('form[action="/test-call"]');
                  const named = {type: 'hidden', name: 'browser', value: account};
                  form.append(Object.assign(document.createElement('input'), named));
                  form.noValidate = true;
                  form.requestSubmit();
                }""",
                account,
            )
            await page.get_by_text("Telefonen i webbläsaren är inte på.").wait_for()
            await page.reload()
