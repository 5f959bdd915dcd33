"""The log of what was changed, by whom."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pbx.store import Store, audit
from pbx.store.values import AuditEntry


class Audit:
    """Most changes write their own line; this is for those that have no row, such as a call that was made."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def write(self, company: str, actor: str, action: str, subject: str, **details: Any) -> None:
        async with self._store.begin(company) as tx:
            await audit.write(tx, actor, action, subject, **details)

    async def recent(self, company: str, limit: int = 100) -> list[AuditEntry]:
        """Newest first."""
        async with self._store.read(company) as tx:
            return await audit.recent(tx, limit)

    async def page(self, company: str, before: str, most: int) -> tuple[list[AuditEntry], str]:
        """Newest first, older than the entry `before` if there is one; and after which one it goes on, if at all."""
        async with self._store.read(company) as tx:
            entries = await audit.page(tx, before, most + 1)
        return entries[:most], entries[most - 1].id if len(entries) > most else ""

    async def who(self, company: str, moments: Sequence[datetime]) -> Mapping[datetime, str]:
        """Who made the changes of these very moments, as far as they were written down."""
        async with self._store.read(company) as tx:
            return await audit.who(tx, moments)
