"""The default voice: pyttsx3 over espeak-ng, a child process for each text (80 ms, hardly more for a long one)."""

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
        if lang not in _VOICES:
            raise CannotSpeak(f"no voice for {lang!r}")
        said = clean(text)
        if not said or len(said) > _LONGEST_TEXT:
            raise CannotSpeak(f"a text of {len(said)} characters")
        async with self._free:
            with tempfile.TemporaryDirectory(prefix="vaxel-speech-") as folder:
                out = Path(folder) / "said.wav"
                await _child({"text": said, "out": str(out), **_knobs(lang)})
                return await asyncio.to_thread(_read, out)


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


async def _child(question: dict[str, str | int]) -> None:
    # -P: its own folder is not searched for modules. -S and a path of our own: what a site brings in at the start
    # of every Python costs a third of the whole child.
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-S", str(_CHILD)),
        env={**os.environ, "PYTHONPATH": _packages()},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(_TIME_LIMIT_S):
            _, told = await child.communicate(json.dumps(question).encode())
    except TimeoutError as error:
        raise CannotSpeak(f"took more than {_TIME_LIMIT_S:.0f} s") from error
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
    if child.returncode:
        why = _WHY.get(child.returncode, f"ended with {child.returncode}")
        raise CannotSpeak(f"{why}: {told.decode(errors='replace')[-300:]}")


def _read(path: Path) -> Pcm:
    try:
        with wave.open(str(path)) as file:
            rate, samples = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")
    except (OSError, EOFError, wave.Error) as error:
        raise CannotSpeak(f"no file came: {error}") from error
    if len(samples) < _SHORTEST_S * rate:
        raise CannotSpeak("nothing was said")
    return resample(samples.astype(np.int16), rate, RATE)
