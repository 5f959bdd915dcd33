"""Replacing what the system says by a recording of the operator's own, and taking that back."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pbx.audio import pcm as formats
from pbx.audio.decoding import RATE, Limits, decode
from pbx.errors import Refused
from pbx.library.own.folder import MASTER, OwnFolder
from pbx.library.own.notes import OwnNotes
from pbx.library.own.shaping import rendered
from pbx.phrases import LANGUAGES, Phrase, Phrases
from pbx.vault import TooFewCopies, Vault

LIMITS = Limits(seconds=120)


@dataclass(frozen=True, slots=True)
class PhraseView:
    """What is heard. `seconds`: 0 where there is no file of it at all."""

    key: str
    language: str
    whose: Literal["built", "own"]
    seconds: float
    words: str


class OwnPhrases:
    """`folder`: what Asterisk sees as /vaxel/own-sounds."""

    def __init__(self, phrases: Phrases, folder: Path, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._phrases = phrases
        self._folder = OwnFolder(folder)
        self._notes = OwnNotes(vault, clock)

    async def all(self) -> list[PhraseView]:
        """Everything that can be heard, by key."""
        names = [(key, lang) for key in self._phrases.spoken_keys() for lang in LANGUAGES]
        return await asyncio.to_thread(lambda: [self._view(*name) for name in names])

    async def replace(self, key: str, lang: str, file: Path, *, by: str) -> float:
        """Heard from the next call on; how many seconds it is.

        Refused: `phrase-unknown`, what `decode` and `judge` refuse, `vault-away`. Raises CannotConvert, OSError.
        """
        phrase = self._phrase(key, lang)
        decoded = await decode(file, LIMITS)
        pcm = await asyncio.to_thread(formats.resample, decoded.pcm48, RATE, formats.RATE)
        files, seconds = await rendered(pcm, phrase)
        await self._notes.replaced((lang, key), files[MASTER], phrase.words[lang], by)
        await asyncio.to_thread(self._folder.write, (lang, key), files)
        return seconds

    async def restore(self, key: str, lang: str, *, by: str) -> None:
        """The built one is heard again; the recording stays in the vault. Refused: `phrase-unknown`, `phrase-built`
        (it is heard already), `vault-away`."""
        self._phrase(key, lang)
        try:
            replaced = bool((await self._notes.wanted()).get((lang, key)))
        except TooFewCopies:
            raise Refused("vault-away") from None
        if not replaced and not self._folder.has_any((lang, key)):
            raise Refused("phrase-built", f"{lang}/{key}")
        await self._notes.restored((lang, key), by)
        await asyncio.to_thread(self._folder.remove, (lang, key))

    def _phrase(self, key: str, lang: str) -> Phrase:
        if not self._phrases.is_spoken(key, lang):
            raise Refused("phrase-unknown", f"{lang}/{key}"[:80])
        return self._phrases.phrase(key)

    def _view(self, key: str, lang: str) -> PhraseView:
        seconds, words = round(self._phrases.seconds(key, lang), 2), self._phrases.words(key, lang)
        return PhraseView(key, lang, "own" if self._phrases.is_own(key, lang) else "built", seconds, words)
