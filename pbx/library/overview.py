"""The list of messages as people see it: what each is, where it is heard, and what is true of its audio."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pbx.company.languages import LANGUAGES
from pbx.library.choosing import HeardHow, Shelf, all_lacking, choose, neutral_for_message
from pbx.library.evidence import Audio, Evidence, Proved, Shown, shown, worst
from pbx.library.neutral import Neutral
from pbx.library.published import Published
from pbx.library.versions import revisions
from pbx.library.words import Words
from pbx.rules.scripts import still_matches
from pbx.store import Store, messages, people, uses, versions
from pbx.store.messages import Heard
from pbx.store.tx import Reading
from pbx.store.uses import Use
from pbx.store.values import Message, Version

State = Audio | Literal["stand-in"]
_PAGE = 100  # is read in some 20 ms, during which no call goes on


@dataclass(frozen=True, slots=True)
class MessageView:
    """`state`: "stand-in" never had a recording and has its script spoken, "missing" had one and its audio is gone.
    `heard`: what a caller in the company's language hears now. `duration_s`: of the current recording in it.
    `revision`: by language, what an editor tells so that nothing is overwritten. `matches`: whether the current
    recording was made from the script as it is now; None without one, and where nobody knows. `owner`: whose greeting
    it is; empty for what is none. `copies`: how many hold its current recordings, the fewest; None without one.
    `lagging`: these are fewer than there are."""

    id: str
    number: int
    name: str
    kind: str
    script: Mapping[str, str]
    state: State
    heard: HeardHow
    uses: tuple[Use, ...]
    duration_s: float | None
    changed: datetime
    revision: Mapping[str, int]
    deleted: datetime | None
    matches: Mapping[str, bool | None]
    owner: str
    copies: int | None
    lagging: bool

    @property
    def shown(self) -> Shown:
        return shown(self.state, self.lagging)

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(map(str, self.uses))


@dataclass(frozen=True, slots=True)
class _Names:
    """By message: where it is heard, and whose greeting it is."""

    places: Mapping[str, Sequence[Use]]
    people: Mapping[str, str]


class Overview:
    def __init__(self, store: Store, evidence: Evidence, published: Published, neutral: Neutral, words: Words) -> None:
        self._store = store
        self._evidence = evidence
        self._published = published
        self._neutral = neutral
        self._words = words

    async def all(self, company: str, *, deleted: bool = False) -> list[MessageView]:
        """By number; the `deleted` ones, or those that are not."""
        async with self._store.read(company) as tx:
            names = await _names(tx)
        views: list[MessageView] = []
        after = 0
        while True:
            async with self._store.read(company) as tx:
                page = await messages.page(tx, after, _PAGE, deleted=deleted)
            if not page:
                return views
            views += await self._views(company, page, names)
            after = page[-1].message.number

    async def these(self, company: str, ids: Sequence[str]) -> list[MessageView]:
        """Some hundred, in that order; what is not there, or not any more, is left out."""
        async with self._store.read(company) as tx:
            page = await messages.these(tx, ids)
            names = await _names_of(tx, [heard.message for heard in page])
        views = {view.id: view for view in await self._views(company, page, names)}
        return [views[one] for one in ids if one in views]

    async def _views(self, company: str, page: list[Heard], names: _Names) -> list[MessageView]:
        async with self._store.read(company) as tx:
            shelf = await self._published.shelf(tx)
        current = [text.current for heard in page for text in heard.texts.values() if text.current]
        proved = await self._evidence.proved(company, current)
        unpublished = await asyncio.to_thread(all_lacking, shelf, page)
        async with self._store.read(company) as tx:
            earlier = await versions.earlier_of(tx, unpublished)
        return await asyncio.to_thread(lambda: [self._view(shelf, heard, names, proved, earlier) for heard in page])

    def _view(
        self,
        shelf: Shelf,
        heard: Heard,
        names: _Names,
        proved: Mapping[str, Proved],
        earlier: Mapping[str, Sequence[Version]],
    ) -> MessageView:
        message, lang = heard.message, heard.language
        name = names.people.get(message.id)
        playable = choose(shelf, heard, lang, earlier, self._words.greeting(lang, name) if name else "")
        now = heard.texts[lang].current if lang in heard.texts else None
        current = [proved[text.current.id] for text in heard.texts.values() if text.current]
        return MessageView(
            id=message.id,
            number=message.number,
            name=message.name,
            kind=message.kind,
            script={lang: heard.texts[lang].script if lang in heard.texts else "" for lang in LANGUAGES},
            state=worst([one.audio for one in current]) if current else "stand-in",
            heard=(playable or self._neutral.phrase(neutral_for_message(message.kind), lang)).heard,
            uses=tuple(names.places.get(message.id, ())),
            duration_s=round(now.seconds, 2) if now else None,
            changed=message.changed_at,
            revision=revisions(heard),
            deleted=message.deleted_at,
            matches={lang: _matches(heard, lang) for lang in LANGUAGES},
            owner=name or "",
            copies=min((one.copies for one in current), default=None),
            lagging=any(one.lagging for one in current),
        )


def _matches(heard: Heard, lang: str) -> bool | None:
    text = heard.texts.get(lang)
    return None if text is None or text.current is None else still_matches(text.current.script_sha256, text.script)


async def _names(tx: Reading) -> _Names:
    return _Names(await uses.everywhere(tx), await people.greeters(tx))


async def _names_of(tx: Reading, these: Sequence[Message]) -> _Names:
    """The same of some, without looking at all there are."""
    owners = [await people.greeted_by(tx, message.id) for message in these if message.kind == "greeting"]
    greetings = [message.id for message in these if message.kind == "greeting"]
    greets = {of: owner.name for of, owner in zip(greetings, owners, strict=True) if owner is not None}
    return _Names(await uses.of_these(tx, [message.id for message in these]), greets)
