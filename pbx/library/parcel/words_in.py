"""The company's own words of a parcel, and how they are said: a word that is in the list here is said as it is here."""

from collections.abc import Sequence

from pbx.company.pronunciations import Pronunciations
from pbx.errors import Refused
from pbx.library.parcel.arrival import Arrival
from pbx.library.parcel.manifest import WordIn
from pbx.rules.said.dictionary import key
from pbx.store import Store


class WordsIn:
    def __init__(self, store: Store, arrival: Arrival) -> None:
        self._words = Pronunciations(store)
        self._to = arrival

    async def take(self, told: Sequence[WordIn]) -> None:
        company = self._to.company.id
        here = {(one.lang, key(one.word)): one.spoken for one in await self._words.all(company)}
        for word in told:
            with self._to.telling(f"word {word.lang} {word.word}"[:80]):
                there = here.get((word.lang, key(word.word)))
                if there is None:
                    await self._words.set(company, word.word, word.spoken, lang=word.lang, by=self._to.by)
                    here[word.lang, key(word.word)] = word.spoken
                    self._to.count("words")
                elif there != word.spoken:
                    raise Refused("archive-differs", there)
