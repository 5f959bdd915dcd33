"""Erasing for good: the rows go at once, with an erase order for what only they used; `work` carries the orders out.

rows gone, order written → unlinked in every copy → nothing names it → a new image of the catalogue in every copy
→ the entries before it gone in every copy → obeyed
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Literal

from pbx import fresh
from pbx.company.languages import LANGUAGES
from pbx.errors import Refused, VaxelError
from pbx.library import files
from pbx.library.brake import Brake
from pbx.library.catalogue import Catalogue
from pbx.library.locks import Locks
from pbx.library.obeying import Obeying
from pbx.library.words import Words
from pbx.store import Store, audit, brake, companies, erasing, mailboxes, removing, retention, versions
from pbx.store.orders import Order
from pbx.store.removing import Removed
from pbx.store.tx import Reading, Writing

EVERY_S = 30.0
RETENTION, UNDO_OVER = "retention", "undo time is over"
Kind = Literal["message", "version", "voice message", "picture"]
Begin = Callable[[str], AbstractAsyncContextManager[Writing]]
_REMOVE = {
    "message": removing.message, "version": removing.version, "voice message": removing.voice,
    "picture": removing.picture,
}  # fmt: skip

log = logging.getLogger(__name__)


class Erasing:
    """`speech_names`: of words with their languages, the names of the published files in which a voice says them."""

    def __init__(
        self, store: Store, brake: Brake, log: Catalogue, obeying: Obeying, words: Words,
        speech_names: Callable[[Reading, Sequence[tuple[str, str]]], Awaitable[set[str]]],
    ) -> None:  # fmt: skip
        self._store = store
        self._brake = brake
        self._log = log
        self._obeying = obeying
        self._words = words
        self._speech_names = speech_names
        self._locks = Locks()

    async def order_message(self, company: str, message_id: str, *, by: str, because: str) -> int:
        """A message that is deleted, or in no place, with all its versions, texts, takes and jobs. How many orders.

        Refused: `message-unknown`, `message-placed`, `message-busy`, `erase-waits`, `brake-on`.
        """
        return await self._order(self._store.edit, company, "message", message_id, by, because)

    async def order_version(self, company: str, version_id: str, *, by: str, because: str) -> int:
        """One that is not current. Refused: `version-unknown`, `version-current`, `erase-waits`, `brake-on`."""
        return await self._order(self._store.edit, company, "version", version_id, by, because)

    async def order_greeting(self, company: str, mailbox_id: str, *, by: str, because: str) -> int:
        """All recordings of a mailbox's greeting, the one that is heard too: callers hear the default one from now on.
        All of them or none. Refused: `mailbox-unknown`, `version-unknown` where there is none, `erase-waits`,
        `brake-on`."""
        orders = 0
        async with self._brake.watching(company), self._store.edit(company) as tx:
            box = await mailboxes.get(tx, mailbox_id)
            recordings = await versions.of_message(tx, box.greeting)
            if not recordings:
                raise Refused("version-unknown", "0")
            await self._brake.count(tx, len(recordings))
            await versions.retire(tx, box.greeting)
            for one in recordings:
                orders += await self._remove(tx, "version", one.id, by, because)
        return orders

    async def order_voice(self, company: str, voice_id: str, *, by: str, because: str) -> int:
        """A voice message. Refused: `message-unknown`, `erase-waits`, `brake-on`."""
        return await self._order(self._store.edit, company, "voice message", voice_id, by, because)

    async def order_picture(self, company: str, picture_id: str, *, by: str, because: str) -> int:
        """A user's picture, be it shown or not. Refused: `picture-unknown`, `brake-on`."""
        return await self._order(self._store.edit, company, "picture", picture_id, by, because)

    async def due(self, company: str) -> int:
        """Orders the erasure of what was deleted so long ago that it cannot be brought back any more; how many things.
        Where the brake is on, where too much would go at once, and where no edit would be possible, nothing."""
        try:
            await self._log.check(company)
            async with self._brake.watching(company), self._store.read(company) as tx:
                due = await retention.due(tx)
                await self._brake.count(tx, due.weight)
        except Refused as refused:
            log.info("nothing of company %s is erased now: %s", company, refused)
            return 0
        things: list[tuple[Kind, str]] = [("message", one) for one in due.messages]
        things += [("version", one) for one in due.versions] + [("voice message", one) for one in due.voice]
        things += [("picture", one) for one in due.pictures]
        done = 0
        for kind, thing in things:
            try:
                await self._order(self._store.begin, company, kind, thing, RETENTION, UNDO_OVER)
                done += 1
            except Refused as refused:  # what was brought back or put to use a moment ago, or the brake
                log.info("%s %s of company %s is not erased now: %s", kind, thing, company, refused)
            await asyncio.sleep(0)
        return done

    async def work(self, company: str | None = None) -> int:
        """Carries out what is ordered, in one company or all. How many orders every copy has obeyed by now. What
        cannot be done now, because a copy is frozen or away, stays ordered; where the brake is on, nothing is done."""
        async with self._store.across() as tx:
            waiting = await erasing.companies(tx)
        done = 0
        for one in waiting:
            if company not in (None, one) or await self._brake.is_on(one):
                continue
            try:
                async with self._locks.of(one):
                    done += await self._obeying.work(one)
            except (VaxelError, OSError):
                log.exception("erase orders of company %s wait", one)
        return done

    async def run(self) -> None:
        """Until cancelled, every half minute: what is due, and what is ordered."""
        while True:
            try:
                async with self._store.across() as tx:
                    everyone = await companies.all_of_them(tx)
                for company in everyone:
                    await self.due(company.id)
                await self.work()
                fresh.done("erasing")
            except Exception:  # whatever it is: nothing about erasing is urgent, and the calls go on
                log.exception("erasing goes on at its next round")
            await asyncio.sleep(EVERY_S)

    async def orders(self, company: str) -> list[Order]:
        """Those that not every copy has obeyed yet, oldest first."""
        async with self._store.read(company) as tx:
            return await erasing.open_orders(tx)

    async def open_counts(self) -> Counter[str]:
        """By company, for the operator: how many orders not every copy has obeyed yet."""
        async with self._store.across() as tx:
            return Counter(order.company for order in await erasing.open_orders(tx))

    async def _order(self, begin: Begin, company: str, kind: Kind, thing: str, by: str, because: str) -> int:
        async with self._brake.watching(company), begin(company) as tx:
            await self._brake.count(tx, await brake.weight(tx, thing) if kind == "message" else 1)
            return await self._remove(tx, kind, thing, by, because)

    async def _remove(self, tx: Writing, kind: Kind, thing: str, by: str, because: str) -> int:
        """The rows, with an order for what they alone used."""
        removed = await _REMOVE[kind](tx, thing)
        orders = await self._write(tx, removed, by, because)
        await audit.write(tx, by, "erase ordered", thing, kind=kind, because=because, objects=len(removed.objects))
        return orders

    async def _write(self, tx: Writing, removed: Removed, by: str, because: str) -> int:
        """An order for each object; the first, or one for rows alone, takes all else that goes with it."""
        told: dict[str | None, list[str]] = {sha256: [] for sha256 in sorted(removed.objects)} or {None: []}
        first = next(iter(told))
        for sha256, start, end in removed.cuts:
            told[sha256 if sha256 in told else first].append(files.of_recording(sha256, start, end))
        told[first] += await self._speech(tx, removed)
        for name, published in told.items():
            spool = removed.files if name == first else ()
            await erasing.add(tx, name, because=because, by=by, published=published, spool=spool)
        return len(told)

    async def _speech(self, tx: Writing, removed: Removed) -> list[str]:
        words = list(removed.words)
        if removed.name:
            company = (await companies.this(tx)).name
            words += [(self._words.record(lang, removed.name, company), lang) for lang in LANGUAGES]
        return sorted(await self._speech_names(tx, words))
