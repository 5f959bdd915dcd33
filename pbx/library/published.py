"""Making the published files what they should be: from the vault's objects, or by the voice."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from pbx.audio.judge import Verdict
from pbx.audio.pcm import Pcm
from pbx.company.languages import LANGUAGES
from pbx.library import files
from pbx.library.choosing import Shelf
from pbx.library.making import Maker
from pbx.library.neutral import Neutral
from pbx.library.sources import Failure, Recorded, Spoken, Wanted, recorded
from pbx.library.words import Words
from pbx.speech import Voice
from pbx.store import Store, companies, mailboxes, messages, people, versions
from pbx.store.messages import Heard
from pbx.store.values import Company, Version, VoiceMessage
from pbx.vault import Vault

_PAGE = 200
_ALL_EVERY_S = 25.0
_OVERLAP = timedelta(seconds=5)  # a change may be committed a little after the time it carries
_PATIENCE_S = 60.0  # what could not be made is not tried again at every change of the database

log = logging.getLogger(__name__)


class Published:
    def __init__(self, store: Store, vault: Vault, root: Path, voice: Voice, words: Words, neutral: Neutral) -> None:
        self._store = store
        self._root = root
        self._voice = voice
        self._words = words
        self._neutral = neutral
        self._maker = Maker(vault, voice)
        self._failed: dict[Path, float] = {}
        self._mended: datetime | None = None
        self._looked_at_all = -_ALL_EVERY_S
        self._names = lru_cache(maxsize=65_536)(self._speech_name)

    def shelf(self, company: str) -> Shelf:
        return Shelf(self._root, company, self.speech_name)

    def speech_name(self, words: str, lang: str) -> str:
        """The name of the file in which the voice says this."""
        return self._names(words, lang)

    def _speech_name(self, words: str, lang: str) -> str:
        return files.of_speech(self._voice.recipe(words, lang))

    async def wanted(self, company: str, since: datetime | None = None) -> list[Wanted]:
        """What is not there and should be, what callers wait for first: recordings, greetings, scripts, and what
        those hear whom we ring up. `since`: only of messages that were changed since."""
        async with self._store.read(company) as tx:
            this = await companies.this(tx)
            users = {user.id: user for user in await people.everybody(tx)}
            names = {box.greeting: users[box.user].name for box in await mailboxes.all_of_them(tx)}
        missing: list[tuple[int, Wanted]] = []
        async for page in self._pages(company, since):
            missing += await asyncio.to_thread(self._missing, this, page, names)
        return [one for _, one in sorted(missing, key=lambda one: one[0])]

    async def _pages(self, company: str, since: datetime | None) -> AsyncIterator[list[Heard]]:
        after = 0
        while True:
            async with self._store.read(company) as tx:
                page = await (messages.page(tx, after, _PAGE) if since is None else messages.changed(tx, since))
            if page:
                yield page
            if not page or since is not None:
                return
            after = page[-1].message.number

    async def publish(self, company: str, wanted: list[Wanted]) -> list[Failure]:
        """Makes them in order; what fails is told, and stops nothing. A recording that cannot be had any more makes
        what was heard before it wanted."""
        failures = await self._maker.make(company, wanted)
        for failure in failures:
            if isinstance(failure.source, Recorded):
                await self._earlier(company, failure.source)
        return failures

    async def mend(self) -> int:
        """For all companies: what was changed since the last time, and every half minute or so all there is. How many
        files were made; what failed is logged, and left alone for a minute."""
        since = None if self._looked_at_all + _ALL_EVERY_S < time.monotonic() else self._mended
        async with self._store.across() as tx:
            everyone, begun = await companies.all_of_them(tx), tx.now
            changed = {one.id for one in everyone} if since is None else await messages.companies_changed(tx, since)
        if since is None:
            await self._neutral.look()
            self._looked_at_all = time.monotonic()
        made = sum([await self._mend(company, since) for company in everyone if company.id in changed])
        self._mended = begun - _OVERLAP
        return made

    async def _mend(self, company: Company, since: datetime | None) -> int:
        now = time.monotonic()
        self._failed = {base: until for base, until in self._failed.items() if until > now}
        wanted = [one for one in await self.wanted(company.id, since) if one.base not in self._failed]
        failures = await self.publish(company.id, wanted)
        for failure in failures:
            self._failed[failure.base] = now + _PATIENCE_S
            log.error("company %s: %s could not be published: %s", company.slug, failure.source, failure.why)
        return len(wanted) - len(failures)

    async def recording(self, company: str, of: Version | VoiceMessage) -> str | None:
        """The media name of a recording, made now if need be (0.1 s and more); None if its audio cannot be had."""
        name = files.of_recording(of.sha256, of.first, of.last)
        base = files.base(self._root, company, name)
        for failure in await self._maker.make(company, [Wanted(base, recorded(of))]):
            log.error("%s of company %s cannot be played: %s", of.id, company, failure.why)
        return files.media(company, name) if files.playable(base) else None

    async def take(self, company: str, sha256: str, pcm: Pcm, verdict: Verdict) -> bool:
        """Publishes a take from the samples in hand. False if it failed: then it is wanted, and made later."""
        base = files.base(self._root, company, files.of_recording(sha256, verdict.start, verdict.end))
        return await self._maker.from_samples(base, pcm, verdict)

    def _missing(self, company: Company, page: list[Heard], names: dict[str, str]) -> list[tuple[int, Wanted]]:
        """With the order in which they are made. `names`: of the people whose greeting a message is."""
        found: list[tuple[int, Wanted]] = []
        for heard in page:
            for text in heard.texts.values():
                if text.current is not None:
                    found.append((0, self._recorded(company.id, text.current)))
                if text.script:
                    found.append((2, self._spoken(company.id, text.script, text.lang)))
            for lang in LANGUAGES:
                if name := names.get(heard.message.id):
                    found.append((1, self._spoken(company.id, self._words.greeting(lang, name), lang)))
                else:
                    introduction = self._words.record(lang, heard.message.name, company.name)
                    found.append((3, self._spoken(company.id, introduction, lang)))
        return [(order, one) for order, one in found if not files.complete(one.base)]

    def _recorded(self, company: str, version: Version) -> Wanted:
        name = files.of_recording(version.sha256, version.first, version.last)
        return Wanted(files.base(self._root, company, name), recorded(version))

    def _spoken(self, company: str, words: str, lang: str) -> Wanted:
        return Wanted(files.base(self._root, company, self.speech_name(words, lang)), Spoken(words, lang))

    async def _earlier(self, company: str, lost: Recorded) -> None:
        async with self._store.read(company) as tx:
            before = await versions.before(tx, lost.sha256)
        for version in before:
            if await self.recording(company, version) is not None:
                return
