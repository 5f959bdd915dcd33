"""The last resort: a phrase of the system's own, which lies outside the vault and outside the published files."""

import asyncio

from pbx.library.choosing import Playable
from pbx.phrases import LANGUAGES, Phrases

EVERYWHERE = "neutral-announcement"


class Neutral:
    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._missing: frozenset[str] = frozenset()

    async def look(self) -> None:
        """Which phrases have no file: some thousand files, so not asked in a call but every now and then."""
        self._missing = frozenset(await asyncio.to_thread(self._phrases.missing))

    def phrase(self, key: str, lang: str) -> Playable:
        """That phrase, else in the other language; for a kind of place that the catalogue does not know, and where it
        is gone, the one that fits everywhere."""
        for one in (key, EVERYWHERE):
            for its_lang in sorted(LANGUAGES, key=lambda each: each != lang):
                if self._phrases.is_spoken(one, its_lang) and f"{its_lang}/{one}" not in self._missing:
                    return Playable((self._phrases.media(one, its_lang),), "neutral")
        return Playable((), "nothing")
