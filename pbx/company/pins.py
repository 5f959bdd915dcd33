"""PINs: chosen by their owner, kept as a hash, and slow to guess."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pbx.company.hashing import hashed, is_right
from pbx.errors import Refused
from pbx.rules.numbers import Caller, Extension, Number, Withheld
from pbx.rules.pins import check_choice, wait_s
from pbx.store import Store, audit, mailboxes, people, pins
from pbx.store.tx import Reading


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

    async def has(self, company: str, user_id: str) -> bool:
        async with self._store.read(company) as tx:
            return await pins.hash_of(tx, user_id) is not None

    async def all(self, company: str) -> dict[str, datetime]:
        """By user who has one: when it was chosen."""
        async with self._store.read(company) as tx:
            return await pins.set_at(tx)

    async def take_away(self, company: str, user_id: str, *, by: str) -> None:
        """None opens the mailbox until its owner has chosen another. Refused: `user-unknown`, `pin-none`."""
        async with self._store.begin(company) as tx:
            user = await people.get(tx, user_id)
            if not await pins.remove(tx, user.id):
                raise Refused("pin-none", user.name)
            await audit.write(tx, by, "PIN taken away", user.name, user=user.id)

    async def set(self, company: str, user_id: str, pin: str, *, by: str) -> None:
        """Refused: `pin-length`, `pin-easy`, `user-unknown`. Wrong attempts so far are forgotten."""
        async with self._store.read(company) as tx:
            user, numbers = await people.get(tx, user_id), await people.numbers(tx, user_id)
        check_choice(pin, user.extension, [entered.number for entered in numbers])
        digest = await hashed(pin)
        async with self._store.begin(company) as tx:
            await pins.put(tx, user.id, digest)
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
            await is_right(None, pin)
            return PinWrong()
        callers = () if own_phone else _counted(caller_key)
        async with self._store.begin(company) as tx:
            mailbox = await mailboxes.of_user(tx, user_id)
            waits = await _waits(tx, mailbox.id, callers)
            if waits > 0:
                return PinWait(waits)
            await pins.count(tx, mailbox.id, callers)
            known = await pins.hash_of(tx, user_id)
        if not await is_right(known, pin):
            return PinWrong()
        if callers:
            async with self._store.begin(company) as tx:
                await pins.forgive(tx, mailbox.id, callers)
        return PinOk()


def _counted(caller_key: str) -> tuple[str, ...]:
    return (caller_key,) if caller_key.startswith("ext:") else (caller_key, pins.OUTSIDE)


async def _waits(tx: Reading, mailbox_id: str, callers: tuple[str, ...]) -> float:
    failures = await pins.failures(tx, mailbox_id, callers)
    until = [failed.last_at + timedelta(seconds=wait_s(failed.count)) for failed in failures]
    return max([(end - tx.now).total_seconds() for end in until], default=0.0)
