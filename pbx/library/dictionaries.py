"""Each company's dictionary at hand, since the name of a spoken file is asked for in calls.

Callers go on hearing a text as it was said before, until what the changed list makes anew is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pbx.company.pronunciations import dictionary
from pbx.rules.said.dictionary import Dictionary
from pbx.store import pronunciations
from pbx.store.pronunciations import NO_WORDS, Mark
from pbx.store.tx import Reading


@dataclass(frozen=True, slots=True)
class _Known:
    mark: Mark
    words: Dictionary


class Dictionaries:
    def __init__(self) -> None:
        self._latest: dict[str, _Known] = {}
        self._heard: dict[str, _Known] = {}

    async def heard(self, tx: Reading) -> Dictionary:
        """By which what callers hear was spoken: asked of the database once."""
        if tx.company not in self._heard:
            await self.latest(tx)
            self.spoken(tx.company)
        return self._heard[tx.company].words

    def at_hand(self, company: str) -> Dictionary | None:
        """The same without asking; None before it was asked for the first time."""
        known = self._heard.get(company)
        return known.words if known else None

    async def latest(self, tx: Reading) -> Dictionary:
        """As the list is now; the same object as long as that is the same."""
        rows = await pronunciations.everything(tx)
        mark, known = pronunciations.mark(rows), self._latest.get(tx.company)
        if known is None or known.mark != mark:
            known = self._latest[tx.company] = _Known(mark, dictionary(rows))
        return known.words

    def changed(self, marks: Mapping[str, Mark]) -> set[str]:
        """The companies in which what callers hear was spoken by another list than there is now."""
        return {company for company, known in self._heard.items() if known.mark != marks.get(company, NO_WORDS)}

    def spoken(self, company: str) -> None:
        """All that the latest list makes is there: from now on that is what callers hear."""
        if company in self._latest:
            self._heard[company] = self._latest[company]
