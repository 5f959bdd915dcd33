"""Everything that routing needs to know, of all companies, at one point in time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from pbx.company.touched import Touched
from pbx.store import Store, browser_phones, companies, mailboxes, menus, people
from pbx.store.values import BrowserPhone, Company, CompanyNumber, Mailbox, Phone, User

_TELLING = frozenset(("company", "user", "phone", "number", "mailbox"))
"""Browsers' phones are in no redo log, and few."""

T = TypeVar("T", User, Phone, BrowserPhone, CompanyNumber, Mailbox)


@dataclass(frozen=True, slots=True)
class CompanyDirectory:
    company: Company
    users: tuple[User, ...]
    phones: tuple[Phone, ...]
    browser_phones: tuple[BrowserPhone, ...]
    numbers: tuple[CompanyNumber, ...]
    mailboxes: tuple[Mailbox, ...]


class Directory:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._touched = Touched(store, _TELLING)
        self._in_browsers: list[BrowserPhone] | None = None

    async def may_have_changed(self) -> bool:
        """Whether any of it may, since this was asked last; at first yes."""
        async with self._store.across() as tx:
            in_browsers = await browser_phones.lasting(tx)
        changed = bool(await self._touched.companies()) or in_browsers != self._in_browsers
        self._in_browsers = in_browsers
        return changed

    async def everything(self) -> list[CompanyDirectory]:
        async with self._store.across() as tx:
            all_companies = await companies.all_of_them(tx)
            users = _by_company(await people.everybody(tx))
            phones = _by_company(await people.phones(tx))
            in_browsers = _by_company(await browser_phones.lasting(tx))
            numbers = _by_company(await menus.numbers(tx))
            boxes = _by_company(await mailboxes.all_of_them(tx))
        return [
            CompanyDirectory(
                one,
                tuple(users[one.id]),
                tuple(phones[one.id]),
                tuple(in_browsers[one.id]),
                tuple(numbers[one.id]),
                tuple(boxes[one.id]),
            )
            for one in all_companies
        ]


def _by_company(values: Iterable[T]) -> defaultdict[str, list[T]]:
    sorted_out: defaultdict[str, list[T]] = defaultdict(list)
    for value in values:
        sorted_out[value.company].append(value)
    return sorted_out
