"""The menu as a small program over ARI: aiohttp, one coroutine a call, HTTP requests. What one would write in an hour.

minimal_ari.py http://127.0.0.1:8088/ari USER PASSWORD APPLICATION
"""

import asyncio
import itertools
import sys
from contextlib import suppress
from typing import Any

import aiohttp
import uvloop

EVENTS = ("StasisStart", "StasisEnd", "ChannelDtmfReceived", "PlaybackFinished")
SOUND = "sound:/vaxel/sounds/bench/"


class HungUp(Exception):
    pass


class Program:
    def __init__(self, base: str, app: str, http: aiohttp.ClientSession) -> None:
        self.base = base
        self.app = app
        self.http = http
        self.inboxes: dict[str, asyncio.Queue[dict[str, Any]]] = {}
        self.numbers = itertools.count()

    async def ask(self, method: str, uri: str, **given: Any) -> None:
        async with self.http.request(method, f"{self.base}/{uri}", **given) as answer:
            if answer.status in (404, 409):
                raise HungUp
            answer.raise_for_status()
            await answer.read()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as calls, self.http.ws_connect(f"{self.base}/events?app={self.app}") as events:
            wanted = {"allowed": [{"type": one} for one in EVENTS]}
            await self.ask("PUT", f"applications/{self.app}/eventFilter", json=wanted)
            print("ready", flush=True)
            async for message in events:
                event = message.json()
                if event["type"] == "PlaybackFinished":
                    channel = event["playback"]["target_uri"].removeprefix("channel:")
                else:
                    channel = event["channel"]["id"]
                if event["type"] == "StasisStart":
                    self.inboxes[channel] = asyncio.Queue()
                    calls.create_task(self.hold(channel))
                elif channel in self.inboxes:
                    self.inboxes[channel].put_nowait(event)

    async def hold(self, channel: str) -> None:
        try:
            with suppress(HungUp):
                await self.menu(channel)
        finally:
            del self.inboxes[channel]

    async def menu(self, channel: str) -> None:
        welcome = await self.play(channel, "welcome")
        key = None
        with suppress(TimeoutError):
            async with asyncio.timeout(6):
                key = await self.next(channel, "ChannelDtmfReceived")
        if key is not None and key["digit"] == "5":
            with suppress(HungUp):
                await self.ask("DELETE", f"playbacks/{welcome}")
            goodbye = await self.play(channel, "goodbye")
            while (await self.next(channel, "PlaybackFinished"))["playback"]["id"] != goodbye:
                pass
        await self.ask("DELETE", f"channels/{channel}")

    async def play(self, channel: str, name: str) -> str:
        playback = f"p{next(self.numbers)}"
        await self.ask("POST", f"channels/{channel}/play/{playback}", params={"media": SOUND + name})
        return playback

    async def next(self, channel: str, wanted: str) -> dict[str, Any]:
        while (event := await self.inboxes[channel].get())["type"] != wanted:
            if event["type"] == "StasisEnd":
                raise HungUp
        return event


async def main(base: str, user: str, password: str, app: str) -> None:
    head = {"Authorization": aiohttp.encode_basic_auth(user, password)}
    connector = aiohttp.TCPConnector(limit=8)
    async with aiohttp.ClientSession(headers=head, connector=connector) as http:
        await Program(base, app, http).run()


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:5]))
