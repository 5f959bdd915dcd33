"""`make try`: the whole story, told line by line by two telephones that know the card and what they hear.

Nothing is asked of the service or of its log: that a sentence was heard means that its sound came through the call.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.phone import DECLINE, Call, Pcm, Phone, audio, pseudo_speech

GREETING = pseudo_speech("Anna's greeting", 2.0)
MESSAGE = pseudo_speech("a caller's message", 2.0)
WELCOME = pseudo_speech("the new welcome", 2.0)


class Story:
    """`card`: var/demo.json."""

    def __init__(self, card: dict[str, Any]) -> None:
        self.card = card
        self._began = time.monotonic()
        self._sounds = Path(card["sounds"])
        sip = card["sip"]
        self._server = (sip["host"], sip["port"])

    def tell(self, line: str) -> None:
        print(f"{time.monotonic() - self._began:5.1f} s  {line}", flush=True)

    def phone(self, who: str) -> Phone:
        account = self.card["accounts"][who]
        return Phone(account["user"], account["password"], self._server)

    async def hears(self, call: Call, key: str, what: str, within_s: float = 20) -> None:
        heard = await call.hear(audio.read(self._sounds / "sv" / f"{key}.alaw"), within_s)
        self.tell(f"  hears: {what} (likeness {heard.score:.2f})")

    async def hears_own(self, call: Call, words: Pcm, what: str, within_s: float = 20) -> None:
        heard = await call.hear(words, within_s)
        self.tell(f"  hears: {what} (likeness {heard.score:.2f})")

    async def run(self) -> None:
        async with self.phone("201") as anna, self.phone("outside") as outside:
            await anna.register()
            await outside.register()
            self.tell("Anna's telephone and the outside world are registered.")
            await self.anna_records_her_greeting(anna)
            await self.a_caller_leaves_a_message(anna, outside)
            await self.anna_hears_it(anna)
            await self.anna_hears_it_from_another_telephone(outside)
            await self.a_welcome_is_read_in(outside)
            await self.the_next_caller_hears_it(outside)
        self.tell("That is the whole story.")

    async def anna_records_her_greeting(self, anna: Phone) -> None:
        self.tell("Anna dials 333.")
        call = await anna.call(self.card["dial"]["voicemail"])
        self.tell("Anna presses 5 to record her greeting.")
        await call.press("5")
        await self.hears(call, "vm-greeting-speak", "“speak after the tone, 0 ends it”")
        await self.hears(call, "beep", "the tone")
        await call.say(GREETING)
        self.tell("Anna has spoken, and presses 0.")
        await call.press("0")
        await self.hears(call, "vm-greeting-saved", "“your greeting is saved”")
        await call.press("4")
        self.tell("Anna presses 4.")
        await self.hears_own(call, GREETING, "herself")
        await call.hangup()

    async def a_caller_leaves_a_message(self, anna: Phone, outside: Phone) -> None:
        anna.policy = DECLINE
        self.tell(f"Somebody outside calls the company at {self.card['numbers']['company']}.")
        call = await outside.call(self.card["numbers"]["company"], from_user="+46701740650")
        await call.sound()
        self.tell("The welcome plays; the caller presses the key for Anna while it does.")
        await call.press(self.card["menu"]["anna"])
        await anna.incoming()
        self.tell("Anna's telephone rings, and she declines.")
        await self.hears_own(call, GREETING, "Anna's greeting")
        await self.hears(call, "beep", "the tone")
        await call.say(MESSAGE)
        await call.hangup()
        self.tell("The caller has left a message and hung up.")

    async def anna_hears_it(self, anna: Phone) -> None:
        await anna.until(lambda: anna.mwi is not None and anna.mwi.waiting, 20, "the lamp")
        self.tell("The lamp of Anna's telephone lights. Anna dials 333 and presses 1.")
        call = await anna.call(self.card["dial"]["voicemail"])
        await call.press("1")
        await self.hears(call, "vm-new-from", "“new message from …”")
        await self.hears_own(call, MESSAGE, "the message")
        await call.hangup()

    async def anna_hears_it_from_another_telephone(self, outside: Phone) -> None:
        self.tell(f"Anna calls {self.card['numbers']['voicemail']} from another telephone.")
        call = await outside.call(self.card["numbers"]["voicemail"])
        await self.hears(call, "vm-enter-extension", "“your extension, then hash”")
        await call.press("201#")
        await self.hears(call, "vm-enter-pin", "“your PIN, then hash”")
        await call.press(f"{self.card['pins']['201']}#1")
        await self.hears_own(call, MESSAGE, "the message")
        await call.hangup()

    async def a_welcome_is_read_in(self, outside: Phone) -> None:
        to = self.card["numbers"]["anna_mobile"]
        self.tell(f"An administrator: vaxel record welcome --to {to} --follow")
        job = await asyncio.create_subprocess_exec(
            *self.card["cli"], "record", "welcome", "--to", to, "--follow", stdout=asyncio.subprocess.PIPE
        )
        call = await outside.incoming(timeout_s=10)
        await call.answer()
        self.tell("The mobile rings, and somebody answers.")
        await self.hears(call, "rec-press-1", "“press 1 to start”")
        await call.press("1")
        await self.hears(call, "beep", "the tone")
        await call.say(WELCOME)
        await call.hangup()
        out, _ = await job.communicate()
        self.tell(f"The welcome is read in; the job says: {', '.join(out.decode().split())}.")
        assert job.returncode == 0

    async def the_next_caller_hears_it(self, outside: Phone) -> None:
        self.tell("The next caller calls the company.")
        call = await outside.call(self.card["numbers"]["company"])
        await self.hears_own(call, WELCOME, "the new welcome, in its place")
        await call.hangup()


if __name__ == "__main__":
    asyncio.run(Story(json.loads(Path(sys.argv[1]).read_text())).run())
