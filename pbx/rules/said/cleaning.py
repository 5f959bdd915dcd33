"""What may reach a voice at all, and what a text looks like when all has been said about it."""

import re
import unicodedata
from functools import lru_cache

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000\t", " "))
_DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "–", "\u2014": "–", "\u2015": "–", "\u2212": "-"})
_BREAKS = {"Cc", "Zl", "Zp"}
_UNSAID = {"Cs", "Co", "Cn", "Cf"}
# Only what can be a tag: a smaller-than sign in prose stays, and is dropped as a sign.
_TAG = re.compile(r"<[/!?]?[a-zA-Z][^<>]{0,500}>")
# No voice says these; to some engines they begin a command (`[[` phonemes, `{` and `|` in others' markup).
_SIGNS = re.compile(r"[\[\]{}|\\<>`^¬\"“”„»«]")


def clean(text: str) -> str:
    """NFC with LF as the only control character: no tags, no half or unassigned characters, no engine's commands."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(map(_plain, composed)).translate(_SPACES).translate(_DASHES)
    return _SIGNS.sub(" ", _TAG.sub(" ", kept))


def shown(text: str) -> str:
    """One space between words, none before punctuation, and no sign twice that means a pause."""
    text = re.sub(r"[_~]|\*+", " ", "".join(map(_unpictured, text)))
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([,.;:!?])", r"\1", text)
    text = re.sub(r"([,;:])[,;:]+", r"\1", text)
    return re.sub(r"[,;:]([.!?])", r"\1", text).strip(" ,;:-–")


@lru_cache(maxsize=4_096)  # texts have few different characters
def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in _UNSAID:
        return ""
    return " " if category in _BREAKS and character != "\n" else character


@lru_cache(maxsize=4_096)
def _unpictured(character: str) -> str:
    return " " if unicodedata.category(character) in {"So", "Sk"} and character != "°" else character
