"""What Asterisk needs to serve callers when it is alone: menus, mailboxes, and the files that are heard of both."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pbx.company.languages import LANGUAGES
from pbx.company.touched import Touched
from pbx.library.choosing import Shelf, all_lacking, choose
from pbx.library.published import Published
from pbx.library.words import Words
from pbx.store import Store, mailboxes, menus, messages, people, places, versions
from pbx.store.messages import Heard
from pbx.store.values import Mailbox, Menu, Version

_PAGE = 100
# A change in any other table changes nothing that is heard.
_TELLING = frozenset(
    ("company", "mailbox", "menu", "menu_choice", "message", "place", "pronunciation", "text", "user", "version")
)


@dataclass(frozen=True, slots=True)
class Served:
    """`placed`: the message in a menu's place, by slot (`<menu id>/welcome`). `files`: of a message in a language, what
    Asterisk plays. `whole`: nothing is heard that only stands in for something else."""

    menus: tuple[Menu, ...]
    placed: Mapping[str, str]
    boxes: tuple[Mailbox, ...]
    files: Mapping[tuple[str, str], str]
    whole: bool


class Alone:
    def __init__(self, store: Store, published: Published, words: Words) -> None:
        self._store = store
        self._published = published
        self._words = words
        self._touched = Touched(store, _TELLING)

    async def changed(self) -> list[str]:
        """The companies in which anything of it may have changed since this was asked last; at first all of them."""
        return await self._touched.companies()

    async def of(self, company: str) -> Served:
        async with self._store.read(company) as tx:
            here = tuple(await menus.all_of_them(tx))
            placed = {one.slot: one.message for one in await places.of(tx) if one.kind == "menu" and one.message}
            boxes = tuple(await mailboxes.all_of_them(tx))
            names = {user.id: user.name for user in await people.everybody(tx)}
            shelf = await self._published.shelf(tx)
        owners = {box.greeting: names[box.user] for box in boxes}
        ids = sorted({*placed.values(), *_announced(here), *owners})
        files: dict[tuple[str, str], str] = {}
        whole = True
        for first in range(0, len(ids), _PAGE):
            async with self._store.read(company) as tx:
                page = await messages.these(tx, ids[first : first + _PAGE])
            unpublished = await asyncio.to_thread(all_lacking, shelf, page)
            async with self._store.read(company) as tx:
                earlier = await versions.earlier_of(tx, unpublished)
            found = await asyncio.to_thread(self._files, shelf, page, owners, earlier)
            files |= found
            whole = whole and not unpublished and len(found) == len(page) * len(LANGUAGES)
        return Served(here, placed, boxes, files, whole)

    def _files(
        self, shelf: Shelf, page: Iterable[Heard], owners: Mapping[str, str], earlier: Mapping[str, Sequence[Version]]
    ) -> dict[tuple[str, str], str]:
        """In a thread: no call waits for a large company."""
        found = {}
        for heard in (heard for heard in page if heard.message.deleted_at is None):
            owner = owners.get(heard.message.id, "")
            for lang in LANGUAGES:
                greeting = self._words.greeting(lang, owner) if owner else ""
                if chosen := choose(shelf, heard, lang, earlier, greeting):
                    found[heard.message.id, lang] = chosen.media[0].removeprefix("sound:")
        return found


def _announced(all_menus: Iterable[Menu]) -> set[str]:
    """The messages to which a key leads."""
    aims = (aim for menu in all_menus for aim in (*menu.choices.values(), menu.fallback))
    return {aim.value for aim in aims if aim.kind == "message"}
