"""Text to speech behind one small protocol; espeak-ng by pyttsx3 first, in a child process."""

from typing import Protocol, runtime_checkable

from pbx.audio.pcm import Pcm
from pbx.errors import VaxelError

_PATIENCE = 2


class CannotSpeak(VaxelError):
    """The engine is not there, failed, took too long, or found nothing to say in the text."""


class TooLate(CannotSpeak):
    """It took longer than its time limit. What was begun is ended."""


class Voice(Protocol):
    """Speaks a text. `name` tells engine and voices apart in logs."""

    @property
    def name(self) -> str: ...

    def about(self, lang: str) -> str:
        """Engine, its version, voice and rate, for people: what stands at a version that it has spoken."""

    def recipe(self, text: str, lang: str) -> str:
        """What the sound depends on, as hex sha256: equal recipes mean the same sound, though not the same bytes."""

    async def speak(self, text: str, lang: str) -> Pcm:
        """The text in mono, 16 kHz, as loud as the engine makes it. Raises `CannotSpeak`."""


@runtime_checkable
class SpeaksMany(Protocol):
    """A voice that says many texts for little more than the price of one."""

    async def speak_many(self, texts: list[tuple[str, str]]) -> list[Pcm | CannotSpeak]:
        """Texts with their languages; each is spoken or says why not. At most some dozens at a time."""


async def speak_all(voice: Voice, texts: list[tuple[str, str]]) -> list[Pcm | CannotSpeak]:
    """The same by any voice. One that was too late twice is not asked for the rest: a voice that hangs may cost a time
    limit, not one for each text."""
    if isinstance(voice, SpeaksMany):
        return await voice.speak_many(texts) if texts else []
    said: list[Pcm | CannotSpeak] = []
    for text in texts:
        late = sum(isinstance(each, TooLate) for each in said)
        said.append(await _said(voice, *text) if late < _PATIENCE else CannotSpeak("the voice hangs"))
    return said


async def _said(voice: Voice, text: str, lang: str) -> Pcm | CannotSpeak:
    try:
        return await voice.speak(text, lang)
    except CannotSpeak as error:
        return error
