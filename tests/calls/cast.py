"""The people of a test: Alva and Bo in one company, Cilla in another, and the world outside."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count

from pbx.cli.desk import Desk, open_desk
from pbx.errors import Refused
from pbx.rules.pins import check_choice
from pbx.store.values import Company, Mailbox, NumberKind, User
from tests.calls.switchboard import Switchboard, worker
from tests.phone import Phone

# Each worker has its own thousand, since the switchboard that all have a copy of was made by one of them; a telephone
# number has room for nine.
_numbers = count(1000 * (worker() % 9 + 1))


@dataclass(frozen=True)
class Person:
    """A user with one phone, one mobile number, a PIN and a mailbox."""

    company: Company
    user: User
    mailbox: Mailbox
    sip_user: str
    password: str
    mobile: str
    pin: str
    sip: tuple[str, int]

    @asynccontextmanager
    async def phone(self) -> AsyncIterator[Phone]:
        """Their phone, registered."""
        async with Phone(self.sip_user, self.password, self.sip) as phone:
            await phone.register()
            yield phone


@dataclass(frozen=True)
class Residents:
    """Who stays for many tests: to hire them anew for each would cost as much as its calls. `number`: their companies'
    public numbers, each leading to a user."""

    bo: Person
    cilla: Person
    number: dict[str, str]


@dataclass(frozen=True)
class Cast:
    """`number`: their companies' public numbers, each leading to a user; `access`: 333 from any telephone."""

    alva: Person
    bo: Person
    cilla: Person
    number: dict[str, str]
    access: str


async def settle(desk: Desk, board: Switchboard, lang: str = "sv") -> Residents:
    """Bo and Cilla in the switchboard's two companies, which stay for all its tests, so that what is spoken for one is
    there for the next. They and their numbers speak `lang`."""
    there = {company.name: company for company in await desk.companies.all()}
    one, other = [there.get(name) or await desk.companies.add(name, by="test") for name in ("Ett AB", "Två AB")]
    bo, cilla = await hire(desk, board, one, "Bo", lang), await hire(desk, board, other, "Cilla", lang)
    return Residents(bo, cilla, {who.user.name: await _own_number(desk, who, lang) for who in (bo, cilla)})


async def join(desk: Desk, board: Switchboard, there: Residents, lang: str = "sv") -> Cast:
    """With a new Alva, of whom nobody has heard. All can be called when it returns."""
    alva = await hire(desk, board, there.bo.company, "Alva", lang)
    number = {**there.number, "Alva": await _own_number(desk, alva, lang)}
    access = await new_number(desk, alva.company, "voicemail", None, language=lang)
    await board.knows(access)
    return Cast(alva, there.bo, there.cilla, number, access)


async def invite(desk: Desk, board: Switchboard, lang: str = "sv") -> Cast:
    """Three new people."""
    return await join(desk, board, await settle(desk, board, lang), lang)


async def invited(board: Switchboard) -> Cast:
    """Three new people, for a test that needs no rows of them."""
    async with open_desk(board.settings) as desk:
        return await invite(desk, board)


async def hire(
    desk: Desk, board: Switchboard, company: Company, name: str, lang: str = "sv", *, extension: str | None = None
) -> Person:
    """A new user with a phone, a mobile number and a PIN."""
    extension = extension or str(2000 + next(_numbers))
    user = await desk.people.add(company.id, name, extension, language=lang, by="test")
    phone, password = await desk.people.add_phone(company.id, user.id, by="test")
    mobile = await desk.people.add_number(
        company.id, user.id, f"+4670174{next(_numbers):04d}", desk.settings.countries, by="test"
    )  # fmt: skip
    pin = _pin(extension)
    await desk.pins.set(company.id, user.id, pin, by="test")
    mailbox = await desk.library.mailboxes.of_user(company.id, user.id)
    return Person(company, user, mailbox, phone.sip_user, password, mobile.number.e164, pin, board.sip)


async def _own_number(desk: Desk, person: Person, lang: str) -> str:
    return await new_number(desk, person.company, "user", person.user.id, language=lang)


async def new_number(
    desk: Desk,
    company: Company,
    kind: NumberKind,
    target: str | None,
    *,
    language: str | None = None,
    mailbox: str | None = None,
) -> str:
    """A public number of the company that leads there. `mailbox`: the number's own."""
    made = await desk.numbers.add(
        company.id, f"+468465{next(_numbers):05d}", kind, target=target, mailbox=mailbox, language=language, by="test"
    )
    return made.number.e164


def _pin(extension: str) -> str:
    """Not an easy one."""
    while True:
        pin = f"{random.randrange(10**6):06}"
        with suppress(Refused):
            check_choice(pin, extension, [])
            return pin
