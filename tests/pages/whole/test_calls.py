"""The phone in the browser, on a real Asterisk: it dials, records, hears, is rung, and outlives a restart of ours."""

import asyncio
import os
import signal

import pytest
from playwright.async_api import Browser

from tests.calls.switchboard import Switchboard
from tests.pages.watched import violations
from tests.pages.whole.desk import HANG_UP, WORDS, desk, dial, switch_on
from tests.pages.whole.headset import Ear, pieces
from tests.phone import pseudo_speech

pytestmark = pytest.mark.timeout(240)
SAID = pseudo_speech("words that somebody answers", 4.0)


NAMED = {f"piece {at}": piece for at, piece in enumerate(pieces(WORDS))}
GONE = ("WebSocket connection", "ERR_", "status of 502", "Failed to fetch", "htmx.min.js")
"""What a browser says of a server that is not there."""
NOTED = """
window.notices = [];
window.Notification = class extends Notification {
  constructor(title, options) { super(title, options); window.notices.push(`${title}: ${options.body}`); }
};
"""
WITHOUT_A_WAY = """
const astray = (sdp) => sdp.replace(/(a=candidate:\\S+ \\d+ \\S+ \\d+) \\S+ \\d+/g, "$1 127.0.0.1 9");
const proto = RTCPeerConnection.prototype;
const own = Object.getOwnPropertyDescriptor(proto, "localDescription");
Object.defineProperty(proto, "localDescription", { get() {
  const now = own.get.call(this);
  return now && { type: now.type, sdp: astray(now.sdp), toJSON() { return this; } };
} });
const set = proto.setRemoteDescription;
proto.setRemoteDescription = function (one) { return set.call(this, { type: one.type, sdp: astray(one.sdp) }); };
"""
"""A network in which sound finds no way: what each side tells of where it is leads nowhere."""


async def test_one_records_a_greeting_in_the_browser_and_hears_what_one_said(
    board: Switchboard, speaking: Browser
) -> None:
    async with desk(speaking, board) as alvas:
        page = await alvas.sign_in()
        await switch_on(page)
        assert await violations(page) == []
        ear = await dial(page, "333")
        await ear.hear(board.prompt("vm-main"))
        await page.keyboard.press("5")
        await ear.hear(board.prompt("beep"))
        await page.wait_for_function("document.querySelector('#phone [data-part=said]').value > 20")
        await asyncio.sleep(3.5)
        await page.keyboard.press("0")
        # A busy browser stretches what comes first after a silence beyond recognition: that it is saved, or the menu.
        await ear.hear(board.prompt("vm-greeting-saved"), board.prompt("vm-main"))
        await page.keyboard.press("4")
        await ear.hear(*pieces(WORDS))
        assert await violations(page) == []  # last, since it may take longer than 333 waits for a key
        if await page.locator(HANG_UP).count():
            await page.click(HANG_UP)
        await page.wait_for_selector("#phone[data-state=ready]")


async def test_the_phone_rings_in_the_browser_is_answered_and_both_hear_each_other(
    board: Switchboard, speaking: Browser
) -> None:
    async with (
        desk(speaking, board, permissions=["microphone", "notifications"]) as annas,
        board.phone("202") as bjorn,
    ):
        await annas.context.add_init_script(NOTED)
        page = await annas.sign_in()
        await switch_on(page)
        call = bjorn.dial("201")
        await page.wait_for_selector("#phone[data-state=incoming]")
        assert await page.text_content("#phone [data-part=name]") == "Björn Berg"
        assert await page.text_content("#phone [data-part=title]") == "Inkommande samtal"
        assert await page.evaluate("window.notices") == ["Björn Berg: Inkommande samtal"]
        assert await violations(page) == []
        ear = await Ear.open(page)
        await page.keyboard.press("Enter")
        await call.answered(10)
        await page.wait_for_selector("#phone[data-state=call]")
        await call.hear_one_of(NAMED)
        call.speak(SAID)
        await ear.hear(*pieces(SAID))
        for stops_it in ("mute", "hold"):
            await page.click(f"#phone [data-does={stops_it}]")
            await page.wait_for_selector(f"#phone [data-does={stops_it}][aria-pressed=true]")
            await call.quiet(1.0)
            await page.click(f"#phone [data-does={stops_it}]")
            await call.hear_one_of(NAMED, since=call.mark())
        await call.hangup()
        await page.wait_for_selector("#phone[data-state=ready]")
        assert await page.is_visible("#phone [data-part=recent] >> text=Björn Berg")


async def test_a_restart_of_ours_within_a_call_is_not_heard(board: Switchboard, speaking: Browser) -> None:
    async with (
        desk(speaking, board, expected=GONE) as annas,
        board.phone("202") as bjorn,
    ):
        page = await annas.sign_in()
        await switch_on(page)
        await page.focus("#phone-number")
        await page.keyboard.type("Björn")
        await page.keyboard.press("Enter")
        call = await bjorn.incoming()
        await call.answer()
        await page.wait_for_selector("#phone[data-state=call]")
        ear = await Ear.open(page)
        asterisk = board.switch
        before = board.service
        os.kill(before, signal.SIGKILL)
        await page.wait_for_selector("#phone[data-line=away]")
        call.speak(SAID)
        await ear.hear(*pieces(SAID))
        await call.hear_one_of(NAMED, since=call.mark())
        await board.again(before)
        assert board.switch == asterisk
        await page.wait_for_selector("#phone[data-line=ready][data-state=call]")
        await ear.since_now()
        call.speak(SAID)
        await ear.hear(*pieces(SAID))
        await page.click(HANG_UP)
        await page.wait_for_selector("#phone[data-state=ready]")
        async with asyncio.timeout(5):
            await call.ended.wait()


async def test_where_no_sound_comes_through_the_page_says_so_and_hangs_up(
    board: Switchboard, speaking: Browser
) -> None:
    async with desk(speaking, board) as annas:
        await annas.context.add_init_script(WITHOUT_A_WAY)
        page = await annas.sign_in()
        await switch_on(page)
        await page.focus("#phone-number")
        await page.keyboard.type("333")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#phone[data-state=call]")
        await page.wait_for_selector("#phone [data-part=silent]:not([hidden])")
        assert "Inget ljud kommer fram" in (await page.text_content("#phone [data-part=silent]") or "")
        assert await violations(page) == []
        await page.wait_for_selector("#phone[data-state=ready]", timeout=30_000)
        assert await page.is_visible("#phone [data-part=silent]")
