"""The same menu with asyncari, as its documentation shows how; run by an interpreter that has it.

with_asyncari.py http://127.0.0.1:8088/ari USER PASSWORD APPLICATION
"""

import contextlib
import sys
from typing import Any

import anyio  # type: ignore[import-not-found, unused-ignore]
import asyncari  # type: ignore[import-not-found, unused-ignore]

SOUND = "sound:/vaxel/sounds/bench/"


async def menu(channel: Any) -> None:
    pressed = anyio.Event()
    keys: list[str] = []

    def key(event: Any) -> None:
        keys.append(event.digit)
        pressed.set()

    channel.on_event("ChannelDtmfReceived", key)
    with contextlib.suppress(Exception):  # whoever hangs up meets an error of whatever was being asked
        welcome = await channel.play(media=SOUND + "welcome")
        with anyio.move_on_after(6):
            await pressed.wait()
        if keys[:1] == ["5"]:
            with contextlib.suppress(Exception):
                await welcome.stop()
            goodbye = await channel.play(media=SOUND + "goodbye")
            await goodbye.wait_done()
        await channel.hangup()


async def main(base: str, user: str, password: str, app: str) -> None:
    async with (
        asyncari.connect(base.removesuffix("ari"), app, user, password) as ari,
        ari.on_channel_event("StasisStart") as arriving,
    ):
        print("ready", flush=True)
        async for channels, _ in arriving:  # another one may be replaced by it
            ari.taskgroup.start_soon(menu, channels["channel"])


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:5])
