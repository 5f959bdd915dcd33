"""Signing in and out: sessions, the wait of those who guess, and links that work once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from pbx.company.hashing import digest, is_right
from pbx.errors import Refused
from pbx.rules.signing_in import ADDRESS_S, FROM_ONE_ADDRESS, wait_s
from pbx.store import Store, accounts, attempts, audit, links, operators, people, sessions
from pbx.store.accounts import Account
from pbx.store.links import Link
from pbx.store.operators import Operator
from pbx.store.sessions import Session
from pbx.store.tx import Reading

_LASTS = {"user": timedelta(days=14), "operator": timedelta(hours=12)}
_NOTICED = timedelta(minutes=1)  # a session's last use is written down at most so often
_LINK_LASTS = {"first": timedelta(hours=24), "user": timedelta(hours=2), "operator": timedelta(hours=2)}
_INVITATION_LASTS = timedelta(days=7)
_MISSES_LAST = timedelta(hours=24)
_LINKS_AN_HOUR = 5


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token`: what the cookie holds; only its digest is kept."""

    token: str
    session: Session


@dataclass(frozen=True, slots=True)
class Wrong:
    """Address or password: the answer does not tell which, nor does the time it takes."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Too many wrong ones: not looked at. The next may be tried after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Mailed:
    """A link that is to be mailed to its owner."""

    token: str
    email: str
    name: str
    language: str


class SigningIn:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def sign_in(self, email: str, password: str, *, address: str, agent: str) -> SignedIn | Wrong | Wait:
        outcome = await self._try(email, password, address)
        return outcome if isinstance(outcome, Wrong | Wait) else await self.begin(outcome, address=address, agent=agent)

    async def knows(self, email: str, password: str, *, address: str) -> Wrong | Wait | None:
        """None if it is the password of that account; counted as attempts to sign in are."""
        outcome = await self._try(email, password, address)
        return outcome if isinstance(outcome, Wrong | Wait) else None

    async def _try(self, email: str, password: str, address: str) -> Account | Operator | Wrong | Wait:
        """An attempt is counted before it is looked at, so that many at once gain nothing, and forgiven if right."""
        email = email.strip().casefold()[:254]
        whose, where = f"account:{digest(email)}", f"address:{address}"
        async with self._store.house() as house:
            waits = await _waits(house, whose, where)
            if waits > 0:
                return Wait(waits)
            await attempts.count(house, {whose: _MISSES_LAST, where: timedelta(seconds=ADDRESS_S)})
        person = await self._person(email)
        if not await is_right(person.hash if person else None, password) or person is None:
            return Wrong()
        async with self._store.house() as house:
            await attempts.forgive(house, whose)
        return person

    async def begin(self, person: Account | Operator, *, address: str, agent: str) -> SignedIn:
        token = secrets.token_urlsafe(32)
        company = person.company if isinstance(person, Account) else None
        whose = person.user if isinstance(person, Account) else person.id
        kind: sessions.Kind = "user" if isinstance(person, Account) else "operator"
        async with self._store.house() as house:
            ends = house.now + _LASTS[kind]
            session = await sessions.add(house, digest(token), kind, whose, company, address, agent, ends)
            await sessions.forget_ended(house)
            await attempts.forget(house, house.now - _MISSES_LAST)
        if isinstance(person, Account):
            async with self._store.begin(person.company) as tx:
                user = await people.get(tx, person.user)
                await audit.write(tx, f"web:{user.extension}", "signed in", user.name, user=user.id, address=address)
        return SignedIn(token, session)

    async def session(self, token: str) -> Session | None:
        """The one that this token belongs to, if it has not ended."""
        async with self._store.read_house() as house:
            session = await sessions.by_secret(house, digest(token))
            now = house.now
        if session is None or session.ends_at <= now:
            return None
        if now - session.seen_at > _NOTICED:
            async with self._store.house() as writing:
                await sessions.seen(writing, session.id, _lasting(session, now))
        return session

    async def all(self, person: str) -> list[Session]:
        async with self._store.read_house() as house:
            return [one for one in await sessions.of_person(house, person) if one.ends_at > house.now]

    async def end(self, person: str, session_id: str) -> bool:
        """One of the person's own: nobody else's is found."""
        async with self._store.house() as house:
            return await sessions.end(house, person, session_id) > 0

    async def enter(self, session: Session, operator: Operator, company: str, reason: str) -> None:
        """An operator enters a company, which reads in its log who did, and why. Refused: `reason-wanted`."""
        reason = " ".join(reason.split())
        if not 10 <= len(reason) <= 200:
            raise Refused("reason-wanted")
        async with self._store.begin(company) as tx:
            await audit.write(tx, f"operator:{operator.email}", "operator entered", operator.name, reason=reason)
        async with self._store.house() as house:
            await sessions.enter(house, session.id, company, reason)

    async def leave(self, session: Session, operator: Operator) -> None:
        if session.company is None:
            return
        async with self._store.begin(session.company) as tx:
            await audit.write(tx, f"operator:{operator.email}", "operator left", operator.name)
        async with self._store.house() as house:
            await sessions.enter(house, session.id, None, "")

    async def first_link(self) -> str:
        """By which an operator is made, the first one above all; an earlier one works no more."""
        return await self._link("first", None, None, _LINK_LASTS["first"])

    async def invitation(self, account: Account) -> str:
        """By which a new user chooses a password."""
        return await self._link("user", account.user, account.company, _INVITATION_LASTS)

    async def forgotten(self, email: str, *, address: str) -> Mailed | None:
        """The link to mail, if there is such an account; None too where too many were asked for."""
        email = email.strip().casefold()[:254]
        keys = {f"reset:{digest(email)}": timedelta(hours=1), f"reset-from:{address}": timedelta(hours=1)}
        async with self._store.house() as house:
            await attempts.count(house, keys)
            asked = await attempts.of(house, list(keys))
        person = await self._person(email)
        if person is None or max(one.count for one in asked.values()) > _LINKS_AN_HOUR:
            return None
        if isinstance(person, Operator):
            token = await self._link("operator", person.id, None, _LINK_LASTS["operator"])
            return Mailed(token, person.email, person.name, person.language)
        async with self._store.read(person.company) as tx:
            user = await people.get(tx, person.user)
        token = await self._link("user", person.user, person.company, _LINK_LASTS["user"])
        return Mailed(token, person.email, user.name, user.language)

    async def link(self, token: str) -> Link:
        """What it is for. Refused: `link-used`."""
        async with self._store.read_house() as house:
            return await links.get(house, digest(token))

    async def use_link(self, token: str) -> Link:
        """The same, once. Refused: `link-used`."""
        async with self._store.house() as house:
            return await links.use(house, digest(token))

    async def _link(self, kind: links.LinkKind, person: str | None, company: str | None, lasts: timedelta) -> str:
        token = secrets.token_urlsafe(32)
        async with self._store.house() as house:
            await links.put(house, digest(token), kind, person, company, house.now + lasts)
        return token

    async def _person(self, email: str) -> Account | Operator | None:
        async with self._store.across() as tx:
            return await accounts.by_email(tx, email) or await operators.by_email(tx, email)


def _lasting(session: Session, now: datetime) -> datetime:
    """A user's session lasts while it is used; an operator's ends twelve hours after it began, whatever happens."""
    return now + _LASTS["user"] if session.kind == "user" else session.ends_at


async def _waits(tx: Reading, whose: str, where: str) -> float:
    known = await attempts.of(tx, [whose, where])
    until = [tx.now]
    if whose in known:
        until.append(known[whose].last_at + timedelta(seconds=wait_s(known[whose].count)))
    if where in known and known[where].count >= FROM_ONE_ADDRESS:
        until.append(known[where].since + timedelta(seconds=ADDRESS_S))
    return (max(until) - tx.now).total_seconds()
