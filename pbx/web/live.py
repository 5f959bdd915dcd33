"""What changes while a page is open: one source of events for each company, fed by its redo log.

An event is only the name of what has changed (a topic): the page then asks again for what it shows, by the ordinary
way, so that there is one way to make it. Whoever connects tells up to which entry of the log their page is true, and
hears at once of what has changed since; so a lost connection or a hidden tab misses nothing. What callers hear follows
a change by some seconds, when a voice has spoken: that is told by the published files, and a topic of its own.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pbx.library import files
from pbx.store import Store, catalogue
from pbx.store.catalogue import Entry
from pbx.waiting import set_within

TOPICS: Mapping[str, str] = {
    "message": "messages", "text": "messages", "version": "messages", "place": "messages", "pronunciation": "messages",
    "menu": "menus", "menu_choice": "menus", "number": "menus",
    "loss": "losses", "erase_order": "losses", "brake": "losses",
    "user": "people", "user_number": "people", "phone": "people", "picture": "people", "account": "people",
    "pin": "people", "company": "people",
    "mailbox": "mailboxes", "voice_message": "mailboxes",
    "call_job": "jobs", "job_item": "jobs", "take": "jobs",
}  # fmt: skip
PUBLISHED = "published"
ALL = frozenset(TOPICS.values()) | {PUBLISHED}
_ENTRIES = 200
_QUIET_S = 15.0
_FILES_S = 0.3
_PAUSE_S = 0.2  # several changes in a row are told as one


@dataclass(slots=True)
class _Company:
    """`topics`: the last entry in which each was touched. `published`: as the files tell. `turned` is replaced at each
    change, and then set."""

    at: int
    published: int
    listeners: int = 0
    topics: dict[str, int] = field(default_factory=dict)
    turned: asyncio.Event = field(default_factory=asyncio.Event)

    def turn(self) -> None:
        self.turned.set()
        self.turned = asyncio.Event()


class Live:
    """`published`: the folder of what Asterisk plays."""

    def __init__(self, store: Store, published: Path) -> None:
        self._store = store
        self._published = published
        self._companies: dict[str, _Company] = {}

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._follow_log())
            both.create_task(self._follow_files())

    async def _follow_log(self) -> None:
        async for _ in self._store.changed():
            for company_id, company in list(self._companies.items()):
                await self._look(company_id, company)

    async def _follow_files(self) -> None:
        while True:
            await asyncio.sleep(_FILES_S)
            for company_id, company in self._companies.items():
                if (published := self.published(company_id)) != company.published:
                    company.published = published
                    company.turn()

    def published(self, company: str) -> int:
        """How far it has come with making what its callers should hear: another number after each file."""
        return files.told(self._published, company)

    async def at(self, company: str) -> int:
        """The last entry of its log now, or a little before, where some page follows it already: an entry too many
        makes a page look once more."""
        if company in self._companies:
            return self._companies[company].at
        return await self._store.head(company)

    async def follow(
        self, company_id: str, since: int, published: int | None = None
    ) -> AsyncIterator[tuple[int, frozenset[str]]]:
        """Topics that have changed after entry `since`, with the entry up to which that is; none now and then, where
        nothing has; for ever. `published`: what that was then, if not what it is now."""
        seen, topics = await self._touched(company_id, since)
        company = self._companies.setdefault(company_id, _Company(seen, self.published(company_id)))
        heard = company.published if published is None else published
        company.listeners += 1
        try:
            await self._look(company_id, company)
            while True:
                turned = company.turned
                topics |= {topic for topic, number in company.topics.items() if number > seen}
                seen = max(seen, company.at)
                if company.published != heard:
                    heard = company.published
                    topics.add(PUBLISHED)
                if topics:
                    yield seen, frozenset(topics)
                    topics = set()
                    await asyncio.sleep(_PAUSE_S)
                    continue
                if not await set_within(_QUIET_S, turned):
                    yield seen, frozenset()
        finally:
            company.listeners -= 1
            if not company.listeners:
                self._companies.pop(company_id, None)

    async def _look(self, company_id: str, company: _Company) -> None:
        at, touched = await self._touched(company_id, company.at)
        if at <= company.at:
            return
        company.at = at
        company.topics |= dict.fromkeys(touched, at)
        company.turn()

    async def _touched(self, company_id: str, since: int) -> tuple[int, set[str]]:
        """Up to the last entry now. All topics, where there are too many or they have been forgotten."""
        async with self._store.read(company_id) as tx:
            head = (await catalogue.head(tx)).number
            if head <= since:
                return head, set()
            entries = await catalogue.after(tx, since, _ENTRIES) if head - since <= _ENTRIES else []
        if len(entries) < head - since:
            return head, set(ALL)
        return head, {topic for entry in entries for topic in _topics(entry)}


def _topics(entry: Entry) -> set[str]:
    """A full image changes nothing, and may be large."""
    return {TOPICS[table] for table, _, _ in json.loads(entry.body)["rows"]} if entry.kind == "change" else set()
