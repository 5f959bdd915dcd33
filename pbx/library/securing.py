"""The one sequence by which new audio becomes what callers hear, and cannot be lost.

    every copy of the vault → published → one transaction with all rows → that transaction's entry in every copy
    → "saved"

What was heard before is heard until the transaction. The process may die after any line: an object's name is made of
its bytes, the published file's of that, so that whoever begins again finds what is done already.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeVar

from pbx.audio.judge import Verdict
from pbx.audio.pcm import Pcm
from pbx.library.published import Published
from pbx.store import erasing
from pbx.store.tx import Writing
from pbx.vault import Stored, TooFewCopies, Vault

T = TypeVar("T")
Begin = Callable[[str], AbstractAsyncContextManager[Writing]]
Write = Callable[[Writing, Sequence[Stored]], Awaitable[T]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Thing:
    """The bytes of an object, and what its sidecar tells."""

    data: bytes
    about: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sound:
    """What is heard of the first of some things: samples at 16 kHz, and which part of them."""

    pcm: Pcm
    verdict: Verdict


class Securing:
    def __init__(self, vault: Vault, published: Published) -> None:
        self._vault = vault
        self._published = published

    async def __call__(
        self, company: str, things: Sequence[Thing], sound: Sound | None, begin: Begin, write: Write[T]
    ) -> T:
        """`write` writes the rows, knowing where the things are: in no copies means in fewer than it must be. `begin`:
        `Store.begin` for what happens in a call, which never waits; `Store.edit` for what a person decides, which is
        done when the vault has the rows too. Refused: `erase-ordered`, and as `begin` and `write` say.
        """
        stored = [await self.put(company, thing) for thing in things]
        if sound is not None:
            await self._published.take(company, stored[0].sha256, sound.pcm, sound.verdict)
        async with begin(company) as tx:
            unlinked = [await erasing.lift(tx, one.sha256) for one in stored]
            written = await write(tx, stored)
        for thing, gone in zip(things, unlinked, strict=True):
            if gone:
                await self.put(company, thing)
        return written

    async def put(self, company: str, thing: Thing) -> Stored:
        """With no copies if it is in fewer than it must be."""
        try:
            return await self._vault.put(company, thing.data, thing.about)
        except TooFewCopies as error:
            log.error("%s of company %s is in too few copies: %s", thing.about.get("purpose"), company, error)
            return Stored(hashlib.sha256(thing.data).hexdigest(), len(thing.data), 0)
