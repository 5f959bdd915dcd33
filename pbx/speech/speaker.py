"""The voice that the rest of the house knows: texts in words, each piece by its language's engine, silence between."""

import hashlib
import json
from collections.abc import Mapping

import numpy as np

from pbx.audio.pcm import RATE, Pcm
from pbx.rules.said import Piece, pieces
from pbx.speech import CannotSpeak, Voice, speak_all

_VERSION = 1  # counts up when pieces are joined in another way


class Speaker:
    """`voices`: an engine for each language."""

    def __init__(self, voices: Mapping[str, Voice]) -> None:
        self._voices = voices

    @property
    def name(self) -> str:
        return ", ".join(f"{lang}: {voice.name}" for lang, voice in self._voices.items())

    def about(self, lang: str) -> str:
        return self._voices[lang].about(lang)

    def recipe(self, text: str, lang: str) -> str:
        """Of the words that are really said, and the silence between them. A language that nobody speaks has a recipe
        too, which never becomes a sound."""
        voice = self._voices.get(lang)
        parts = [
            (voice.recipe(piece.words, lang) if voice else piece.words, piece.pause_s) for piece in pieces(text, lang)
        ]
        return hashlib.sha256(json.dumps([_VERSION, parts]).encode("utf-8", "replace")).hexdigest()

    async def speak(self, text: str, lang: str) -> Pcm:
        """Raises `CannotSpeak`."""
        (said,) = await self.speak_many([(text, lang)])
        if isinstance(said, CannotSpeak):
            raise said
        return said

    async def speak_many(self, texts: list[tuple[str, str]]) -> list[Pcm | CannotSpeak]:
        """Texts with their languages; each is spoken whole, or says why not."""
        wanted = [(pieces(text, lang), lang) for text, lang in texts]
        heard = {lang: iter(await self._in(lang, wanted)) for lang in {lang for _, lang in wanted}}
        return [_joined([(piece, next(heard[lang])) for piece in found]) for found, lang in wanted]

    async def _in(self, lang: str, wanted: list[tuple[list[Piece], str]]) -> list[Pcm | CannotSpeak]:
        words = [(piece.words, lang) for found, its_lang in wanted if its_lang == lang for piece in found]
        voice = self._voices.get(lang)
        if voice is None:
            return [CannotSpeak(f"no voice for {lang!r}") for _ in words]
        return await speak_all(voice, words)


def _joined(said: list[tuple[Piece, Pcm | CannotSpeak]]) -> Pcm | CannotSpeak:
    """One piece that could not be said makes the whole text unsaid: half a sentence misleads."""
    sounds: list[Pcm] = []
    for piece, sound in said:
        if isinstance(sound, CannotSpeak):
            return sound
        sounds += [sound, np.zeros(round(piece.pause_s * RATE), np.int16)]
    return np.concatenate(sounds) if sounds else CannotSpeak("there is nothing to say in it")
