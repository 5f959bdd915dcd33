"""What people do on the telephone, by name; each step hears what it must before it goes on."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pytest

from pbx.cli.desk import Desk
from pbx.errors import Refused
from pbx.library import Kept
from pbx.library.sentences import Sentence
from pbx.rules.numbers import Caller, Withheld
from pbx.store.values import Mailbox, Message, TakeKind, VoiceMessage
from tests.calls.cast import Person
from tests.calls.switchboard import Switchboard
from tests.phone import Call, Pcm, Phone, audio, pseudo_speech

T = TypeVar("T")

in_both_languages = pytest.mark.parametrize("lang", ["sv", "en"])
WORDS = pseudo_speech("words that somebody says", 1.2)
TONE: Pcm = (8000 * np.sin(2 * np.pi * 1000 * np.arange(1600) / 8000)).astype(np.int16)
"""What is heard where nothing can be said at all."""


async def record_greeting(
    call: Call, board: Switchboard, words: Pcm = WORDS, *, leak_ms: int = 0, lang: str = "sv"
) -> None:
    """From the mailbox's main menu: 5, speak after the tone, 0, and hear that it is saved."""
    await call.press("5")
    await call.hear(board.prompt("vm-greeting-speak", lang))
    await call.hear(board.prompt("beep", lang))
    await call.say(words)
    await call.press("0", leak_ms=leak_ms)
    await call.hear(board.prompt("vm-greeting-saved", lang))


async def leave_message(
    phone: Phone, board: Switchboard, number: str, words: Pcm = WORDS, *, ring_s: float = 5
) -> None:
    """Call, wait for the tone, speak, hang up."""
    call = await phone.call(number, timeout_s=ring_s)
    await call.hear(board.prompt("beep"), timeout_s=15)
    await call.say(words)
    await call.hangup()


async def prove(call: Call, board: Switchboard, extension: str, pin: str) -> None:
    """Extension and #, PIN and #, as the access number asks for them."""
    await call.hear(board.prompt("vm-enter-extension"))
    await call.press(f"{extension}#")
    await call.hear(board.prompt("vm-enter-pin"))
    await call.press(f"{pin}#")


async def received(desk: Desk, person: Person) -> list[VoiceMessage]:
    """What lies in somebody's mailbox."""
    return await desk.library.mailboxes.messages(person.company.id, person.mailbox.id)


async def leave(desk: Desk, person: Person, words: Pcm = WORDS, caller: Caller = Withheld()) -> VoiceMessage:  # noqa: B008
    """A message in somebody's mailbox, as a call would have left it; for tests of what becomes of it then."""
    kept = await recorded(desk, person.mailbox, "voice", words, caller)
    return next(message for message in await received(desk, person) if message.id == kept.result)


async def recorded(desk: Desk, box: Mailbox, kind: TakeKind, words: Pcm, caller: Caller = Withheld()) -> Kept:  # noqa: B008
    """A take of a mailbox, as a call would have made it: a message in it, or its greeting."""
    takes = desk.library.takes
    take = await takes.expect(box.company, kind, box.id, lang="sv", channel="", caller=caller)
    (desk.settings.spool / take.file).write_bytes(audio.up16(words).astype("<i2").tobytes())
    return await takes.keep(box.company, take.id)


async def announcement(desk: Desk, company: str, name: str, scripts: Mapping[str, str]) -> Message:
    """The company's message of that name, made for the first test that needs it: what was spoken for one is there for
    the next."""
    try:
        return await desk.library.messages.by_ref(company, name)
    except Refused:
        return await desk.library.messages.add(company, name, scripts=scripts, by="test")


async def spoken(desk: Desk, company: str, kind: Sentence, of: str, lang: str) -> str:
    """What plays a sentence, once the voice has said it: `kind` and `of` as the library names them."""
    return await eventually(lambda: desk.library.messages.spoken(company, kind, of, lang), 20) or ""


def longest_quiet(call: Call, since: float, until: float) -> float:
    """The longest time without any sound in between, in seconds."""
    loud = [packet.at for packet in call.ear.packets if packet.peak > 250 and since <= packet.at <= until]
    return max(later - earlier for earlier, later in pairwise([since, *loud, until]))


def holds(recorded: Pcm, words: Pcm) -> bool:
    """Whether what was recorded is these words; their first and last moments may be lost to tone and hang-up."""
    return audio.score(recorded, words[1600:-1600])[0] > 0.9


async def eventually(ask: Callable[[], Awaitable[T]], within_s: float = 5, every_s: float = 0.05) -> T:
    """The first answer that is not empty; for what a file or another process decides, which sends us no event.
    `every_s`: longer where the question takes much."""
    answer = await ask()
    for _ in range(int(within_s / every_s)):
        if answer:
            return answer
        await asyncio.sleep(every_s)
        answer = await ask()
    assert answer, f"not within {within_s} s"
    return answer
