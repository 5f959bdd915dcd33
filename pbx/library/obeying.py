"""Carrying out erase orders, each step so that it can be done again: a kill at any point costs a repetition."""

import asyncio
import logging

from pbx.library.brake import Brake
from pbx.library.catalogue import Catalogue
from pbx.library.leftovers import Leftovers
from pbx.store import Store, catalogue, erasing, redo
from pbx.store.orders import Order
from pbx.vault import Vault

_AT_ONCE = 50

log = logging.getLogger(__name__)


class Obeying:
    """One process works at a time: the service."""

    def __init__(self, store: Store, vault: Vault, brake: Brake, log: Catalogue, leftovers: Leftovers) -> None:
        self._store = store
        self._vault = vault
        self._brake = brake
        self._log = log
        self._leftovers = leftovers

    async def work(self, company: str) -> int:
        """How many orders every copy has obeyed by now. Raises OSError, TooFewCopies, Diverged, and Refused as edits
        are: a database that is older than the vault erases nothing."""
        await self._log.check(company)
        await self._unlink(company)
        await self._clear(company)
        return await self._begin_anew(company)

    async def _unlink(self, company: str) -> None:
        """In the copies that take writes. A copy that is frozen or away keeps its orders."""
        able = {state.name for state in await self._vault.states() if state.reachable and not state.frozen}
        open_now = [one for one in await self._open(company) if one.sha256]
        pending = [one.id for one in open_now if one.steps.begun or able - set(one.steps.copies)]
        for at in range(0, len(pending), _AT_ONCE):
            if await self._brake.is_on(company):
                return
            async with self._store.begin(company) as tx:
                begun = await erasing.begin(tx, pending[at : at + _AT_ONCE])
            copies = {order.id: await self._vault.erase(company, order.sha256 or "") for order in begun}
            async with self._store.begin(company) as tx:
                await erasing.unlinked(tx, copies)

    async def _clear(self, company: str) -> None:
        """What every copy has unlinked: files of this machine go, and the rows name it no more."""
        names = await self._names()
        ready = [one for one in await self._open(company) if not one.steps.cleared and _unlinked(one, names)]
        await self._remove_leftovers(company, ready)
        for at in range(0, len(ready), _AT_ONCE):
            async with self._store.begin(company) as tx:
                await erasing.clear(tx, [order.id for order in ready[at : at + _AT_ONCE]])

    async def _begin_anew(self, company: str) -> int:
        """A catalogue that never knew it, in every copy."""
        ready = [one for one in await self._open(company) if one.steps.cleared]
        if not ready:
            return 0
        image = await self._image(company, max(order.steps.cleared for order in ready))
        if await self._log.export_to_all(company) < image:
            log.info("company %s: %d erase orders wait until every copy has the new catalogue", company, len(ready))
            return 0
        if not await self._names() <= await self._vault.catalogue.trim(company, image):
            return 0
        await self._forget(company, image)
        # Once more: whoever had the rows in hand when the order came may have made a file since.
        await self._remove_leftovers(company, ready)
        async with self._store.begin(company) as tx:
            await erasing.obeyed(tx, [order.id for order in ready])
        log.info("company %s: %d erase orders are obeyed by every copy", company, len(ready))
        return len(ready)

    async def _image(self, company: str, after: int) -> int:
        """Of the one that was made before we were interrupted, or a new one, the number."""
        async with self._store.read(company) as tx:
            image = await catalogue.last_image(tx)
        return image if image > after else await asyncio.to_thread(redo.image, self._store.path, company)

    async def _forget(self, company: str, image: int) -> None:
        while True:
            async with self._store.begin(company) as tx:
                if not await catalogue.forget(tx, image):
                    return

    async def _remove_leftovers(self, company: str, orders: list[Order]) -> None:
        for order in orders:
            await asyncio.to_thread(self._leftovers.remove, company, order.steps)

    async def _open(self, company: str) -> list[Order]:
        async with self._store.read(company) as tx:
            return await erasing.open_orders(tx)

    async def _names(self) -> set[str]:
        """Of all copies that are not retired."""
        return {state.name for state in await self._vault.states()}


def _unlinked(order: Order, names: set[str]) -> bool:
    return order.sha256 is None or (not order.steps.begun and names <= set(order.steps.copies))
