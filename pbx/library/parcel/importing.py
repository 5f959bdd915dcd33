"""A parcel into a company: what is missing there is made, what is there stays, and what cannot be taken is told."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from pbx.company import Companies
from pbx.company.names import clean
from pbx.errors import Refused
from pbx.library.evidence import Evidence
from pbx.library.messages import Messages
from pbx.library.parcel.archive import LARGEST_MANIFEST, Archive
from pbx.library.parcel.arrival import Arrival, Left
from pbx.library.parcel.decoding import decode, parse
from pbx.library.parcel.manifest import (
    FORMAT,
    NAME,
    CompanyIn,
    MailboxIn,
    Manifest,
    MenuIn,
    MessageIn,
    NumberIn,
    PlaceIn,
    UserIn,
    VoiceIn,
    WordIn,
)
from pbx.library.parcel.messages_in import MessagesIn
from pbx.library.parcel.people_in import PeopleIn
from pbx.library.parcel.pictures_in import PicturesIn
from pbx.library.parcel.routes_in import RoutesIn
from pbx.library.parcel.sounds_in import SoundsIn
from pbx.library.parcel.versions_in import VersionsIn
from pbx.library.parcel.voice_in import VoiceMessagesIn
from pbx.library.parcel.words_in import WordsIn
from pbx.library.pictures import Pictures
from pbx.store import Store, audit
from pbx.store.values import Company, Outgoing
from pbx.vault import Vault
from pbx.vault.values import Erased

_OUTGOING: dict[str, Outgoing] = {"all": "all", "checked": "checked", "none": "none"}


@dataclass(frozen=True, slots=True)
class Imported:
    """`made`: how many of each. `left`: what was not taken, or not as it was, each with the reason. `todo`: what a
    person has to do, since it is in no parcel."""

    company: Company
    made: dict[str, int]
    left: tuple[Left, ...]
    todo: tuple[Left, ...]


class Importing:
    """`erased`: what was erased for good, and is not brought back. `countries`: E.164 country codes of numbers at which
    users may be rung."""

    def __init__(
        self, store: Store, vault: Vault, messages: Messages, erased: Erased, countries: frozenset[str]
    ) -> None:
        self._store = store
        self._vault = vault
        self._pictures = Pictures(store, vault)
        self._messages = messages
        self._erased = erased
        self._countries = countries

    async def bring_in(self, path: Path, name: str | None = None, *, by: str) -> Imported:
        """Into the company `name`, or the one that the parcel names; it is made if there is none. Brought in twice, it
        adds nothing the second time.

        Refused: `archive-unreadable`, `archive-too-big`, `archive-format`, `archive-field` (of the company itself),
        `vault-away`, `change-waiting`, and what refuses a new company.
        """
        archive = await asyncio.to_thread(Archive, path)
        with archive:
            manifest = await asyncio.to_thread(_manifest, archive)
            company = await self._company(manifest.company, name, by)
            arrival = Arrival(company, by)
            messages, users = await self._rows(manifest, arrival)
            await self._sounds(archive, manifest, messages, arrival)
            pictures_in = PicturesIn(archive, self._pictures, self._erased, arrival)
            for user in users:
                await pictures_in.take(user)
        async with self._store.edit(company.id) as tx:
            await audit.write(tx, by, "company imported", company.name, file=path.name, **arrival.made)
        return Imported(company, arrival.made, tuple(arrival.left), tuple(arrival.todo))

    async def _company(self, told: CompanyIn, name: str | None, by: str) -> Company:
        """What a person names may be a slug; what a parcel names is a name."""
        companies = Companies(self._store)
        wanted = clean(name or told.name)
        for there in await companies.all():
            if wanted.casefold() == there.name.casefold() or name == there.slug:
                return there
        return await companies.add(
            wanted, language=told.language, time_zone=told.time_zone,
            outgoing=_OUTGOING.get(told.outgoing, "none"), by=by,
        )  # fmt: skip

    async def _rows(self, manifest: Manifest, arrival: Arrival) -> tuple[list[MessageIn], list[UserIn]]:
        """Words first, so that all is spoken by them. Messages before users, whose greetings would otherwise take their
        numbers; menus after what they lead to."""
        await WordsIn(self._store, arrival).take(arrival.each(WordIn, manifest.words, "words"))
        messages = arrival.each(MessageIn, manifest.messages, "messages")
        boxes = arrival.each(MailboxIn, manifest.mailboxes, "mailboxes")
        greetings = {box.greeting for box in boxes}
        messages_in = MessagesIn(self._store, self._messages, arrival)
        for message in messages:
            if message.number not in greetings:
                await messages_in.take(message)
        people_in = PeopleIn(self._store, self._countries, arrival)
        users = arrival.each(UserIn, manifest.users, "users")
        for user in users:
            await people_in.take(user)
        for box in boxes:
            await people_in.mailbox(box)
        for message in messages:
            if message.number in greetings and message.number in arrival.messages:
                await messages_in.greeting(message)
        await self._routes(manifest, arrival)
        return messages, users

    async def _routes(self, manifest: Manifest, arrival: Arrival) -> None:
        routes_in = RoutesIn(self._store, self._messages, arrival)
        await routes_in.menus(arrival.each(MenuIn, manifest.menus, "menus"))
        await routes_in.places(arrival.each(PlaceIn, manifest.places, "places"))
        for number in arrival.each(NumberIn, manifest.numbers, "numbers"):
            await routes_in.number(number)

    async def _sounds(self, archive: Archive, manifest: Manifest, messages: list[MessageIn], arrival: Arrival) -> None:
        sounds = SoundsIn(archive, self._vault, self._erased, arrival, self._store.clock())
        versions_in = VersionsIn(self._store, Evidence(self._store, self._vault), sounds, arrival)
        for message in messages:
            await versions_in.take(message)
        voice_in = VoiceMessagesIn(self._store, sounds, arrival)
        for voice in arrival.each(VoiceIn, manifest.voice_messages, "voice_messages"):
            await voice_in.take(voice)


def _manifest(archive: Archive) -> Manifest:
    """Refused: `archive-unreadable`, `archive-format`, `archive-field`, `archive-too-big`."""
    try:
        value = parse(archive.read(NAME, LARGEST_MANIFEST))
    except Refused as refused:
        if refused.says == "archive-file":
            raise Refused("archive-unreadable", NAME) from None
        raise
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise Refused("archive-format", str(value.get("format"))[:20] if isinstance(value, dict) else "")
    return decode(Manifest, value, "manifest")
