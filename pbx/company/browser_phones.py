"""Phones in the browser: an account of minutes that is lent to one page, and goes by itself.

Nobody's desk phone has its password in a page. What a page is given works for as long as the page is connected, and a
few minutes more, so that a call outlives a restart of ours.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from pbx.company.people import REALM
from pbx.store import Store, browser_phones, people
from pbx.store.values import BrowserPhone

LASTS = timedelta(minutes=5)
_MOST = 5
"""Pages of one session; a sixth one ends the oldest."""


@dataclass(frozen=True, slots=True)
class Lent:
    """`password` is told this once: a digest is kept."""

    phone: BrowserPhone
    password: str


class BrowserPhones:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def lend(self, company: str, user_id: str, session: str) -> Lent:
        """A new one for that session of the user. Refused: `user-unknown`."""
        sip_user, password = f"w{secrets.token_hex(8)}", secrets.token_urlsafe(24)
        digest = hashlib.md5(f"{sip_user}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()
        async with self._store.begin(company) as tx:
            user = await people.get(tx, user_id)
            before = [phone for phone in await browser_phones.lasting(tx) if phone.session == session]
            await browser_phones.remove(tx, before[: max(0, len(before) + 1 - _MOST)])
            phone = await browser_phones.add(tx, user.id, session, sip_user, digest, tx.now + LASTS)
        return Lent(phone, password)

    async def keep(self, company: str, session: str, sip_user: str) -> bool:
        """It lasts for some minutes from now on. False: its time is over, or it is none of that session's."""
        async with self._store.begin(company) as tx:
            phone = await browser_phones.get(tx, sip_user)
            if phone is None or phone.session != session:
                return False
            await browser_phones.keep(tx, sip_user, tx.now + LASTS)
        return True

    async def give_back(self, company: str, session: str, sip_user: str) -> None:
        """It works no more, if it is one of that session's."""
        async with self._store.begin(company) as tx:
            phone = await browser_phones.get(tx, sip_user)
            if phone is not None and phone.session == session:
                await browser_phones.remove(tx, [phone])

    async def sweep(self) -> int:
        """Removes those whose time is over, of all companies. How many."""
        async with self._store.across() as tx:
            ended = await browser_phones.over(tx)
        for company in {phone.company for phone in ended}:
            async with self._store.begin(company) as writing:
                await browser_phones.remove(writing, await browser_phones.over(writing))
        return len(ended)
