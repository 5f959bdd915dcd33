"""Voices by their names: made once each, since an engine may keep a model loaded."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from pbx.rules.voice_names import VoiceName, voice_name
from pbx.speech import CannotSpeak, Voice, models
from pbx.speech.espeak_voice import EspeakVoice
from pbx.speech.piper_voice import PiperVoice
from pbx.speech.pyttsx3_voice import VOICES, Pyttsx3Voice
from pbx.speech.speaker import Speaker

log = logging.getLogger(__name__)


class Voices:
    """`folder`: of piper's models, if the operator has any. `chosen`: by language."""

    def __init__(self, folder: Path | None, chosen: Mapping[str, VoiceName]) -> None:
        self._folder = folder
        self._chosen = dict(chosen)
        self._made: dict[tuple[VoiceName, str], Voice] = {}

    def speaker(self, lang: str = "", name: VoiceName | None = None) -> Speaker:
        """The chosen voices, in `lang` the one of that name. Raises `CannotSpeak` where that one cannot be had; for a
        chosen one that cannot, the default voice of its language speaks, since calls go on."""
        named: dict[str, Voice] = {lang: self._of(name, lang)} if name else {}
        return Speaker({one: named.get(one) or self._chosen_or_default(one) for one in {**self._chosen, **named}})

    def why_not(self, lang: str) -> str | None:
        """Why the chosen voice of that language cannot be had; None if it can."""
        return self._why_not(self._chosen[lang], lang)

    def offered(self, lang: str) -> list[VoiceName]:
        """What a person may choose from: first the chosen one, for which another speaks where it cannot be had, then a
        woman's and a man's, and the operator's models. Looks into the folder of models."""
        chosen = self._chosen[lang]
        others = [VoiceName("espeak", f"{lang}+f2"), VoiceName("espeak", f"{lang}+m3")]
        for model in models.names(self._folder):
            with suppress(ValueError):  # a file's name that nobody can give
                others.append(voice_name(f"piper:{model}"))
        return [chosen, *(one for one in others if one != chosen and self._why_not(one, lang) is None)]

    async def close(self) -> None:
        """Ends programs that stay."""
        for voice in self._made.values():
            if isinstance(voice, PiperVoice):
                await voice.close()

    def _why_not(self, name: VoiceName, lang: str) -> str | None:
        try:
            self._of(name, lang)
        except CannotSpeak as error:
            return str(error)
        return None

    def _chosen_or_default(self, lang: str) -> Voice:
        name, default = self._chosen[lang], VoiceName("pyttsx3", VOICES[lang])
        if why_not := self.why_not(lang):
            log.error("the voice %s cannot be had, %s speaks in its place: %s", name, default, why_not)
            return self._of(default, lang)
        return self._of(name, lang)

    def _of(self, name: VoiceName, lang: str) -> Voice:
        if (name, lang) not in self._made:
            self._made[name, lang] = self._make(name, lang)
        return self._made[name, lang]

    def _make(self, name: VoiceName, lang: str) -> Voice:
        if name.engine == "piper":
            if find_spec("piper") is None:
                raise CannotSpeak("piper is not installed here: pip install piper-tts")
            model = models.find(self._folder, name.voice)
            if model.lang != lang:
                raise CannotSpeak(f"{name} speaks {model.lang}, not {lang}")
            return PiperVoice(model)
        if not name.speaks(lang):
            raise CannotSpeak(f"{name} does not speak {lang}")
        return EspeakVoice({lang: name.voice}) if name.engine == "espeak" else Pyttsx3Voice(voices={lang: name.voice})
