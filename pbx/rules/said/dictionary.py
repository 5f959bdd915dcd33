"""A company's own words, and how they are to be said: put in before a text is read in any other way."""

import re
import unicodedata
from collections.abc import Mapping


class Dictionary:
    """`words`: by language, each word with what is said for it. One that says nothing else is as good as any other
    that does: compare with `is`."""

    def __init__(self, words: Mapping[str, Mapping[str, str]]) -> None:
        self._spoken = {lang: {key(word): said for word, said in its.items()} for lang, its in words.items() if its}
        self._found = {lang: _pattern(spoken) for lang, spoken in self._spoken.items()}

    def said(self, text: str, lang: str) -> str:
        """Whole words in any case, the longest where several fit; what is put in is not looked through again."""
        found = self._found.get(lang)
        if found is None:
            return text
        spoken = self._spoken[lang]
        return found.sub(lambda match: spoken.get(key(match[0]), match[0]), unicodedata.normalize("NFC", text))


NOTHING = Dictionary({})


def key(word: str) -> str:
    """The same for a word in any case and composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", word).casefold())


def _pattern(words: Mapping[str, str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
