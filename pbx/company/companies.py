"""Companies: everything belongs to exactly one."""

import zoneinfo

from pbx.company.languages import known
from pbx.company.names import clean, slug
from pbx.errors import Refused
from pbx.store import Store, audit, companies, new_id
from pbx.store.values import Company, Outgoing


class Companies:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(
        self,
        name: str,
        *,
        language: str = "sv",
        time_zone: str = "Europe/Stockholm",
        outgoing: Outgoing = "all",
        by: str,
    ) -> Company:
        """Refused: `name-form`, `company-name-taken`, `language-unknown`, `time-zone-unknown`."""
        name, language = clean(name), known(language)
        if time_zone not in zoneinfo.available_timezones():
            raise Refused("time-zone-unknown", time_zone[:40])
        async with self._store.edit(new_id()) as tx:
            company = await companies.add(tx, name, slug(name), language, time_zone, outgoing)
            await audit.write(tx, by, "company added", name)
        return company

    async def get(self, company: str) -> Company:
        """Refused: `company-unknown`."""
        return await self._store.recall(company, "company", companies.this)

    async def all(self) -> list[Company]:
        """Oldest first."""
        async with self._store.across() as tx:
            return await companies.all_of_them(tx)

    async def first(self) -> Company | None:
        """The company that is meant where none is named."""
        return next(iter(await self.all()), None)

    async def by_name(self, name: str) -> Company:
        """By its name, in any case, or its slug. Refused: `company-unknown`."""
        wanted = name.casefold().strip()
        for company in await self.all():
            if wanted in {company.name.casefold(), company.slug}:
                return company
        raise Refused("company-unknown", name[:80])
