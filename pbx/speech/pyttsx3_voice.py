"""The default voice: pyttsx3 over espeak-ng, in child processes (80 ms a text, 20 ms among many)."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from pbx.audio.pcm import Pcm
from pbx.speech import CannotSpeak
from pbx.speech.clean import clean, from_wav, recipe_of, sayable
from pbx.speech.programs import espeak_version, run

VOICES = {"sv": "sv", "en": "en"}
RATES = {"sv": 145, "en": 150}  # words a minute; the driver's 200 is too fast for a telephone
PITCH = 45
_CHILD = Path(__file__).with_name("child.py")
_TIME_LIMIT_S = 30.0
_AT_ONCE = 2
_WHY = {3: "the engine failed", 4: "it took too long, or its file could not be written", -14: "it took too long"}

Question = dict[str, str | int]


class Pyttsx3Voice:
    """Speaks Swedish and English. At most two children at a time. `voices`: espeak-ng's names by language, the only
    ones that ever reach the engine."""

    name = "pyttsx3 espeak-ng"

    def __init__(
        self, at_once: int = _AT_ONCE, voices: Mapping[str, str] = VOICES, time_limit_s: float = _TIME_LIMIT_S
    ) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._voices = voices
        self._time_limit_s = time_limit_s

    def about(self, lang: str) -> str:
        return f"{engine_version()}, {self._voices[lang]}, {RATES[lang]} wpm, pitch {PITCH}"

    def recipe(self, text: str, lang: str) -> str:
        """The sound itself is not hashed: espeak gives other bytes for the same text now and then. `told`: how rate and
        pitch are; what was made otherwise may be too quick."""
        return recipe_of(engine=engine_version(), text=clean(text), told="with the text", **self._knobs(lang))

    async def speak(self, text: str, lang: str) -> Pcm:
        """Raises `CannotSpeak`. A cancelled call leaves no child behind."""
        (said,) = await self.speak_many([(text, lang)])
        if isinstance(said, CannotSpeak):
            raise said
        return said

    async def speak_many(self, texts: list[tuple[str, str]]) -> list[Pcm | CannotSpeak]:
        """Texts with their languages, by one child; each is spoken or says why not. At most some dozens at a time."""
        async with self._free:
            with tempfile.TemporaryDirectory(prefix="vaxel-speech-") as folder:
                asked = [self._question(*text, Path(folder) / f"{at}.wav") for at, text in enumerate(texts)]
                codes = iter(await self._child([question for question in asked if isinstance(question, dict)]))
                return [
                    question
                    if isinstance(question, CannotSpeak)
                    else await asyncio.to_thread(_said, question, next(codes))
                    for question in asked
                ]

    def _knobs(self, lang: str) -> Question:
        return {"voice": self._voices[lang], "rate": RATES[lang], "pitch": PITCH}

    def _question(self, text: str, lang: str, out: Path) -> Question | CannotSpeak:
        if lang not in self._voices:
            return CannotSpeak(f"no voice for {lang!r}")
        try:
            return {"text": sayable(text), "out": str(out), **self._knobs(lang)}
        except CannotSpeak as error:
            return error

    async def _child(self, questions: list[Question]) -> list[int | str]:
        """A code for each question, or words when the child as a whole came to nothing."""
        if not questions:
            return []
        # -P: its own folder is not searched for modules. -S and a path of our own: what a site brings in at the start
        # of every Python costs a third of the whole child.
        argv, env = (sys.executable, "-P", "-S", str(_CHILD)), {"PYTHONPATH": _packages()}
        limit_s = self._time_limit_s + len(questions)
        try:
            ended = await run(*argv, given=json.dumps(questions).encode(), limit_s=limit_s, env=env)
        except CannotSpeak as error:
            return [str(error)] * len(questions)
        if ended.code:
            return [f"the child ended with {ended.code}: {ended.complaint}"] * len(questions)
        codes: list[int | str] = json.loads(ended.told)
        return codes


def recipe(text: str, lang: str) -> str:
    """Of the default voices."""
    return Pyttsx3Voice().recipe(text, lang)


@cache
def engine_version() -> str:
    """pyttsx3's version and espeak-ng's."""
    return f"pyttsx3 {version('pyttsx3')}, espeak-ng {espeak_version()}"


@cache
def _packages() -> str:
    """The folder that pyttsx3 is installed in."""
    found = find_spec("pyttsx3")
    if found is None or found.origin is None:
        raise CannotSpeak("pyttsx3 is not installed")
    return str(Path(found.origin).parent.parent)


def _said(question: Question, code: int | str) -> Pcm | CannotSpeak:
    if code != 0:
        return CannotSpeak(_WHY.get(code, f"the engine ended with {code}") if isinstance(code, int) else code)
    try:
        return from_wav(Path(str(question["out"])))
    except CannotSpeak as error:
        return error
