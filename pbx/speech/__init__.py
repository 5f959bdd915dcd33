"""Text to speech behind one small protocol; espeak-ng by pyttsx3 first, in a child process."""

from typing import Protocol

from pbx.audio.pcm import Pcm
from pbx.errors import VaxelError


class CannotSpeak(VaxelError):
    """The engine is not there, failed, took too long, or found nothing to say in the text."""


class Voice(Protocol):
    """Speaks a text. `name` tells engine and voices apart in logs and in what is stored."""

    @property
    def name(self) -> str: ...

    def recipe(self, text: str, lang: str) -> str:
        """What the sound depends on, as hex sha256: equal recipes mean the same sound, though not the same bytes."""

    async def speak(self, text: str, lang: str) -> Pcm:
        """The text in mono, 16 kHz, as loud as the engine makes it. Raises `CannotSpeak`."""
