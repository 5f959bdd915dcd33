"""The default voice: pyttsx3 over espeak-ng, in child processes (80 ms a text, 20 ms among many)."""

import asyncio
import contextlib
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unicodedata
import wave
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from pbx.audio.pcm import RATE, Pcm, resample
from pbx.speech import CannotSpeak

_CHILD = Path(__file__).with_name("child.py")
_VOICES = {"sv": "sv", "en": "en"}  # the only names that ever reach the engine
_RATES = {"sv": 145, "en": 150}  # words a minute; the driver's 200 is too fast for a telephone
_PITCH = 45
_LONGEST_TEXT = 2_000  # characters: the driver's buffer grows by the square
_TIME_LIMIT_S = 30.0
_SHORTEST_S = 0.1
_AT_ONCE = 2
_WHY = {3: "the engine failed", 4: "it took too long, or its file could not be written"}


class Pyttsx3Voice:
    """Speaks Swedish and English. At most two children at a time."""

    name = "pyttsx3 espeak-ng"

    def __init__(self, at_once: int = _AT_ONCE) -> None:
        self._free = asyncio.Semaphore(at_once)

    def recipe(self, text: str, lang: str) -> str:
        return recipe(text, lang)

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
                asked = [_question(text, lang, Path(folder) / f"{at}.wav") for at, (text, lang) in enumerate(texts)]
                codes = iter(await _child([question for question in asked if isinstance(question, dict)]))
                return [
                    question
                    if isinstance(question, CannotSpeak)
                    else await asyncio.to_thread(_said, question, next(codes))
                    for question in asked
                ]


def recipe(text: str, lang: str) -> str:
    """Hex sha256 of engine, versions, voice, rate, pitch and the cleaned text. The sound itself is not hashed: espeak
    gives other bytes for the same text now and then."""
    parts = {"engine": engine_version(), "text": clean(text), **_knobs(lang)}
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def clean(text: str) -> str:
    """What the engine may get: NFC, one space between words, no control characters or half characters."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in composed if not _half(c))
    return re.sub(r"\s+", " ", kept).strip()


@cache
def engine_version() -> str:
    """pyttsx3's version and espeak-ng's, which is asked for once."""
    try:
        told = subprocess.run(["espeak-ng", "--version"], capture_output=True, timeout=10, check=False).stdout.decode()  # noqa: S607
    except (OSError, subprocess.TimeoutExpired):
        told = ""
    espeak = re.search(r"\d+(\.\d+)+", told)
    return f"pyttsx3 {version('pyttsx3')}, espeak-ng {espeak.group() if espeak else 'unknown'}"


@cache
def _packages() -> str:
    """The folder that pyttsx3 is installed in."""
    found = find_spec("pyttsx3")
    if found is None or found.origin is None:
        raise CannotSpeak("pyttsx3 is not installed")
    return str(Path(found.origin).parent.parent)


def _half(character: str) -> bool:
    return unicodedata.category(character) in {"Cs", "Co", "Cn"}


def _knobs(lang: str) -> dict[str, str | int]:
    return {"voice": _VOICES[lang], "rate": _RATES[lang], "pitch": _PITCH}


Question = dict[str, str | int]


def _question(text: str, lang: str, out: Path) -> Question | CannotSpeak:
    if lang not in _VOICES:
        return CannotSpeak(f"no voice for {lang!r}")
    said = clean(text)
    if not said or len(said) > _LONGEST_TEXT:
        return CannotSpeak(f"a text of {len(said)} characters")
    return {"text": said, "out": str(out), **_knobs(lang)}


async def _child(questions: list[Question]) -> list[int | str]:
    """A code for each question, or words when the child as a whole came to nothing."""
    if not questions:
        return []
    # -P: its own folder is not searched for modules. -S and a path of our own: what a site brings in at the start
    # of every Python costs a third of the whole child.
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-S", str(_CHILD)),
        env={**os.environ, "PYTHONPATH": _packages()},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(_TIME_LIMIT_S + len(questions)):
            told, complaint = await child.communicate(json.dumps(questions).encode())
    except TimeoutError:
        return ["it took too long"] * len(questions)
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
    if child.returncode:
        return [f"the child ended with {child.returncode}: {complaint.decode(errors='replace')[-300:]}"] * len(
            questions
        )
    codes: list[int | str] = json.loads(told)
    return codes


def _said(question: Question, code: int | str) -> Pcm | CannotSpeak:
    if code != 0:
        return CannotSpeak(_WHY.get(code, f"the engine ended with {code}") if isinstance(code, int) else code)
    try:
        with wave.open(str(question["out"])) as file:
            rate, samples = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")
    except (OSError, EOFError, wave.Error) as error:
        return CannotSpeak(f"no file came: {error}")
    if len(samples) < _SHORTEST_S * rate:
        return CannotSpeak("nothing was said")
    return resample(samples.astype(np.int16), rate, RATE)
