"""Where a text is silent: after `…`, and between paragraphs. Each part is spoken for itself and joined with silence."""

import re
from dataclasses import dataclass

PARAGRAPH_S, ELLIPSIS_S, LONGEST_S = 0.7, 0.5, 2.0
_LONGEST_PART = 700  # characters: within what every engine takes, also when numbers have become words
_SENTENCE_S = 0.3
_BREAK = re.compile(r"(\n[ \n]*\n|(?:…|\.{3,})[ \n.…]*)")
_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-ZÅÄÖ0-9])")
# A new line is a pause only where a new thing begins, as in a list; a text may also be wrapped.
_NEW_THING = re.compile(r"(?<=[^\s.,;:!?–-])[ ]*\n[ ]*(?=[A-ZÅÄÖ0-9•*-])")
_BULLET = re.compile(r"(?:^|(?<=\n))[ ]*[-–•*·][ ]+")


@dataclass(frozen=True, slots=True)
class Part:
    """Of a text: one line, and the seconds of silence after it."""

    text: str
    pause_s: float


def parts(text: str) -> list[Part]:
    """In order. Dots alone are a part without words: its pause belongs to the part before."""
    split = [*_BREAK.split(_BULLET.sub("", text)), ""]
    found = [Part(_line(part), _silence(gap)) for part, gap in zip(split[::2], split[1::2], strict=True)]
    return [short for part in found for short in _shortened(part)]


def _line(text: str) -> str:
    return " ".join(_NEW_THING.sub(", ", text.strip()).split())


def _silence(gap: str) -> float:
    dots = len(re.findall(r"…|\.{3}", gap))
    return min(LONGEST_S, ELLIPSIS_S * dots + (PARAGRAPH_S if re.search(r"\n[ ]*\n", gap) else 0.0))


def _shortened(part: Part) -> list[Part]:
    """Long ones in several, between sentences where there are any, else between words."""
    rows, row = list[str](), ""
    for sentence in _SENTENCE.split(part.text):
        if row and len(row) + len(sentence) >= _LONGEST_PART:
            rows, row = [*rows, row], ""
        row = f"{row} {sentence}" if row else sentence
        while len(row) > _LONGEST_PART:
            at = row.rfind(" ", 1, _LONGEST_PART)
            at = at if at > 0 else _LONGEST_PART
            rows, row = [*rows, row[:at]], row[at:].lstrip()
    return [*(Part(each, _SENTENCE_S) for each in rows), Part(row, part.pause_s)]
