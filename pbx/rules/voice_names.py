"""The names of voices, as settings and people give them: `pyttsx3:sv`, `espeak:sv+f2`, `piper:sv_SE-nst-medium`."""

import re
from dataclasses import dataclass

# Only what is written here ever reaches an engine as the name of a voice or a file.
_ESPEAK = re.compile(r"(sv|en(?:-gb|-us)?)(\+[mf][1-5])?")
_PIPER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True)
class VoiceName:
    """`engine`: pyttsx3, espeak or piper. `voice`: the engine's own name for it; of piper the model's file without
    ending."""

    engine: str
    voice: str

    def __str__(self) -> str:
        return f"{self.engine}:{self.voice}"

    def speaks(self, lang: str) -> bool:
        """Whether it may speak it, as far as its name tells; a model says so itself."""
        return self.engine == "piper" or self.voice.startswith(lang)


def voice_name(text: str) -> VoiceName:
    """ValueError for what is no voice's name."""
    engine, _, voice = text.strip().partition(":")
    allowed = {"pyttsx3": _ESPEAK, "espeak": _ESPEAK, "piper": _PIPER}.get(engine)
    if allowed is None or not allowed.fullmatch(voice):
        raise ValueError("is no voice, as in pyttsx3:sv, espeak:sv+f2 or piper:NAME")
    return VoiceName(engine, voice)
