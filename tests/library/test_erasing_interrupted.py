"""However far an erasure has come when the process ends, the next one finishes it, and it is told only then."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from pbx.errors import Refused
from pbx.library.leftovers import Leftovers
from pbx.store import erasing, redo
from pbx.store.erased import digest
from pbx.store.tx import Writing
from tests.library.erasure import BY, SCRIPT, Erasable, erasable, everything_under, order_rows
from tests.library.house import House


class Killed(Exception):
    """The process has ended here."""


class Killer:
    """Ends whatever runs at the `at`-th step: before and after each thing that is written or unlinked."""

    def __init__(self, at: int) -> None:
        self._left = at

    def step(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise Killed

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        async def acts(*args: Any) -> Any:
            self.step()
            result = await act(*args)
            self.step()
            return result

        return acts

    def around_plain(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def acts(*args: Any) -> Any:
            self.step()
            result = act(*args)
            self.step()
            return result

        return acts

    def around_transaction(self, begin: Callable[..., Any]) -> Callable[..., Any]:
        @asynccontextmanager
        async def begins(company: str) -> AsyncIterator[Writing]:
            async with begin(company) as tx:
                yield tx
                self.step()
            self.step()

        return begins


async def killed(house: House, at: int) -> bool:
    """Whether the erasing was interrupted, and did not come to its end before that."""
    killer = Killer(at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house.world.store, "begin", killer.around_transaction(house.world.store.begin))
        patch.setattr(house.vault, "erase", killer.around(house.vault.erase))
        patch.setattr(house.vault.catalogue, "trim", killer.around(house.vault.catalogue.trim))
        patch.setattr(house.vault.catalogue, "write", killer.around(house.vault.catalogue.write))
        patch.setattr(redo, "image", killer.around_plain(redo.image))
        patch.setattr(Leftovers, "remove", killer.around_plain(Leftovers.remove))
        try:
            await house.library.erasing.work()
        except Killed:
            return True
    return False


def _traces(house: House, lunch: Erasable) -> list[str]:
    """What is still there of it."""
    found = [str(file) for file in (*lunch.published, *lunch.aside) if file.exists()]
    everything = everything_under(*house.copies)
    return found + [trace for trace in (*lunch.objects, lunch.message, SCRIPT) if trace.encode() in everything]


@pytest.mark.timeout(120)
async def test_killed_at_any_step_the_next_work_finishes_it(house: House) -> None:
    company, at = house.world.exempel.id, 0
    while True:
        at += 1
        lunch = await erasable(house, f"{at} one", f"{at} two", name=f"lunch {at}")
        await house.library.erasing.order_message(company, lunch.message, by=BY, because="for good")
        if not await killed(house, at):
            break
        ours = {digest(company, name) for name in lunch.objects}
        told = {row.obeyed_at is not None for row in await order_rows(house) if row.digest in ours}
        assert len(told) == 1
        assert told == {False} or not _traces(house, lunch)
        again = await house.library.erasing.work()
        assert again in (0, 2)
        assert await house.library.erasing.orders(company) == []
        assert not _traces(house, lunch)
        house.world.clock.pass_(hours=1)  # or the brake would stop this
    print(f"killed at {at - 1} steps")
    assert at > 20


async def test_while_copies_are_unlinking_the_same_bytes_have_to_wait(house: House) -> None:
    """The one moment at which nobody can tell whether a copy still has them."""
    lunch = await erasable(house, "one")
    await house.library.erasing.order_message(house.world.exempel.id, lunch.message, by=BY, because="for good")
    found: list[str] = []
    erase = house.vault.erase

    async def erases(company: str, sha256: str) -> set[str]:
        try:
            async with house.world.store.begin(company) as tx:
                await erasing.lift(tx, sha256)
        except Refused as refused:
            found.append(refused.says)
        return await erase(company, sha256)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house.vault, "erase", erases)
        assert await house.library.erasing.work() == 1
    assert found == ["erase-ordered"]
