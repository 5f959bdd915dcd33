"""How a company's own words are said: names and brands that no voice knows."""

from pbx.company.languages import known
from pbx.company.names import clean
from pbx.errors import Refused
from pbx.rules.said import pieces
from pbx.rules.said.dictionary import NOTHING, Dictionary, key
from pbx.store import Store, audit, pronunciations
from pbx.store.pronunciations import Pronunciation
from pbx.store.tx import Reading

MOST = 500
LONGEST_SPOKEN = 160


class Pronunciations:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self, company: str) -> list[Pronunciation]:
        """By language and word."""
        async with self._store.read(company) as tx:
            return await pronunciations.everything(tx)

    async def set(self, company: str, word: str, spoken: str, *, lang: str, by: str) -> None:
        """The word is said so from now on: the voice says anew all that it is in.

        Refused: `pronunciation-form` (nothing in it that can be said), `pronunciation-full`, `language-unknown`.
        """
        lang, word, spoken = known(lang), clean(word, "pronunciation-form"), _sayable(spoken, lang)
        if not any(character.isalnum() for character in word):
            raise Refused("pronunciation-form", word)
        async with self._store.edit(company) as tx:
            there = await pronunciations.everything(tx)
            old = _of(there, word, lang)
            if old is None and len(there) >= MOST:
                raise Refused("pronunciation-full", str(MOST))
            if old is not None:
                await pronunciations.remove(tx, old.id)
            await pronunciations.add(tx, lang, word, spoken)
            await audit.write(tx, by, "pronunciation set", word, lang=lang, spoken=spoken)

    async def remove(self, company: str, word: str, *, lang: str, by: str) -> None:
        """The voice says it again as it thinks best. Refused: `pronunciation-unknown`, `language-unknown`."""
        async with self._store.edit(company) as tx:
            old = _of(await pronunciations.everything(tx), word, known(lang))
            if old is None:
                raise Refused("pronunciation-unknown", word[:80])
            await pronunciations.remove(tx, old.id)
            await audit.write(tx, by, "pronunciation removed", old.word, lang=lang)


def dictionary(words: list[Pronunciation]) -> Dictionary:
    if not words:
        return NOTHING
    langs = {word.lang for word in words}
    return Dictionary({lang: {word.word: word.spoken for word in words if word.lang == lang} for lang in langs})


async def dictionary_of(tx: Reading) -> Dictionary:
    return dictionary(await pronunciations.everything(tx))


def _sayable(spoken: str, lang: str) -> str:
    line = " ".join(piece.words for piece in pieces(spoken[: 4 * LONGEST_SPOKEN], lang))
    if not 1 <= len(line) <= LONGEST_SPOKEN:
        raise Refused("pronunciation-form", spoken[:80].encode("utf-8", "replace").decode())
    return line


def _of(words: list[Pronunciation], word: str, lang: str) -> Pronunciation | None:
    wanted = key(" ".join(word.split()))
    return next((each for each in words if each.lang == lang and key(each.word) == wanted), None)
