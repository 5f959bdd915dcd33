"""Making whole what was found wrong: from another copy of the vault, from the spool, or from the database."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from pbx.errors import Lost
from pbx.library.originals import Originals
from pbx.store import Store, catalogue, takes
from pbx.store.losses import Found
from pbx.vault import Diverged, Entry, Finding, TooFewCopies, Vault

Erased = Callable[[str, str], bool]

log = logging.getLogger(__name__)


class Mending:
    """`erased`: what was erased for good and never comes back."""

    def __init__(self, store: Store, vault: Vault, originals: Originals, erased: Erased) -> None:
        self._store = store
        self._vault = vault
        self._originals = originals
        self._erased = erased

    async def objects(self, company: str, found: Sequence[Found]) -> dict[str, str]:
        """By object: from where it is whole again. Of what no copy has only the spool is asked."""
        async with self._store.read(company) as tx:
            in_spool = await takes.objects_in_spool(tx)
        healed: dict[str, str] = {}
        for one in found:
            if one.lost and one.sha256 not in in_spool:
                continue
            sources = [await self.one(Finding(company, "object", one.sha256, copy, "missing")) for copy in one.copies]
            if sources and all(sources):
                healed[one.sha256] = sources[0] or ""
        return healed

    async def one(self, finding: Finding) -> str | None:
        """From where it is whole again; None if nothing could be done."""
        source = await self._vault.heal(finding, self._erased)
        if source is None and finding.kind == "object":
            source = await self._from_spool(finding)
        if source is None and finding.kind == "entry":
            source = await self._from_database(finding)
        if source is not None:
            log.warning("%s %s of company %s in copy %s is whole again, from %s", finding.kind, finding.name,
                        finding.company, finding.copy, source)  # fmt: skip
        return source

    async def whole_somewhere(self, company: str, sha256: str) -> bool:
        """By reading it."""
        try:
            await self._originals.get(company, sha256)
        except Lost:
            return False
        return True

    async def _from_spool(self, finding: Finding) -> str | None:
        if await asyncio.to_thread(self._erased, finding.company, finding.name):
            return None
        data = await self._originals.spooled(finding.company, finding.name)
        if data is None:
            return None
        try:
            await self._vault.restore(finding.company, finding.name, data, {"purpose": "restored from the spool"})
        except TooFewCopies:
            return None
        return "spool"

    async def _from_database(self, finding: Finding) -> str | None:
        async with self._store.read(finding.company) as tx:
            entries = await catalogue.after(tx, int(finding.name) - 1, 1)
        if not entries or entries[0].number != int(finding.name):
            return None
        try:
            await self._vault.catalogue.write(finding.company, [Entry.of(entries[0].body.encode())])
        except (TooFewCopies, Diverged):
            return None
        return "database"
