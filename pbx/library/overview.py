"""The list of messages as people see it: what each is, where it is heard, and what is true of its audio."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pbx.company.languages import LANGUAGES
from pbx.library.choosing import HeardHow, Shelf, choose, lacking, neutral_for_message
from pbx.library.neutral import Neutral
from pbx.library.published import Published
from pbx.library.words import Words
from pbx.store import Store, mailboxes, menus, messages, people, versions
from pbx.store.messages import Heard
from pbx.store.tx import Reading
from pbx.store.values import Version
from pbx.vault import Vault

State = Literal["ok", "missing", "corrupt", "healing", "stand-in"]
_PAGE = 200


@dataclass(frozen=True, slots=True)
class MessageView:
    """`state`: "stand-in" never had a recording and has its script spoken, "missing" had one and its audio is gone.
    `heard`: what a caller in the company's language hears now. `duration_s`: of the current recording in it."""

    id: str
    number: int
    name: str
    kind: str
    script: Mapping[str, str]
    state: State
    heard: HeardHow
    places: tuple[str, ...]
    duration_s: float | None
    changed: datetime


@dataclass(frozen=True, slots=True)
class _Names:
    """By message: where it is heard, and whose greeting it is."""

    places: Mapping[str, Sequence[str]]
    people: Mapping[str, str]


class Overview:
    def __init__(self, store: Store, vault: Vault, published: Published, neutral: Neutral, words: Words) -> None:
        self._store = store
        self._vault = vault
        self._published = published
        self._neutral = neutral
        self._words = words

    async def all(self, company: str) -> list[MessageView]:
        """By number."""
        async with self._store.read(company) as tx:
            names = await _names(tx)
        views: list[MessageView] = []
        after = 0
        while True:
            async with self._store.read(company) as tx:
                page = await messages.page(tx, after, _PAGE)
            if not page:
                return views
            views += await self._views(company, page, names)
            after = page[-1].message.number

    async def _views(self, company: str, page: list[Heard], names: _Names) -> list[MessageView]:
        shelf = self._published.shelf(company)
        current = [text.current for heard in page for text in heard.texts.values() if text.current]
        held = await self._vault.holders(company, [(version.sha256, version.size) for version in current])
        there = {version.id for version, copies in zip(current, held, strict=True) if copies}
        unpublished = await asyncio.to_thread(lambda: [v for heard in page for v in lacking(shelf, heard)])
        async with self._store.read(company) as tx:
            earlier = {version.text: await versions.earlier(tx, version) for version in unpublished}
        return await asyncio.to_thread(lambda: [self._view(shelf, heard, names, there, earlier) for heard in page])

    def _view(
        self, shelf: Shelf, heard: Heard, names: _Names, there: set[str], earlier: Mapping[str, Sequence[Version]]
    ) -> MessageView:
        message, lang = heard.message, heard.language
        name = names.people.get(message.id)
        playable = choose(shelf, heard, lang, earlier, self._words.greeting(lang, name) if name else "")
        now = heard.texts[lang].current if lang in heard.texts else None
        return MessageView(
            id=message.id,
            number=message.number,
            name=message.name,
            kind=message.kind,
            script={lang: heard.texts[lang].script if lang in heard.texts else "" for lang in LANGUAGES},
            state=_state(heard, there),
            heard=(playable or self._neutral.phrase(neutral_for_message(message.kind), lang)).heard,
            places=tuple(names.places.get(message.id, ())),
            duration_s=round(now.seconds, 2) if now else None,
            changed=message.changed_at,
        )


def _state(heard: Heard, there: set[str]) -> State:
    current = [text.current.id for text in heard.texts.values() if text.current]
    if not current:
        return "stand-in"
    return "ok" if all(version in there for version in current) else "missing"


async def _names(tx: Reading) -> _Names:
    users = {user.id: user for user in await people.everybody(tx)}
    boxes = {box.id: users[box.user] for box in await mailboxes.all_of_them(tx)}
    greets = {box.greeting: users[box.user].name for box in await mailboxes.all_of_them(tx)}
    all_menus = await menus.all_of_them(tx)
    by_id = {menu.id: menu.name for menu in all_menus}
    places: dict[str, list[str]] = {}
    for place in await messages.places(tx):
        if place.message is not None:
            owner, _, slot = place.slot.partition("/")
            shown = f"mailbox {boxes[owner].extension}" if owner in boxes else f"{place.kind} {by_id.get(owner, owner)}"
            places.setdefault(place.message, []).append(f"{shown}/{slot}" if slot else shown)
    for menu in all_menus:
        for key, target in menu.choices.items():
            if target.kind == "message":
                places.setdefault(target.value, []).append(f"menu {menu.name}/key {key}")
    return _Names(places, greets)
