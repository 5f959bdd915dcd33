"""Questions about how a company's own words are to be said."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from pbx.store.tables import PronunciationRow
from pbx.store.tx import Across, Reading, Writing

Mark = tuple[int, str]
"""How many there are, and the id of the newest: another list has another mark, since a changed word is a new row."""
NO_WORDS: Mark = (0, "")


@dataclass(frozen=True, slots=True)
class Pronunciation:
    id: str
    lang: str
    word: str
    spoken: str


async def everything(tx: Reading) -> list[Pronunciation]:
    """By language and word."""
    question = select(PronunciationRow).order_by(PronunciationRow.lang, PronunciationRow.word)
    return [Pronunciation(row.id, row.lang, row.word, row.spoken) for row in await tx.all(question)]


def mark(words: Sequence[Pronunciation]) -> Mark:
    return len(words), max((word.id for word in words), default="")


async def marks(tx: Across) -> dict[str, Mark]:
    """By company, of those that have any."""
    question = select(PronunciationRow.company_id, func.count(), func.max(PronunciationRow.id))
    return {row[0]: (row[1], row[2]) for row in await tx.rows(question.group_by(PronunciationRow.company_id))}


async def add(tx: Writing, lang: str, word: str, spoken: str) -> None:
    """Refused: `pronunciation-busy` if it is there."""
    await tx.add(PronunciationRow(company_id=tx.company, lang=lang, word=word, spoken=spoken))


async def remove(tx: Writing, pronunciation_id: str) -> None:
    await tx.remove(await tx.get(PronunciationRow, pronunciation_id, "pronunciation-unknown"))
