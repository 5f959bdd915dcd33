"""The brake: when unusually much of a company is deleted or erased within an hour, nothing more goes until the
operator has said yes. Deleting by key in 333 is never refused; the erasing that follows days later is counted."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pbx.errors import Refused
from pbx.rules.brake import WINDOW, BrakeState, counted_since, is_released, must_stop
from pbx.store import Store, audit, brake
from pbx.store.tx import Reading

log = logging.getLogger(__name__)


class BrakeOn(Refused):
    """More would go than may go within an hour, or it was so before and the operator has not said yes yet."""

    def __init__(self, because: str) -> None:
        super().__init__("brake-on", because)


class Brake:
    """Around the transaction, so that the stop outlives its being undone:

    async with brake.watching(company), store.edit(company) as tx:
        await brake.count(tx, 3)  # before anything is changed
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @asynccontextmanager
    async def watching(self, company: str) -> AsyncIterator[None]:
        """What `count` refuses in here stops all deleting and erasing of the company."""
        try:
            yield
        except BrakeOn as refused:
            await self._stop(company, refused.details)
            raise

    async def count(self, tx: Reading, more: int) -> None:
        """Refused `brake-on` (BrakeOn) if `more` objects must not go now."""
        state = await brake.state(tx)
        gone = await brake.gone(tx, counted_since(state, tx.now))
        because = must_stop(state, tx.now, await brake.objects(tx), gone, more)
        if because is not None:
            raise BrakeOn(because)

    async def count_message(self, tx: Reading, message_id: str) -> None:
        """The same for the deletion of a message, with as many objects as it has versions."""
        await self.count(tx, await brake.weight(tx, message_id))

    async def is_on(self, company: str) -> bool:
        """Whether nothing goes. It is off again only when the operator has said yes."""
        async with self._store.read(company) as tx:
            state = await brake.state(tx)
            return state.stopped_at is not None and not is_released(state, tx.now)

    async def objects(self, company: str) -> int:
        """How many recordings and pictures there are, deleted ones included."""
        async with self._store.read(company) as tx:
            return await brake.objects(tx)

    async def state(self, company: str) -> BrakeState:
        async with self._store.read(company) as tx:
            return await brake.state(tx)

    async def stopped(self) -> dict[str, BrakeState]:
        """By company: where it is on."""
        async with self._store.across() as tx:
            return await brake.stopped(tx)

    async def release(self, company: str, *, by: str) -> BrakeState:
        """The operator says yes: for an hour everything goes that is asked for."""
        async with self._store.edit(company) as tx:
            before = await brake.state(tx)
            await brake.release(tx, tx.now + WINDOW, by)
            await audit.write(tx, by, "brake released", company, because=before.because)
            return await brake.state(tx)

    async def _stop(self, company: str, because: str) -> None:
        async with self._store.begin(company) as tx:
            known = (await brake.state(tx)).stopped_at is not None
            await brake.stop(tx, because)
        if not known:
            log.error(
                "company %s: deleting and erasing are stopped (%s) until the operator says yes: vaxel vault release",
                company, because,
            )  # fmt: skip
