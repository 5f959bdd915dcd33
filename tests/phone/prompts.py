"""Prompts for tests: 0.4 s of pseudo-speech a key and language: each sounds different and none is long."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.phone import audio, g711
from tests.phone.g711 import Pcm
from tests.phone.speech import pseudo_speech, seed_of

SECONDS = 0.4
LANGUAGES = ("sv", "en")


def write(folder: Path, keys: Iterable[str], languages: Iterable[str] = LANGUAGES, seconds: float = SECONDS) -> None:
    """`<folder>/<lang>/<key>.alaw`, `.ulaw` and `.sln16`; about 1 ms a prompt, the same bytes each time."""
    wanted = list(keys)
    for lang in languages:
        for key in wanted:
            write_one(folder / lang / key, pseudo_speech(seed_of(lang, key), seconds))


def write_one(base: Path, pcm: Pcm) -> None:
    """The three files of one prompt beside each other; `base` has no extension."""
    base.parent.mkdir(parents=True, exist_ok=True)
    base.with_name(base.name + ".alaw").write_bytes(g711.encode(pcm, 8))
    base.with_name(base.name + ".ulaw").write_bytes(g711.encode(pcm, 0))
    base.with_name(base.name + ".sln16").write_bytes(audio.up16(pcm).astype("<i2").tobytes())


def reference(folder: Path, lang: str, key: str) -> Pcm:
    """What a phone hears when this prompt is played. Also right for real prompts built by `sounds`."""
    return audio.read(folder / lang / f"{key}.alaw")
