"""Messages: their scripts and places, and what a caller hears of them."""

from collections.abc import Mapping

from pbx.company.languages import known
from pbx.company.names import clean
from pbx.errors import Refused
from pbx.library.choosing import Playable, choose, lacking, neutral_for_message, neutral_for_place
from pbx.library.editing import as_seen
from pbx.library.neutral import Neutral
from pbx.library.overview import MessageView, Overview
from pbx.library.published import Published
from pbx.library.sentences import Sentence, sentence
from pbx.library.words import LONGEST_SCRIPT, Words
from pbx.store import Store, audit, messages, people, places, versions
from pbx.store.messages import Heard
from pbx.store.values import Message, Place, PlaceKind, Version

LONGEST_SLOT = 80
LARGEST_NUMBER = 999_999
KINDS = ("welcome", "menu", "queue", "greeting", "announcement")


class Messages:
    def __init__(self, store: Store, published: Published, neutral: Neutral, words: Words, overview: Overview) -> None:
        self._store = store
        self._published = published
        self._neutral = neutral
        self._words = words
        self._overview = overview

    async def add(
        self,
        company: str,
        name: str,
        kind: str = "announcement",
        *,
        scripts: Mapping[str, str] | None = None,
        number: int | None = None,
        by: str,
    ) -> Message:
        """Without a number it gets the next free one.

        Refused: `name-form`, `message-name-taken`, `message-name-deleted` (a deleted one has it until it is erased),
        `message-number-form`, `message-number-taken`, `message-kind`, `language-unknown`, `script-too-long`.
        """
        name = clean(name)
        if kind not in KINDS:
            raise Refused("message-kind", kind[:20])
        if number is not None and not 1 <= number <= LARGEST_NUMBER:
            raise Refused("message-number-form", str(number)[:20])
        async with self._store.edit(company) as tx:
            there = await messages.by_name(tx, name)
            if there is not None and there.deleted_at is not None:
                raise Refused("message-name-deleted", name)
            message = await messages.add(tx, name, kind, number)
            for lang, script in (scripts or {}).items():
                await messages.set_script(tx, message.id, known(lang), clean_script(script))
            await audit.write(tx, by, "message added", name, message=message.id, kind=kind)
        return message

    async def rename(self, company: str, message_id: str, name: str, *, by: str) -> None:
        """A greeting keeps its name, which is its owner's extension. Refused: `message-unknown`, `message-deleted`,
        `name-form`, `message-name-taken`, `message-name-deleted`, `message-kind`."""
        name = clean(name)
        async with self._store.edit(company) as tx:
            message = await messages.get(tx, message_id)
            if message.kind == "greeting":
                raise Refused("message-kind", message.kind)
            there = await messages.by_name(tx, name)
            if there is not None and there.deleted_at is not None:
                raise Refused("message-name-deleted", name)
            await messages.rename(tx, message_id, name)
            await audit.write(tx, by, "message renamed", name, message=message_id, before=message.name)

    async def set_script(
        self, company: str, message_id: str, lang: str, script: str, *, expected: int | None = None, by: str
    ) -> None:
        """A recording stays the one that is heard. `expected`: the text's revision that the person saw.

        Refused: `message-unknown`, `message-deleted`, `language-unknown`, `script-too-long`, `edited-meanwhile`.
        """
        async with self._store.edit(company) as tx:
            heard = await messages.with_texts(tx, message_id)
            await as_seen(tx, heard, known(lang), expected)
            await messages.set_script(tx, message_id, lang, clean_script(script))
            await audit.write(tx, by, "script changed", heard.message.name, message=message_id, lang=lang)

    async def place(self, company: str, kind: PlaceKind, slot: str, message_id: str | None, *, by: str) -> Place:
        """Puts the message there, or nothing. Refused: `message-unknown`, `message-deleted`, `name-form`."""
        if not 1 <= len(slot) <= LONGEST_SLOT:
            raise Refused("name-form", slot[:LONGEST_SLOT])
        async with self._store.edit(company) as tx:
            name = (await messages.get(tx, message_id)).name if message_id is not None else ""
            place = await places.put(tx, kind, slot, message_id)
            await audit.write(tx, by, "message placed", name, place=place.id, kind=kind, slot=slot, message=message_id)
        return place

    async def places(self, company: str, message_id: str) -> list[Place]:
        async with self._store.read(company) as tx:
            return await places.of(tx, message_id)

    async def names(self, company: str) -> dict[str, str]:
        """By id, of all that are not deleted, in the order of their names."""
        async with self._store.read(company) as tx:
            return await messages.names(tx)

    async def all_places(self, company: str) -> list[Place]:
        """Of the whole company, by kind and slot."""
        async with self._store.read(company) as tx:
            return await places.of(tx)

    async def by_ref(self, company: str, name_or_number: str, *, even_deleted: bool = False) -> Message:
        """By its number or its name. Refused: `message-unknown`, `message-deleted`."""
        async with self._store.read(company) as tx:
            message = await messages.by_name(tx, name_or_number.strip())
            if message is None and name_or_number.strip().isdecimal() and len(name_or_number) < 10:
                message = await messages.by_number(tx, int(name_or_number))
        if message is None:
            raise Refused("message-unknown", name_or_number[:80])
        if message.deleted_at is not None and not even_deleted:
            raise Refused("message-deleted", message.name)
        return message

    async def with_texts(self, company: str, message_id: str) -> Heard:
        """Refused: `message-unknown`, `message-deleted`."""
        async with self._store.read(company) as tx:
            return await messages.with_texts(tx, message_id)

    async def all(self, company: str, *, deleted: bool = False) -> list[MessageView]:
        """All of the company's that are not deleted, or that are, by number, with what is true of their audio now."""
        return await self._overview.all(company, deleted=deleted)

    async def playable(self, company: str, kind: PlaceKind, slot: str, lang: str) -> Playable:
        """What is heard in a place: always something, as long as the system's own phrases are there."""
        heard = await self._store.recall(company, (kind, slot), lambda tx: messages.heard_at(tx, kind, slot))
        return await self._choose(company, heard, lang) or self._neutral.phrase(neutral_for_place(kind, slot), lang)

    async def playable_message(self, company: str, message_id: str, lang: str) -> Playable:
        """What is heard of a message where a menu's choice leads to it."""
        heard = await self._store.recall(company, ("message", message_id), lambda tx: messages.heard(tx, message_id))
        kind = heard.message.kind if heard else ""
        return await self._choose(company, heard, lang) or self._neutral.phrase(neutral_for_message(kind), lang)

    async def spoken(self, company: str, kind: Sentence, of: str, lang: str) -> str | None:
        """The media name of a sentence, if it has been made: a message's script; what those hear who are to record it;
        the default greeting of a mailbox. `of`: id of the message or mailbox."""
        async with self._store.read(company) as tx:
            words = await sentence(tx, self._words, kind, of, lang)
            return (await self._published.shelf(tx)).spoken(words, lang) if words else None

    async def _choose(self, company: str, heard: Heard | None, lang: str) -> Playable | None:
        """Whether the files are there is looked at each time; the rest of the rows is asked for where they are not."""
        if heard is None:
            return None
        shelf = await self._published.shelf_of(company)
        gone = lacking(shelf, heard)
        if not gone and (chosen := choose(shelf, heard, lang, {}, "")):
            return chosen
        async with self._store.read(company) as tx:
            earlier: dict[str, list[Version]] = {current.text: await versions.earlier(tx, current) for current in gone}
            owner = await people.greeted_by(tx, heard.message.id) if heard.message.kind == "greeting" else None
        return choose(shelf, heard, lang, earlier, self._words.greeting(lang, owner.name) if owner else "")


def clean_script(script: str) -> str:
    """What is no text, as a terminal may send it, has no place in one. Refused: `script-too-long`."""
    text = script.encode("utf-8", "replace").decode().strip()
    if len(text) > LONGEST_SCRIPT:
        raise Refused("script-too-long")
    return text
