"""PINs: chosen by their owner, kept as a hash, and slow to guess."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from pbx.rules.numbers import Caller, Extension, Number, Withheld
from pbx.rules.pins import check_choice, wait_s
from pbx.store import Store, audit, mailboxes, people, pins
from pbx.store.tx import Reading

T = TypeVar("T")

# A PIN has few digits, so what protects it is the wait and not the hash: enough memory to be a nuisance to whoever
# steals the database, little enough (20 ms) to be no way of keeping our cores busy from a telephone.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class PinOk:
    """It is the user's."""


@dataclass(frozen=True, slots=True)
class PinWrong:
    """It is not, or there is no such user, or the user has none: the answer is the same, as is the time it takes."""


@dataclass(frozen=True, slots=True)
class PinWait:
    """Too many wrong ones: not looked at. The next may be tried after so many seconds (at most 900)."""

    seconds: float


PinAnswer = PinOk | PinWrong | PinWait


@cache
def _nobodys() -> str:
    return _HASHER.hash("no PIN has letters")


def key_of(caller: Caller) -> str:
    """By what a caller's wrong attempts are counted. An extension was proved by a password, a number by nothing."""
    match caller:
        case Extension(digits):
            return f"ext:{digits}"
        case Number(e164):
            return e164
        case Withheld():
            return "withheld"


class Pins:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def has(self, company: str, user_id: str) -> bool:
        async with self._store.read(company) as tx:
            return await pins.hash_of(tx, user_id) is not None

    async def set(self, company: str, user_id: str, pin: str, *, by: str) -> None:
        """Refused: `pin-length`, `pin-easy`, `user-unknown`. Wrong attempts so far are forgotten."""
        async with self._store.read(company) as tx:
            user, numbers = await people.get(tx, user_id), await people.numbers(tx, user_id)
        check_choice(pin, user.extension, [entered.number for entered in numbers])
        hashed = await self._slowly(lambda: _HASHER.hash(pin))
        async with self._store.begin(company) as tx:
            await pins.put(tx, user.id, hashed)
            mailbox = await mailboxes.of_user(tx, user.id)
            await pins.forgive(tx, mailbox.id)
            await audit.write(tx, by, "PIN set", user.name, user=user.id)

    async def check(
        self, company: str, user_id: str | None, pin: str, caller_key: str, own_phone: bool = False
    ) -> PinAnswer:
        """An attempt is counted before it is looked at, so that many at once gain nothing, and forgiven if right.

        Counted for the pair of mailbox and caller; for callers from outside, whose number can be forged, for all of
        them together too. The user's own phone is never locked out, and counts for nothing. `user_id` None: nobody
        has the extension that was dialled, which takes as long to answer as a wrong PIN.
        """
        if user_id is None:
            await self._verified(None, pin)
            return PinWrong()
        callers = () if own_phone else _counted(caller_key)
        async with self._store.begin(company) as tx:
            mailbox = await mailboxes.of_user(tx, user_id)
            waits = await _waits(tx, mailbox.id, callers)
            if waits > 0:
                return PinWait(waits)
            await pins.count(tx, mailbox.id, callers)
            hashed = await pins.hash_of(tx, user_id)
        if not await self._verified(hashed, pin):
            return PinWrong()
        if callers:
            async with self._store.begin(company) as tx:
                await pins.forgive(tx, mailbox.id, callers)
        return PinOk()

    async def _verified(self, hashed: str | None, pin: str) -> bool:
        """As slow for nobody's PIN as for a wrong one."""

        def verify() -> bool:
            try:
                return _HASHER.verify(hashed or _nobodys(), pin)
            except (Argon2Error, InvalidHashError):
                return False

        return await self._slowly(verify)

    async def _slowly(self, work: Callable[[], T]) -> T:
        async with self._free:
            return await asyncio.to_thread(work)


def _counted(caller_key: str) -> tuple[str, ...]:
    return (caller_key,) if caller_key.startswith("ext:") else (caller_key, pins.OUTSIDE)


async def _waits(tx: Reading, mailbox_id: str, callers: tuple[str, ...]) -> float:
    failures = await pins.failures(tx, mailbox_id, callers)
    until = [failed.last_at + timedelta(seconds=wait_s(failed.count)) for failed in failures]
    return max([(end - tx.now).total_seconds() for end in until], default=0.0)
