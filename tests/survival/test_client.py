"""What a call is told of, and in which order, when two sockets tell of the same channel."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiohttp import web

from ari_app.client import APART, APP, Ari, Inbox
from ari_app.events import Entered, Key, Left

CHANNEL = "1.1"
OF_IT = {"id": CHANNEL, "name": "PJSIP/outside-00000001", "caller": {"number": ""}, "state": "Up"}


class Asterisk:
    """Takes every request, and tells each application what a test wants told."""

    def __init__(self) -> None:
        self.sockets: dict[str, web.WebSocketResponse] = {}

    async def events(self, request: web.Request) -> web.WebSocketResponse:
        socket = self.sockets[request.query["app"]] = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            number = json.loads(message.data)["request_id"]
            await socket.send_json({"type": "RESTResponse", "request_id": number, "status_code": 204})
        return socket

    async def tell(self, app: str, kind: str, **more: Any) -> None:
        await self.sockets[app].send_json({"type": kind, "channel": OF_IT, **more})


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[Asterisk, Ari, asyncio.Queue[Inbox]]]:
    """An Asterisk, our connection to it, and the inboxes of the calls that enter."""
    asterisk, entered = Asterisk(), asyncio.Queue[Inbox]()
    served = web.Application()
    served.router.add_get("/ari/events", asterisk.events)
    runner = web.AppRunner(served)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()

    async def nothing_before() -> None:
        pass

    def took(call: Entered, inbox: Inbox) -> None:
        entered.put_nowait(inbox)

    _, port = runner.addresses[0]
    ari = Ari(f"http://127.0.0.1:{port}/ari", "vaxel", "not secret", took, nothing_before)
    running = asyncio.create_task(ari.run())
    try:
        async with asyncio.timeout(10):
            await ari.up.wait()
        yield asterisk, ari, entered
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await runner.cleanup()


async def test_no_hang_up_that_the_other_socket_tells_overtakes_the_key_before_it() -> None:
    async with connected() as (asterisk, ari, entered), asyncio.timeout(10):
        with ari.inbox(CHANNEL) as ringing:
            await asterisk.tell(APP, "StasisStart", args=["menu"])
            call = await entered.get()
            await asterisk.tell(APART, "ChannelDestroyed", cause=16)
            assert isinstance(await ringing.get(), Entered)
            assert await ringing.get() == Left(CHANNEL, 16)
            await asterisk.tell(APP, "ChannelDtmfReceived", digit="1")
            await asterisk.tell(APP, "StasisEnd")
            assert [await call.get(), await call.get()] == [Key(CHANNEL, "1"), Left(CHANNEL, 0)]
            assert [await ringing.get(), await ringing.get()] == [Key(CHANNEL, "1"), Left(CHANNEL, 0)]
