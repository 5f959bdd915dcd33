"""The phone in the browser, on a real Asterisk: it dials, records, hears, is rung, and outlives a restart of ours."""

import asyncio
import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Page, async_playwright

from tests.calls.switchboard import Switchboard, worker
from tests.pages.conftest import FLAGS
from tests.pages.headset import Ear, microphone
from tests.pages.watched import scrolls_sideways, violations
from tests.phone import Pcm, Phone, pseudo_speech

pytestmark = pytest.mark.timeout(240)
WORDS = pseudo_speech("words that somebody says to a browser", 2.0)
SAID = pseudo_speech("words that somebody answers", 4.0)


def pieces(words: Pcm) -> list[Pcm]:
    """What noise suppression and a jitter buffer leave of words is alike in pieces, not as a whole."""
    return [words[at : at + 4000] for at in range(0, len(words) - 3999, 2000)]


NAMED = {f"piece {at}": piece for at, piece in enumerate(pieces(WORDS))}
EAR = "ScriptProcessorNode"
GONE = ("WebSocket connection", "ERR_", "status of 502", "Failed to fetch", "htmx.min.js")
"""What a browser says of the ear that a test puts on it, and of a server that is not there."""

NO_MICROPHONE = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NAME'); }"
HANG_UP = "#phone [data-does=hangup]:visible"
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


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    made = Switchboard(tmp_path_factory.mktemp("phone") / "var", 20 + worker())
    made.start()
    yield made
    made.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def speaking(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """A browser whose microphone says WORDS again and again."""
    file = microphone(tmp_path_factory.mktemp("microphone") / "words.wav", WORDS)
    chromium = shutil.which("chromium")
    async with async_playwright() as playwright:
        flags = [*FLAGS, f"--use-file-for-fake-audio-capture={file}"]
        browser = await playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        await browser.close()


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
        for _ in range(3):
            try:
                await self._enter(page)
                break
            except Error:
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
    made = Desk(context, board, who, (EAR, *expected))
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


async def test_one_records_a_greeting_in_the_browser_and_hears_what_one_said(
    board: Switchboard, speaking: Browser
) -> None:
    async with desk(speaking, board) as alvas:
        page = await alvas.sign_in()
        await switch_on(page)
        assert await violations(page) == []
        ear = await dial(page, "333")
        await ear.hear(board.prompt("vm-main"))
        assert await violations(page) == []
        await page.keyboard.press("5")
        await ear.hear(board.prompt("beep"))
        await page.wait_for_function("document.querySelector('#phone [data-part=said]').value > 20")
        await asyncio.sleep(3.5)
        await page.keyboard.press("0")
        await ear.hear(board.prompt("vm-greeting-saved"))
        await ear.hear(board.prompt("vm-main"))
        await page.keyboard.press("4")
        await ear.hear(*pieces(WORDS))
        await page.click(HANG_UP)
        await page.wait_for_selector("#phone[data-state=ready]")


async def test_the_phone_rings_in_the_browser_is_answered_and_both_hear_each_other(
    board: Switchboard, speaking: Browser
) -> None:
    account = board.demo["accounts"]["202"]
    async with (
        desk(speaking, board, permissions=["microphone", "notifications"]) as annas,
        Phone(account["user"], account["password"], board.sip) as bjorn,
    ):
        await annas.context.add_init_script(NOTED)
        page = await annas.sign_in()
        await switch_on(page)
        await bjorn.register()
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
    account = board.demo["accounts"]["202"]
    async with (
        desk(speaking, board, expected=GONE) as annas,
        Phone(account["user"], account["password"], board.sip) as bjorn,
    ):
        page = await annas.sign_in()
        await switch_on(page)
        await bjorn.register()
        await page.focus("#phone-number")
        await page.keyboard.type("Björn")
        await page.keyboard.press("Enter")
        call = await bjorn.incoming()
        await call.answer()
        await page.wait_for_selector("#phone[data-state=call]")
        ear = await Ear.open(page)
        asterisk = board.demo["asterisk"]["pid"]
        before = board.service
        os.kill(before, signal.SIGKILL)
        await page.wait_for_selector("#phone[data-line=away]")
        call.speak(SAID)
        await ear.hear(*pieces(SAID))
        await call.hear_one_of(NAMED, since=call.mark())
        await board.again(before)
        assert board.demo["asterisk"]["pid"] == asterisk
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
        await page.evaluate(NO_MICROPHONE.replace("NAME", "NotAllowedError"))
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


class Door:
    """Registers over the page's way in, by hand."""

    def __init__(self, board: Switchboard, cookie: str) -> None:
        self.board = board
        self.cookie = cookie

    @asynccontextmanager
    async def socket(self, account: str, origin: str | None = None) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        headers = {"Cookie": self.cookie, "Origin": origin or self.board.settings.site}
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(
                f"{self.board.settings.site}/phone/ws?account={account}", protocols=("sip",), headers=headers
            ) as ws,
        ):
            yield ws

    async def refused(self, account: str, origin: str | None = None) -> int:
        with pytest.raises(aiohttp.WSServerHandshakeError) as told:
            async with self.socket(account, origin):
                pass
        return told.value.status


async def _cookie(page: Page) -> str:
    [cookie] = [one for one in await page.context.cookies() if one.get("name") == "__Host-vaxel"]
    return f"__Host-vaxel={cookie.get('value')}"


async def _account(page: Page) -> dict[str, str]:
    lent: dict[str, str] = json.loads(await page.evaluate("sessionStorage.getItem('vaxel-phone-account')"))
    return lent


def register(account: str, nonce: str, password: str) -> str:
    """A REGISTER that proves to be `account`."""

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    response = md5(f"{md5(f'{account}:asterisk:{password}')}:{nonce}:{md5('REGISTER:sip:asterisk')}")
    proof = (
        f'Authorization: Digest username="{account}", realm="asterisk", nonce="{nonce}", uri="sip:asterisk",'
        f' response="{response}", algorithm=MD5\r\n'
    )
    return (
        "REGISTER sip:asterisk SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bK" + uuid.uuid4().hex + "\r\n"
        f"From: <sip:{account}@asterisk>;tag=1\r\nTo: <sip:{account}@asterisk>\r\nCall-ID: {uuid.uuid4().hex}\r\n"
        f"CSeq: 1 REGISTER\r\nContact: <sip:{account}@x.invalid;transport=ws>\r\nMax-Forwards: 70\r\nExpires: 60\r\n"
        f"{proof if nonce else ''}Content-Length: 0\r\n\r\n"
    )


async def answer(ws: aiohttp.ClientWebSocketResponse, account: str, password: str) -> str:
    """What Asterisk says to a REGISTER of that account: its status."""
    await ws.send_str(register(account, "", ""))
    challenge = await ws.receive_str(timeout=5)
    [nonce] = re.findall(r'nonce="([^"]+)"', challenge)
    await ws.send_str(register(account, nonce, password))
    return (await ws.receive_str(timeout=5)).split()[1]


async def test_only_its_own_page_reaches_asterisk_with_an_account_and_only_while_it_lasts(
    board: Switchboard, speaking: Browser
) -> None:
    async with desk(speaking, board) as annas, desk(speaking, board, "user") as bjorns:
        annas_page, bjorns_page = await annas.sign_in(), await bjorns.sign_in()
        await switch_on(annas_page)
        await switch_on(bjorns_page)
        annas_door, bjorns_door = Door(board, await _cookie(annas_page)), Door(board, await _cookie(bjorns_page))
        mine, theirs = await _account(annas_page), await _account(bjorns_page)
        assert await bjorns_door.refused(mine["user"]) == 403
        assert await annas_door.refused(mine["user"], origin="http://127.0.0.1:1") == 403
        assert await annas_door.refused("w0123456789abcdef") == 403
        assert await Door(board, "").refused(mine["user"]) in {303, 401}
        async with annas_door.socket(mine["user"]) as ws:
            assert await answer(ws, mine["user"], mine["password"]) == "200"
            # Even with the password of another page's account in hand:
            await ws.send_str(register(theirs["user"], "x", theirs["password"]))
            assert (await ws.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
        with closing(sqlite3.connect(board.settings.database)) as rows, rows:
            rows.execute("UPDATE browser_phone SET ends_at = '2026-01-01' WHERE sip_user = ?", (mine["user"],))
        await until_gone(board, mine["user"])
        assert await annas_door.refused(mine["user"]) == 403
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(f"http://127.0.0.1:{board.settings.ari_port}/ws", protocols=("sip",)) as ws,
        ):
            assert await answer(ws, theirs["user"], theirs["password"]) == "200"
            assert await answer(ws, mine["user"], mine["password"]) == "401"


async def until_gone(board: Switchboard, account: str) -> None:
    """The account is no longer in the file that Asterisk reads, nor in the rows."""
    with closing(sqlite3.connect(f"file:{board.settings.routes_db}?mode=ro", uri=True)) as routes:
        for _ in range(200):
            if not routes.execute("SELECT 1 FROM ps_auths WHERE id = ?", (account,)).fetchone():
                return
            await asyncio.sleep(0.05)
    raise AssertionError("an account whose time is over is still known to Asterisk")
