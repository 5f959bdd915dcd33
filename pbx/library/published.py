"""Making the published files what they should be: from the vault's objects, or by the voice."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path

from pbx.audio.judge import Verdict
from pbx.audio.pcm import Pcm
from pbx.company.languages import LANGUAGES
from pbx.library import files
from pbx.library.choosing import Shelf
from pbx.library.dictionaries import Dictionaries
from pbx.library.making import Maker
from pbx.library.neutral import Neutral
from pbx.library.originals import Originals
from pbx.library.seals import Seals
from pbx.library.sources import Failure, Recorded, Spoken, Wanted, recorded
from pbx.library.words import Words
from pbx.rules.said.dictionary import NOTHING, Dictionary
from pbx.speech import Voice
from pbx.store import Store, companies, mailboxes, messages, people, pronunciations, versions
from pbx.store.messages import Heard
from pbx.store.tx import Reading
from pbx.store.values import Company, Version, VoiceMessage

_PAGE = 100
_ALL_EVERY_S = 25.0
_OVERLAP = timedelta(seconds=5)  # a change may be committed a little after the time it carries
_PATIENCE_S = 60.0  # what could not be made is not tried again at every change of the database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Missing:
    """`urgent`: recordings and greetings; `later`: scripts, and what those hear whom we ring up."""

    urgent: list[Wanted]
    later: list[Wanted]


@dataclass(frozen=True, slots=True)
class _Owner:
    """`people`: by the message that is their greeting, their names."""

    company: Company
    people: Mapping[str, str]
    dictionary: Dictionary


class Published:
    def __init__(
        self, store: Store, originals: Originals, root: Path, voice: Voice, words: Words, neutral: Neutral
    ) -> None:
        self._store = store
        self._root = root
        self._voice = voice
        self._words = words
        self._neutral = neutral
        self._seals = Seals()
        self._maker = Maker(originals, voice, self._seals)
        self._failed: dict[Path, float] = {}
        self._mended: datetime | None = None
        self._looked_at_all = -_ALL_EVERY_S
        self._dictionaries = Dictionaries()
        self._names = lru_cache(maxsize=65_536)(self._speech_name)

    async def shelf(self, tx: Reading) -> Shelf:
        return self._shelf(tx.company, await self._dictionaries.heard(tx))

    async def shelf_of(self, company: str) -> Shelf:
        """The same in a call, where the database is asked once."""
        if (words := self._dictionaries.at_hand(company)) is None:
            async with self._store.read(company) as tx:
                return await self.shelf(tx)
        return self._shelf(company, words)

    def _shelf(self, company: str, words: Dictionary) -> Shelf:
        return Shelf(self._root, company, partial(self._names, words))

    def speech_name(self, words: str, lang: str) -> str:
        """The name of the file in which the voice says this, in a company that has no words of its own."""
        return self._names(NOTHING, words, lang)

    async def speech_names(self, tx: Reading, said: Sequence[tuple[str, str]]) -> set[str]:
        """Of all files in which these words are said in their language, with the company's list and without it."""
        lists = {NOTHING, await self._dictionaries.heard(tx), await self._dictionaries.latest(tx)}
        return {self._names(each, words, lang) for each in lists for words, lang in said}

    def _speech_name(self, dictionary: Dictionary, words: str, lang: str) -> str:
        return files.of_speech(self._voice.recipe(dictionary.said(words, lang), lang))

    async def wanted(self, company: str) -> list[Wanted]:
        """All that is not there and should be; what callers wait for first."""
        pages = [page async for page in self._wanted(company)]
        return [one for page in pages for one in page.urgent] + [one for page in pages for one in page.later]

    async def _wanted(self, company: str, since: datetime | None = None) -> AsyncIterator[_Missing]:
        """A page at a time, so that a large company costs no more memory than a small one, and no long collection of
        garbage."""
        async with self._store.read(company) as tx:
            this = await companies.this(tx)
            users = {user.id: user for user in await people.everybody(tx)}
            names = {box.greeting: users[box.user].name for box in await mailboxes.all_of_them(tx)}
            dictionary = await self._dictionaries.latest(tx)
        async for page in self._pages(company, since):
            yield await asyncio.to_thread(self._missing, _Owner(this, names, dictionary), page)

    async def _pages(self, company: str, since: datetime | None) -> AsyncIterator[list[Heard]]:
        if since is None:
            after = 0
            while page := await self._page(company, after):
                yield page
                after = page[-1].message.number
            return
        async with self._store.read(company) as tx:
            ids = await messages.changed(tx, since)
        for at in range(0, len(ids), _PAGE):
            async with self._store.read(company) as tx:
                page = await messages.these(tx, ids[at : at + _PAGE])
            yield page

    async def _page(self, company: str, after: int) -> list[Heard]:
        async with self._store.read(company) as tx:
            return await messages.page(tx, after, _PAGE)

    async def publish(self, company: str, wanted: list[Wanted]) -> list[Failure]:
        """Makes them in order; what fails is told, and stops nothing. A recording that cannot be had any more makes
        what was heard before it wanted."""
        failures = await self._maker.make(company, wanted)
        for failure in failures:
            if isinstance(failure.source, Recorded):
                await self._earlier(company, failure.source)
        return failures

    async def anew(self) -> int:
        """Everything that callers hear, whatever is there. Otherwise as `mend`. Raises OSError."""
        await asyncio.to_thread(self._seals.break_all, self._root)
        self._failed.clear()
        self._looked_at_all = -_ALL_EVERY_S
        return await self.mend()

    async def mend(self) -> int:
        """For all companies: what was changed since the last time, and every half minute or so all there is. How many
        files were made; what failed is logged, and left alone for a minute."""
        since = None if self._looked_at_all + _ALL_EVERY_S < time.monotonic() else self._mended
        async with self._store.across() as tx:
            everyone, begun = await companies.all_of_them(tx), tx.now
            changed = {one.id for one in everyone} if since is None else await messages.companies_changed(tx, since)
            respoken = self._dictionaries.changed(await pronunciations.marks(tx))
        if since is None:
            self._seals.turn()
            await self._neutral.look()
            self._looked_at_all = time.monotonic()
        made = 0
        for company in everyone:
            if company.id in changed | respoken:
                made += await self._mend(company, None if company.id in respoken else since)
        self._mended = begun - _OVERLAP
        return made

    @property
    def failed(self) -> int:
        """How many files could not be made a short while ago."""
        return len(self._failed)

    async def _mend(self, company: Company, since: datetime | None) -> int:
        """What callers wait for is made first, in the whole company; nearly always there is nothing to make."""
        now, made, more = time.monotonic(), 0, False
        self._failed = {base: until for base, until in self._failed.items() if until > now}
        async for page in self._wanted(company.id, since):
            made += await self._publish(company, page.urgent)
            more = more or bool(page.later)
        if more:
            async for page in self._wanted(company.id, since):
                made += await self._publish(company, page.later)
        if since is None:
            self._dictionaries.spoken(company.id)
        return made

    async def _publish(self, company: Company, wanted: list[Wanted]) -> int:
        trying = [one for one in wanted if one.base not in self._failed]
        failures = await self.publish(company.id, trying)
        for failure in failures:
            self._failed[failure.base] = time.monotonic() + _PATIENCE_S
            log.error("company %s: %s could not be published: %s", company.slug, failure.source, failure.why)
        return len(trying) - len(failures)

    async def recording(self, company: str, of: Version | VoiceMessage) -> str | None:
        """The media name of a recording, read again, and made now if need be (0.1 s and more); None if its audio cannot
        be had."""
        name = files.of_recording(of.sha256, of.first, of.last)
        base = files.base(self._root, company, name)
        for failure in await self._maker.make(company, [Wanted(base, recorded(of))], read=True):
            log.error("%s of company %s cannot be played: %s", of.id, company, failure.why)
        return files.media(company, name) if files.playable(base) else None

    async def take(self, company: str, sha256: str, pcm: Pcm, verdict: Verdict) -> bool:
        """Publishes a take from the samples in hand. False if it failed: then it is wanted, and made later."""
        base = files.base(self._root, company, files.of_recording(sha256, verdict.start, verdict.end))
        return await self._maker.from_samples(base, pcm, verdict)

    def _missing(self, owner: _Owner, page: list[Heard]) -> _Missing:
        """In a thread."""
        missing = _Missing([], [])
        for heard in page:
            missing.urgent.extend(one for one in self._urgent(owner, heard) if not self._seals.intact(one.base))
            missing.later.extend(one for one in self._later(owner, heard) if not self._seals.intact(one.base))
        return missing

    def _urgent(self, owner: _Owner, heard: Heard) -> Iterator[Wanted]:
        for text in heard.texts.values():
            if text.current is not None:
                current = text.current
                name = files.of_recording(current.sha256, current.first, current.last)
                yield Wanted(files.base(self._root, owner.company.id, name), recorded(current))
        if name := owner.people.get(heard.message.id, ""):
            yield from (self._said(owner, self._words.greeting(lang, name), lang) for lang in LANGUAGES)

    def _later(self, owner: _Owner, heard: Heard) -> Iterator[Wanted]:
        for text in heard.texts.values():
            if text.script:
                yield self._said(owner, text.script, text.lang)
        if heard.message.id not in owner.people:
            for lang in LANGUAGES:
                yield self._said(owner, self._words.record(lang, heard.message.name, owner.company.name), lang)

    def _said(self, owner: _Owner, words: str, lang: str) -> Wanted:
        base = files.base(self._root, owner.company.id, self._names(owner.dictionary, words, lang))
        return Wanted(base, Spoken(owner.dictionary.said(words, lang), lang))

    async def _earlier(self, company: str, lost: Recorded) -> None:
        async with self._store.read(company) as tx:
            before = await versions.before(tx, lost.sha256)
        for version in before:
            if await self.recording(company, version) is not None:
                return
