"""What a line of the log tells besides what was done, in words: no ids, and no numbers that are not theirs to see."""

from collections.abc import Iterator, Mapping

from pbx.store.ids import is_id
from pbx.web.texts import Words
from pbx.web.vault.reasons import reason

_NUMBERS = frozenset({"to", "number", "e164", "from", "caller"})
_IN_WORDS = frozenset({"kind", "role", "fallback", "keys", "lang", "language", "slot", "target"})
"""Whose values are words of ours; those of others are what somebody has typed, or a file's name."""


def details(words: Words, told: Mapping[str, object], *, numbers: bool) -> str:
    keys, values = keys_of(words), values_of(words)
    lines = []
    for key, value in told.items():
        if key in _NUMBERS and not numbers:
            continue
        text = ", ".join(_said(words, values if key in _IN_WORDS else {}, value))
        if text:
            lines.append(f"{keys.get(key, key)}: {text}")
    return " · ".join(lines)[:300]


def keys_of(words: Words) -> Mapping[str, str]:
    return {
        "address": words("adress"),
        "because": words("skäl"),
        "before": words("förut"),
        "current": words("hörs nu"),
        "email": words("e-post"),
        "extension": words("anknytning"),
        "fallback": words("till sist"),
        "file": words("fil"),
        "files": words("filer"),
        "interrupted": words("samtalet bröts"),
        "key": words("knapp"),
        "keys": words("knappar"),
        "kind": words("slag"),
        "label": words("telefon"),
        "lang": words("språk"),
        "language": words("språk"),
        "mailbox": words("brevlåda"),
        "menus": words("menyer"),
        "messages": words("meddelanden"),
        "name": words("namn"),
        "number": words("nummer"),
        "numbers": words("nummer"),
        "objects": words("ljud och bilder"),
        "pictures": words("bilder"),
        "places": words("platser"),
        "reason": words("skäl"),
        "role": words("roll"),
        "slot": words("plats"),
        "spoken": words("uttalas"),
        "target": words("leder till"),
        "to": words("till"),
        "users": words("antal användare"),
        "value": words("vart"),
        "version": words("version"),
        "versions": words("versioner"),
        "voice_messages": words("röstmeddelanden"),
        "words": words("uttal"),
    }


def values_of(words: Words) -> Mapping[str, str]:
    return {
        "admin": words("administratör"),
        "announcement": words("besked"),
        "choices": words("knappval"),
        "en": words("engelska"),
        "extension": words("anknytning"),
        "greeting": words("hälsning"),
        "hangup": words("samtalet avslutas"),
        "mailbox": words("brevlåda"),
        "menu": words("meny"),
        "message": words("meddelande"),
        "operator": words("driften"),
        "picture": words("bild"),
        "queue": words("kö"),
        "silence": words("inget val"),
        "sv": words("svenska"),
        "user": words("användare"),
        "version": words("version"),
        "voice message": words("röstmeddelande"),
        "voicemail": words("röstbrevlådan"),
        "welcome": words("välkomst"),
        "wrong-key": words("fel knapp"),
    }


def _said(words: Words, values: Mapping[str, str], value: object) -> Iterator[str]:
    """Nothing where there is nothing that a person could read."""
    match value:
        case bool():
            yield words("ja") if value else words("nej")
        case Mapping():
            for key, one in value.items():
                yield from (f"{values.get(str(key), key)} {text}" for text in _said(words, values, one))
        case list():
            for one in value:
                yield from _said(words, values, one)
        case None | "":
            return
        case str():
            yield from filter(None, [" → ".join(_text(words, values, part) for part in value.split(" -> "))])
        case _:
            yield str(value)


def _text(words: Words, values: Mapping[str, str], text: str) -> str:
    """`extension 202`, `menu` and an id, an id and `/welcome`."""
    if text in values:
        return values[text]
    if not values:
        return "" if is_id(text[:36]) else reason(words, text)
    parts = [part for piece in text.split() for part in piece.split("/")]
    return " ".join(values.get(part, part) for part in parts if not is_id(part))
