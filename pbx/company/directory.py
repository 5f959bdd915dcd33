"""Everything that routing needs to know, of all companies, at one point in time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from pbx.store import Store, browser_phones, companies, mailboxes, menus, people
from pbx.store.values import BrowserPhone, Company, CompanyNumber, Mailbox, Phone, User

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
