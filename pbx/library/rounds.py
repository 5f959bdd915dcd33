"""What a round is made of: which messages have no audio to be heard, and in which language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pbx.library.evidence import Evidence
from pbx.library.listing import PAGE, Listing
from pbx.store import Store, messages
from pbx.store.messages import Heard

Which = Literal["lost", "spoken"]


@dataclass(frozen=True, slots=True)
class Lacking:
    """A message that could be read in. `script`: what is to be said."""

    message: str
    name: str
    lang: str
    script: str


class Rounds:
    def __init__(self, store: Store, listing: Listing, evidence: Evidence) -> None:
        self._store = store
        self._listing = listing
        self._evidence = evidence

    async def lacking(self, company: str, which: Which, most: int) -> list[Lacking]:
        """By name: of "lost" those whose recording is gone, of "spoken" those whose script is read by the system. A
        greeting is its owner's to record."""
        found: list[Lacking] = []
        ids = await self._listing.ids(company, which, "name")
        for at in range(0, len(ids), PAGE):
            page = ids[at : at + PAGE]
            async with self._store.read(company) as tx:
                heard = {one.message.id: one for one in await messages.these(tx, page)}
            texts = [text for one in heard.values() for text in one.texts.values()]
            audio = await self._evidence.of(company, [text.current for text in texts if text.current])
            gone = {of for of, how in audio.items() if how in ("missing", "corrupt")}
            for one in (heard[id] for id in page if id in heard):
                found += [] if one.message.kind == "greeting" else _of(one, gone)
            if len(found) >= most:
                break
        return found[:most]

    async def these(self, company: str, items: Iterable[tuple[str, str]]) -> list[Lacking]:
        """Those messages in those languages, in that order; what is deleted is left out."""
        wanted = list(items)
        async with self._store.read(company) as tx:
            heard = {one.message.id: one for one in await messages.these(tx, [message for message, _ in wanted])}
        there = [(heard[id], lang) for id, lang in wanted if id in heard and not heard[id].message.deleted_at]
        return [_one(one, lang) for one, lang in there]


def _of(heard: Heard, gone: set[str]) -> list[Lacking]:
    texts = heard.texts.values()
    if langs := [text.lang for text in texts if text.current and text.current.id in gone]:
        return [_one(heard, lang) for lang in sorted(langs, key=lambda lang: lang != heard.language)]
    if any(text.current for text in texts):
        return []
    return [_one(heard, heard.language)]


def _one(heard: Heard, lang: str) -> Lacking:
    text = heard.texts.get(lang)
    return Lacking(heard.message.id, heard.message.name, lang, text.script if text else "")
