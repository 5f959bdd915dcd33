"""Takes that are judged, encoded and rendered once by the real code, and pictures likewise; and a voice that says
little.

What turns sound into other sound depends on nothing but the sound, so its results may be kept: a step then costs what
the vault, the rows and the files cost.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np

from pbx.audio import flac, g722, rendition
from pbx.audio.judge import judge
from pbx.audio.pcm import Pcm, to_bytes
from pbx.library import keeping
from pbx.pictures.portrait import Crop, Portraits
from tests.audio.takes import telephone_speech
from tests.pictures import shots

SPEAKERS = 40
"""So many different takes there are."""
_SECONDS, _SAID_S = 1.0, 0.1


@dataclass(frozen=True, slots=True)
class Sound:
    """A take: `raw` as Asterisk writes it, `kept` as the vault keeps it, `played` as callers hear it (sln16). Or a
    picture: `raw` as somebody sends it."""

    raw: bytes
    kept: bytes
    sha256: str
    first: int
    last: int
    played: bytes


@cache
def sound(number: int) -> Sound:
    """One of SPEAKERS."""
    pcm = telephone_speech(f"model {number}", _SECONDS)
    verdict = judge(pcm)
    assert verdict.ok
    data = flac.encode(pcm)
    played = to_bytes(rendition.shape(pcm, verdict))
    return Sound(to_bytes(pcm), data, hashlib.sha256(data).hexdigest(), verdict.start, verdict.end, played)


@cache
def pictures() -> tuple[Sound, ...]:
    """What the product makes of some; not to be asked within a loop at first."""
    files = [shots.saved(shots.scene().rotate(angle), "PNG") for angle in (0, 90, 180, 270)]
    made = asyncio.run(_portraits(files))
    return tuple(
        Sound(file, jpeg, hashlib.sha256(jpeg).hexdigest(), 0, 1, b"") for file, jpeg in zip(files, made, strict=True)
    )


async def _portraits(files: Sequence[bytes]) -> list[bytes]:
    return [await Portraits().of(file) for file in files]


@cache
def _sample(number: int) -> Pcm:
    return telephone_speech(f"voice {number}", _SAID_S)


class Voice:
    """Whatever it is to say, it says one of eight things."""

    name = "model"

    def about(self, lang: str) -> str:
        return self.name

    def recipe(self, text: str, lang: str) -> str:
        return hashlib.sha256(f"{lang} {text}".encode()).hexdigest()

    async def speak(self, text: str, lang: str) -> Pcm:
        return _sample(int(self.recipe(text, lang), 16) % 8)


_known: dict[tuple[Any, ...], Any] = {}


def _remembered(function: Callable[..., Any]) -> Callable[..., Any]:
    def asked(*args: Any) -> Any:
        key = (function, *map(_plain, args))
        if key not in _known:
            _known[key] = function(*args)
        return _known[key]

    return asked


def _plain(value: Any) -> Any:
    return value.tobytes() if isinstance(value, np.ndarray) else value


async def _encoded(sounds: list[bytes]) -> list[bytes]:
    new = sorted({one for one in sounds if ("g722", one) not in _known})
    for one, data in zip(new, await _G722(new), strict=True):
        _known["g722", one] = data
    return [_known["g722", one] for one in sounds]


_G722 = g722.encode


async def _portrait(self: Portraits, data: bytes, crop: Crop | None = None) -> bytes:
    return next(one.kept for one in pictures() if one.raw == data)


@contextmanager
def remembered() -> Iterator[None]:
    """The product's functions on sound and pictures, each asked once for the same."""
    pictures()
    with ExitStack() as patches:
        patches.enter_context(patch.object(Portraits, "of", _portrait))
        patches.enter_context(patch.object(keeping, "judge", _remembered(judge)))
        patches.enter_context(patch.object(g722, "encode", _encoded))
        for module, names in ((flac, ("encode", "decode")), (rendition, ("shape", "spoken", "without_g722"))):
            for name in names:
                patches.enter_context(patch.object(module, name, _remembered(getattr(module, name))))
        yield
