"""From a page's WebSocket to Asterisk's, which listens on loopback alone.

What goes through is not understood here, but for one thing: a page can prove itself as the account that it was lent,
and as no other phone. Signalling only: sound goes between the browser and Asterisk, and does not end with us.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable

import aiohttp
from aiohttp import WSMsgType, web

from pbx.web import person as persons
from pbx.web.live_page import STREAMS
from pbx.web.visit import Visit

LARGEST = 64 * 1024
SIGNED_OUT, NOT_YOURS = 4401, 4403
_LOOK_S = 60.0
_HEARTBEAT_S = 20.0
_ANSWERS_S = 5.0
_NAME = re.compile(r'\busername\s*=\s*"?([^",\s]*)', re.IGNORECASE)

log = logging.getLogger(__name__)


async def hand_on(visit: Visit, account: str) -> web.StreamResponse:
    """Until either end closes, or whoever it is is signed out. HTTPBadGateway where Asterisk does not answer."""
    async with aiohttp.ClientSession() as http:
        try:
            async with asyncio.timeout(_ANSWERS_S):
                inner = await http.ws_connect(
                    f"http://127.0.0.1:{visit.parts.settings.ari_port}/ws", protocols=("sip",), max_msg_size=LARGEST,
                    heartbeat=_HEARTBEAT_S,
                )  # fmt: skip
        except (aiohttp.ClientError, TimeoutError):
            raise web.HTTPBadGateway from None
        outer = web.WebSocketResponse(protocols=("sip",), heartbeat=_HEARTBEAT_S, max_msg_size=LARGEST)
        await outer.prepare(visit.request)
        if (task := asyncio.current_task()) is not None:
            visit.request.app[STREAMS].add(task)
        code = 1001
        try:
            code = await _first(_to_asterisk(outer, inner, account), _to_page(inner, outer), _watched(visit, account))
        except asyncio.CancelledError:  # the end of the service: the browser comes back to the next one
            pass
        finally:
            await outer.close(code=code)
            await inner.close()
        return outer


async def _first(*ways: Awaitable[int]) -> int:
    """The code with which the first of them ended; the others end with it."""
    tasks = [asyncio.create_task(_run(way)) for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return max(task.result() for task in done)


async def _run(way: Awaitable[int]) -> int:
    try:
        return await way
    except (ConnectionError, aiohttp.ClientError):
        return 1001


async def _to_asterisk(outer: web.WebSocketResponse, inner: aiohttp.ClientWebSocketResponse, account: str) -> int:
    async for message in outer:
        if message.type is not WSMsgType.TEXT:
            return 1003
        if any(name != account for name in _NAME.findall(message.data)):
            log.warning("a page tried to be another phone than the one that it was lent")
            return NOT_YOURS
        await inner.send_str(message.data)
    return 1000


async def _to_page(inner: aiohttp.ClientWebSocketResponse, outer: web.WebSocketResponse) -> int:
    async for message in inner:
        if message.type is WSMsgType.TEXT:
            await outer.send_str(message.data)
        elif message.type is WSMsgType.BINARY:
            await outer.send_bytes(message.data)
    return 1001


async def _watched(visit: Visit, account: str) -> int:
    """While the page is here and its session lasts, so does its account."""
    assert visit.person is not None  # noqa: S101  the door
    while True:
        await asyncio.sleep(_LOOK_S)
        if await persons.who(visit.parts, visit.request) is None:
            return SIGNED_OUT
        if not await visit.parts.browser_phones.keep(visit.company.id, visit.person.session.id, account):
            return NOT_YOURS
