"""The account that a page is lent: its own page alone reaches Asterisk with it, and only while it lasts."""

import asyncio
import hashlib
import json
import re
import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import aiohttp
import pytest
from playwright.async_api import Browser, Page

from tests.calls.switchboard import Switchboard
from tests.pages.whole.desk import desk, switch_on

pytestmark = pytest.mark.timeout(240)


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
    """Returns when the account is no longer in the file that Asterisk reads."""
    with closing(sqlite3.connect(f"file:{board.settings.routes_db}?mode=ro", uri=True)) as routes:
        for _ in range(200):
            if not routes.execute("SELECT 1 FROM ps_auths WHERE id = ?", (account,)).fetchone():
                return
            await asyncio.sleep(0.05)
    raise AssertionError("an account whose time is over is still known to Asterisk")
