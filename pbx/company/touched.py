"""In which companies rows of some tables may have changed: their redo logs tell, so that whoever would have to read all
of them reads none for what calls write all the time."""

import json

from pbx.store import Store, catalogue, companies
from pbx.store.catalogue import Entry


class Touched:
    """`tables`: those that matter to whoever asks."""

    def __init__(self, store: Store, tables: frozenset[str]) -> None:
        self._store = store
        self._tables = tables
        self._seen: dict[str, int] = {}

    async def companies(self) -> list[str]:
        """Those in which anything of it may have changed since this was asked last; at first all of them."""
        async with self._store.across() as tx:
            heads = await catalogue.heads(tx)
            everyone = [company.id for company in await companies.all_of_them(tx)]
        touched = [company for company in everyone if await self._is_touched(company, heads.get(company, 0))]
        self._seen = {company: heads.get(company, 0) for company in everyone}
        return touched

    async def _is_touched(self, company: str, head: int) -> bool:
        seen = self._seen.get(company)
        if seen is None or seen >= head:
            return seen != head
        async with self._store.read(company) as tx:
            entries = await catalogue.after(tx, seen, head - seen)
        return len(entries) < head - seen or any(map(self._tells, entries))

    def _tells(self, entry: Entry) -> bool:
        """A full image changes nothing."""
        return entry.kind == "change" and any(row[0] in self._tables for row in json.loads(entry.body)["rows"])
