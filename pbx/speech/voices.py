"""Voices by their names: made once each, since an engine may keep a model loaded."""

from collections.abc import Mapping
from pathlib import Path

from pbx.rules.voice_names import VoiceName
from pbx.speech import CannotSpeak, Voice, models
from pbx.speech.espeak_voice import EspeakVoice
from pbx.speech.piper_voice import PiperVoice
from pbx.speech.pyttsx3_voice import Pyttsx3Voice
from pbx.speech.speaker import Speaker


class Voices:
    """`folder`: of piper's models, if the operator has any. `chosen`: by language."""

    def __init__(self, folder: Path | None, chosen: Mapping[str, VoiceName]) -> None:
        self._folder = folder
        self._chosen = dict(chosen)
        self._made: dict[tuple[VoiceName, str], Voice] = {}

    def speaker(self, lang: str = "", name: VoiceName | None = None) -> Speaker:
        """The chosen voices, in `lang` the one of that name. Raises `CannotSpeak` where one cannot be had."""
        chosen = {**self._chosen, **({lang: name} if name else {})}
        return Speaker({its_lang: self._of(its_name, its_lang) for its_lang, its_name in chosen.items()})

    async def close(self) -> None:
        """Ends programs that stay."""
        for voice in self._made.values():
            if isinstance(voice, PiperVoice):
                await voice.close()

    def _of(self, name: VoiceName, lang: str) -> Voice:
        if (name, lang) not in self._made:
            self._made[name, lang] = self._make(name, lang)
        return self._made[name, lang]

    def _make(self, name: VoiceName, lang: str) -> Voice:
        if name.engine == "piper":
            model = models.find(self._folder, name.voice)
            if model.lang != lang:
                raise CannotSpeak(f"{name} speaks {model.lang}, not {lang}")
            return PiperVoice(model)
        if not name.speaks(lang):
            raise CannotSpeak(f"{name} does not speak {lang}")
        return EspeakVoice({lang: name.voice}) if name.engine == "espeak" else Pyttsx3Voice(voices={lang: name.voice})
