"""Texts as people write them, made into words that any voice reads right: `kl. 13.30`, `08-123 45 67`, `1 234 kr`.

Pure, and safe for whatever comes: the result holds words and punctuation only, no markup of any engine.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pbx.rules.said import english, swedish
from pbx.rules.said.cleaning import clean, shown
from pbx.rules.said.pauses import parts
from pbx.rules.said.rewriting import Rule, rewrite

_RULES: Mapping[str, tuple[Rule, ...]] = {"sv": swedish.RULES, "en": english.RULES}
_MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """`words` to be said in one breath, and `pause_s` seconds of silence after them."""

    words: str
    pause_s: float


def pieces(text: str, lang: str) -> list[Piece]:
    """The text in `lang`; no piece where there is nothing to say, and no silence after the last one."""
    said = [(words(part.text, lang), part.pause_s) for part in parts(clean(text))[:_MOST_PARTS]]
    kept = [Piece(each, pause) for each, pause in said if any(c.isalnum() for c in each)]
    return [*kept[:-1], *(Piece(last.words, 0.0) for last in kept[-1:])]


def words(text: str, lang: str) -> str:
    """One line of clean text in words. A language that we have no rules for is left as it is written."""
    return shown(rewrite(text, _RULES.get(lang, ())))


__all__ = ["Piece", "pieces", "words"]
