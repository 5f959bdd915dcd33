"""A call, as a flow sees it: verbs that wait until they are done.

A hang-up is `HungUp`, raised by these verbs and by nothing else. `record` alone does not raise when
the caller hangs up during it: hanging up is how most recordings end.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ari_app.client import Ari, Inbox
from ari_app.events import Entered, Event, Key, Left, Played, RecordingBegan, RecordingEnded, SwitchLost
from ari_app.line import Gone, LostSwitch, NotOurs
from ari_app.shelf import Shelf
from pbx.errors import VaxelError
from pbx.phrases import LANGUAGES, Phrases
from pbx.rules.numbers import believed
from pbx.store.ids import new_id

log = logging.getLogger(__name__)

KEY_WAIT_S = 5.0
LONGEST_PLAYBACK_S = 1200.0
# Asterisk tells the end of a recording within milliseconds of a stop or a hang-up.
RECORDING_END_S = 5.0
# What Asterisk makes by itself, for whoever would hear nothing; it goes on until it is stopped.
TONE, TONE_S = "tone:1000", 0.3
NEUTRAL, BEEP = "neutral-announcement", "beep"


class HungUp(VaxelError):
    """The caller has gone."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """How a recording ended, by which key, and how long it went on; what it holds is for the judge to say. `fault`:
    nobody ended it, as when the disk is full, which Asterisk tells like any other end."""

    by: Literal["key", "hang-up", "limit", "fault"]
    seconds: float
    key: str = ""


class Call:
    """One call in our hands.

    `company`, `target`, `language` and `phone` are what the dialplan found; `phone` is the SIP user of the
    authenticated phone the call comes from, "" for calls from outside. `again` after an interruption.
    """

    def __init__(self, ari: Ari, inbox: Inbox, entered: Entered, shelf: Shelf, phrases: Phrases) -> None:
        self.id = entered.channel
        self.name = entered.name
        flow, company, target, language, phone, tries = (*entered.args, *[""] * 6)[:6]
        self.caller = believed(entered.caller, phone)
        self.flow = flow
        self.company = company
        self.target = target
        self.language = "en" if language == "en" else "sv"
        self.phone = phone
        self.again = tries != ""
        self._ari = ari
        self._inbox = inbox
        self._shelf = shelf
        self._phrases = phrases
        self._keys: deque[str] = deque()
        self._left = False
        self._playing = ""

    # ------------------------------------------------------------------ speaking

    async def play(self, *sounds: str) -> None:
        """Play phrases (by key) and published files (by media name) as one; a key cuts it short.

        The key stays for the next question, and with a key already waiting nothing is played: whoever
        knows the way need not listen. A phrase that is not there is heard in the other language; a list that
        is all gone, or cannot be played, is a neutral phrase, and without that a tone, so no play is silent.
        """
        self._drain()
        if self._keys:
            return
        for media in self._choices(sounds):
            if await self._played(media):
                return
        await self._tone()

    async def ask(self, *sounds: str, timeout_s: float = KEY_WAIT_S) -> str | None:
        """The first key pressed since the last question, while the sounds play or within `timeout_s` after."""
        await self.play(*sounds)
        return await self._key(timeout_s)

    async def digits(self, *sounds: str, most: int, timeout_s: float = KEY_WAIT_S) -> str:
        """Digits up to `#`, up to `most`, or up to a pause of `timeout_s`."""
        entered = ""
        key = await self.ask(*sounds, timeout_s=timeout_s)
        while key not in (None, "#"):
            entered += str(key)
            if len(entered) == most:
                break
            key = await self._key(timeout_s)
        return entered

    def forget_keys(self) -> None:
        """What was typed ahead does not answer the next question."""
        self._drain()
        self._keys.clear()

    # ------------------------------------------------------------------ listening

    async def record(self, name: str, *, end_keys: str, max_s: int) -> Recorded:
        """After the tone, record into the spool as `name`.sln16 until a key of `end_keys`, a hang-up, or `max_s` s.

        Raises HungUp only if the caller was gone before it began.
        """
        self.forget_keys()
        await self.play(BEEP)
        self.forget_keys()
        self._still_here()
        await self._request(
            "POST", f"channels/{self.id}/record",
            name=name, format="sln16", maxDurationSeconds=max_s, ifExists="fail", beep="false", terminateOn="none",
        )  # fmt: skip
        began, stopped, key, since = False, False, "", time.monotonic()
        try:
            async with asyncio.timeout(max_s + RECORDING_END_S) as limit:
                while True:
                    match await self._event():
                        case RecordingBegan(recording=this) if this == name:
                            began, since = True, time.monotonic()
                        case Key(digit=digit) if digit in end_keys:
                            key = key or digit
                        case RecordingEnded(recording=this) if this == name:
                            break
                        case Left():
                            limit.reschedule(asyncio.get_running_loop().time() + 1)
                            continue
                    # A stop that comes before the recording has begun does not reach it.
                    if began and key and not stopped:
                        stopped = True
                        await self._stop(f"recordings/live/{name}/stop", method="POST")
        except TimeoutError:
            log.warning("nobody told that recording %s has ended; its file decides", name)
        seconds = time.monotonic() - since
        if not key and seconds < max_s - 1:
            await self._left_within(1.0)  # the end of the recording is told before the hang-up that ended it
        self._keys.clear()
        by: Literal["key", "hang-up", "limit", "fault"] = "limit" if seconds >= max_s - 1 else "fault"
        return Recorded("key" if key else "hang-up" if self._left else by, seconds, key)

    # ------------------------------------------------------------------ the runner's

    async def take(self) -> None:
        """Make the call ours: the dialplan's limit on nobody taking it no longer counts."""
        await self._request(
            "POST", f"channels/{self.id}/variable", variable="TIMEOUT(absolute)", value="0"
        )  # fmt: skip

    async def lead(self, context: str, extension: str) -> None:
        await self._hush()
        await self._request(
            "POST", f"channels/{self.id}/continue", context=context, extension=extension, priority=1
        )  # fmt: skip

    async def hang_up(self) -> None:
        await self._request("DELETE", f"channels/{self.id}")

    # ------------------------------------------------------------------ inside

    async def _event(self) -> Event:
        event = await self._inbox.get()
        self._note(event)
        return event

    def _note(self, event: Event) -> None:
        match event:
            case Key(digit=digit):
                self._keys.append(digit)
            case Left():
                self._left = True
            case SwitchLost():
                raise LostSwitch

    def _drain(self) -> None:
        while not self._inbox.empty():
            self._note(self._inbox.get_nowait())

    def _still_here(self) -> None:
        if self._left:
            raise HungUp

    def _still_here_or_keyed(self) -> None:
        """Whoever presses a key and hangs up at once has pressed it: the flow gets the key, its next verb raises."""
        if not self._keys:
            self._still_here()

    async def _key(self, timeout_s: float) -> str | None:
        self._drain()
        if not self._keys:
            # Sends silence until something is played. Without it no packet goes to the phone meanwhile, and carriers
            # drop the call; after a take was played from the spool, Asterisk does not read the phone's keys either.
            await self._sounds(f"channels/{self.id}/silence")
        try:
            async with asyncio.timeout(timeout_s):
                while not self._keys:
                    self._still_here()
                    await self._event()
        except TimeoutError:
            return None
        return self._keys.popleft()

    def _choices(self, sounds: Sequence[str]) -> Iterator[list[str]]:
        """What there is of the sounds; and for when that cannot be played, a neutral phrase, in either language."""
        if present := [media for sound in sounds if (media := self._found(sound))]:
            yield present
        if sounds == (BEEP,):  # whoever waits for a tone is told nothing by a sentence
            return
        for lang in self._languages():
            if self._shelf.holds(media := self._phrases.media(NEUTRAL, lang)):
                yield [media]

    def _found(self, sound: str) -> str | None:
        """The media name of a published file, or of a phrase in the caller's language, else in another."""
        names = [sound] if ":" in sound else [self._phrases.media(sound, lang) for lang in self._languages()]
        found = next((name for name in names if self._shelf.holds(name)), None)
        if found != names[0]:
            log.error("no file to play for %s; in its place: %s", names[0], found)
        return found

    def _languages(self) -> list[str]:
        """The caller's first."""
        return sorted(LANGUAGES, key=lambda lang: lang != self.language)

    async def _played(self, media: Sequence[str]) -> bool:
        """Until it is over, or cut short by a key. False if Asterisk could not play it."""
        await self._hush()
        playback = self._playing = new_id()
        over = await self._heard(playback, media)
        self._playing = ""
        return over

    async def _heard(self, playback: str, media: Sequence[str]) -> bool:
        if not await self._sounds(f"channels/{self.id}/play/{playback}", media=",".join(media)):
            return True
        stopped = False
        async with asyncio.timeout(LONGEST_PLAYBACK_S):
            while True:
                match await self._event():
                    case Played(playback=ended, failed=False) if ended == playback:
                        return True
                    case Played(playback=ended) if ended == playback:
                        await self._left_within(0.5)  # a hang-up is told as a failure first, and then as what it is
                        if not self._left:
                            log.error("Asterisk could not play %s", media)
                        self._still_here_or_keyed()
                        return self._left or bool(self._keys)
                    case Key() if not stopped:
                        stopped = True
                        await self._stop(f"playbacks/{playback}")
                    case Left():
                        self._still_here_or_keyed()
                        return True

    async def _hush(self) -> None:
        """What a flow was called away from, because its time was up, ends before anything else is heard: Asterisk plays
        one after the other."""
        if self._playing:
            await self._stop(f"playbacks/{self._playing}")
            self._playing = ""

    async def _tone(self) -> None:
        playback = new_id()
        await self._sounds(f"channels/{self.id}/play/{playback}", media=TONE)
        await self._left_within(TONE_S)
        await self._stop(f"playbacks/{playback}")

    async def _sounds(self, uri: str, **query: object) -> bool:
        """Have something heard. False where they have hung up, but pressed a key before, as `_still_here_or_keyed`."""
        try:
            await self._request("POST", uri, **query)
        except HungUp:
            await self._left_within(1.0)  # the key may still be on its way to us; the hang-up comes after it
            if not self._keys:
                raise
            return False
        return True

    async def _request(self, method: str, uri: str, **query: object) -> Any:
        self._still_here()
        try:
            return await self._ari.ask(method, uri, None, **query)
        except Gone as error:
            raise HungUp from error
        except NotOurs:
            # Somebody led the call away (the survival redirect), or a name is taken, which is a fault of ours.
            await self._left_within(1.0)
            if self._left:
                raise HungUp from None
            raise

    async def _left_within(self, limit_s: float) -> None:
        try:
            async with asyncio.timeout(limit_s):
                while not self._left:
                    self._note(await self._inbox.get())
        except TimeoutError:
            return

    async def _stop(self, uri: str, method: str = "DELETE") -> None:
        try:
            await self._ari.ask(method, uri)
        except (Gone, NotOurs):  # a recording that ends just now, by a hang-up, answers that it is in no session
            log.debug("%s had ended by itself", uri)
