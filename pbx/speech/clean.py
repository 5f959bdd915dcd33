"""What every engine gets, and what is made of what it gives back."""

import hashlib
import json
import re
import unicodedata
import wave
from functools import lru_cache
from pathlib import Path

import numpy as np

from pbx.audio.pcm import RATE, Pcm, resample
from pbx.speech import CannotSpeak

LONGEST_TEXT = 2_000  # characters: pyttsx3's buffer grows by the square
SHORTEST_S = 0.1
_SILENT = 30  # of 32,767; a text of dots alone becomes a pause


def clean(text: str) -> str:
    """NFC, one space between words, no control characters or half characters."""
    composed = unicodedata.normalize("NFC", text)
    return re.sub(r"\s+", " ", "".join(map(_plain, composed))).strip()


def sayable(text: str) -> str:
    """The same. Raises `CannotSpeak` for nothing, or too much."""
    said = clean(text)
    if not said or len(said) > LONGEST_TEXT:
        raise CannotSpeak(f"a text of {len(said)} characters")
    return said


def recipe_of(**parts: str | int) -> str:
    """Hex sha256 of all that a sound depends on."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def from_wav(path: Path) -> Pcm:
    """A file that an engine has written, whatever its rate. Raises `CannotSpeak`."""
    try:
        with wave.open(str(path)) as file:
            rate, samples = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")
    except (OSError, EOFError, ValueError, wave.Error) as error:
        raise CannotSpeak(f"no file came: {error}") from error
    if not (np.abs(samples.astype(np.int32)) > _SILENT).any():
        raise CannotSpeak("nothing was said")
    return at_our_rate(samples, rate)


def at_our_rate(samples: Pcm, rate: int) -> Pcm:
    """Raises `CannotSpeak` where nothing was said."""
    if len(samples) < SHORTEST_S * rate:
        raise CannotSpeak("nothing was said")
    return resample(samples.astype(np.int16), rate, RATE)


@lru_cache(maxsize=4_096)  # texts have few different characters
def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cs", "Co", "Cn"}:
        return ""
    return " " if category in {"Cc", "Zl", "Zp"} else character
