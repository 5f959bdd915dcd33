"""The demonstration companies: made once, by the same calls that the command line uses.

Their telephone numbers are of the series that is set aside for fiction. SIP passwords and PINs are made at random and
told to the caller this once; the database keeps digests.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from pbx.company import Accounts, Companies, Menus, Numbers, People, Pins
from pbx.company.names import slug
from pbx.errors import Refused
from pbx.library import Library
from pbx.store import Store
from pbx.store.values import Company, Menu, Role, Target, User

T = TypeVar("T")

BY = "demo"
COUNTRIES = frozenset({"46"})
ANNAS_MOBILE = "+46701740605"
COMPANY_NUMBER = "+46701740620"
ACCESS_NUMBER = "+46701740633"
OTHER_COMPANY_NUMBER = "+46701740640"
OTHER_ACCESS_NUMBER = "+46701740653"
OPERATOR = ("Mikael Sund", "drift@vaxel.example")
KEYS = {"submenu": "1", "anna": "2", "closed": "3"}

# name: kind, script in Swedish, script in English. `{}` is the company's name.
_MESSAGES = {
    "welcome": ("welcome", "Välkommen till {}.", "Welcome to {}."),
    "choices": (
        "menu",
        "Tryck 1 för mer information, 2 för Anna, eller 3 för våra öppettider.",
        "Press 1 for more information, 2 for Anna, or 3 for our opening hours.",
    ),
    "submenu-welcome": (
        "menu",
        "Här finns mer information. Tryck 2 för Anna, eller 3 för våra öppettider.",
        "Here is more information. Press 2 for Anna, or 3 for our opening hours.",
    ),
    "closed": (
        "announcement",
        "Vi har stängt för dagen. Välkommen åter i morgon klockan åtta.",
        "We are closed for today. Please call again tomorrow at eight.",
    ),
    "wrong-key": ("menu", "Det valet finns inte.", "That choice does not exist."),
    "no-key": ("menu", "Vi hörde inget val.", "We heard no choice."),
}


@dataclass(frozen=True, slots=True)
class DemoPhone:
    """A SIP account. Its user name is random too."""

    user: str
    password: str


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """By which somebody comes in through the pages."""

    email: str
    password: str


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """`accounts`, `pins` and `sign_ins` by extension."""

    id: str
    name: str
    number: str
    voicemail: str
    accounts: dict[str, DemoPhone]
    pins: dict[str, str]
    sign_ins: dict[str, DemoSignIn]


@dataclass(frozen=True, slots=True)
class DemoSecrets:
    """What only the caller of `seed` knows. `companies`: Exempel AB, then Annat AB. `menu`: key by what it leads to."""

    companies: tuple[DemoCompany, ...]
    anna_mobile: str
    menu: dict[str, str]
    operator: DemoSignIn


async def seed(store: Store, library: Library) -> DemoSecrets:
    """Fills an empty database, or goes on where an earlier seeding was broken off. What was made then and never told,
    as a phone's password, is made once more."""
    seeding = _Seeding(store, library)
    exempel = await seeding.company(
        "Exempel AB", {"201": "Anna Andersson", "202": "Björn Berg"}, COMPANY_NUMBER, ACCESS_NUMBER
    )
    annat = await seeding.company(
        "Annat AB", {"201": "Cecilia Cederlund", "202": "David Dahl"}, OTHER_COMPANY_NUMBER, OTHER_ACCESS_NUMBER
    )
    anna = await seeding.people.by_name(exempel.id, "201")
    if not await seeding.people.numbers(exempel.id, anna.id):
        await seeding.people.add_number(exempel.id, anna.id, ANNAS_MOBILE, COUNTRIES, by=BY)
    return DemoSecrets((exempel, annat), ANNAS_MOBILE, dict(KEYS), await _operator(seeding.accounts))


async def sign_ins(store: Store, companies: list[dict[str, Any]]) -> dict[str, Any]:
    """For a demonstration that was seeded before there were pages: what `seed` tells now, and did not then."""
    people, accounts = People(store), Accounts(store)
    told = [
        {
            **company,
            "sign_ins": {
                user.extension: asdict(await _sign_in(accounts, company["name"], user))
                for user in await people.all(company["id"])
                if user.extension in company["accounts"]
            },
        }
        for company in companies
    ]
    return {"companies": told, "operator": asdict(await _operator(accounts))}


async def keep_operator(store: Store, known: DemoSignIn) -> None:
    """Operators are of no company, and so in no catalogue: after the database was rebuilt there is none."""
    accounts = Accounts(store)
    if await accounts.operator_by_email(known.email) is None:
        await accounts.add_operator(OPERATOR[0], known.email, known.password)


async def _operator(accounts: Accounts) -> DemoSignIn:
    name, email = OPERATOR
    known = DemoSignIn(email, _password())
    there = await accounts.operator_by_email(email)
    if there is None:
        await accounts.add_operator(name, email, known.password)
    else:
        await accounts.set_operator_password(there.id, known.password)
    return known


async def _sign_in(accounts: Accounts, company: str, user: User) -> DemoSignIn:
    """`anna@exempel.example`, with a password at random. `company`: its name."""
    site = slug(company).removesuffix("-ab")
    account = await accounts.put(user.company, user.id, f"{slug(user.name.split()[0])}@{site}.example", by=BY)
    sign_in = DemoSignIn(account.email, _password())
    await accounts.set_password(user.company, user.id, sign_in.password, by=BY)
    return sign_in


def _password() -> str:
    return secrets.token_urlsafe(12)


async def _there(look: Awaitable[T], make: Callable[[], Awaitable[T]]) -> T:
    """What an earlier seeding has made; else made now."""
    try:
        return await look
    except Refused:
        return await make()


class _Seeding:
    def __init__(self, store: Store, library: Library) -> None:
        self.people = People(store)
        self.accounts = Accounts(store)
        self._companies = Companies(store)
        self._pins = Pins(store)
        self._menus = Menus(store)
        self._numbers = Numbers(store)
        self._library = library

    async def company(self, name: str, people: dict[str, str], number: str, access: str) -> DemoCompany:
        company = await _there(self._companies.by_name(name), lambda: self._companies.add(name, by=BY))
        users = {extension: await self._user(company, person, extension) for extension, person in people.items()}
        accounts = {extension: await self._phone(company, user) for extension, user in users.items()}
        pins = {extension: await self._pin(company, user) for extension, user in users.items()}
        sign_ins = {extension: await _sign_in(self.accounts, company.name, user) for extension, user in users.items()}
        box = await self._library.mailboxes.of_user(company.id, users["201"].id)
        menu = await self._menu(company, await self._texts(company), box.id)
        if await self._numbers.by_e164(company.id, number) is None:
            await self._numbers.add(company.id, number, "menu", target=menu, mailbox=box.id, by=BY)
        if await self._numbers.by_e164(company.id, access) is None:
            await self._numbers.add(company.id, access, "voicemail", by=BY)
        return DemoCompany(company.id, company.name, number, access, accounts, pins, sign_ins)

    async def _user(self, company: Company, name: str, extension: str) -> User:
        role: Role = "admin" if extension == "201" else "user"
        return await _there(
            self.people.by_name(company.id, extension),
            lambda: self.people.add(company.id, name, extension, role=role, by=BY),
        )

    async def _phone(self, company: Company, user: User) -> DemoPhone:
        phone, password = await self.people.add_phone(company.id, user.id, f"Telefon {user.extension}", by=BY)
        return DemoPhone(phone.sip_user, password)

    async def _pin(self, company: Company, user: User) -> str:
        """Six digits, drawn until the rules for a chosen one find no fault with it."""
        while True:
            pin = f"{secrets.randbelow(1_000_000):06}"
            try:
                await self._pins.set(company.id, user.id, pin, by=BY)
            except Refused:
                continue
            return pin

    async def _texts(self, company: Company) -> dict[str, str]:
        """Id by name of the company's messages."""
        return {name: await self._text(company, name) for name in _MESSAGES}

    async def _text(self, company: Company, name: str) -> str:
        kind, swedish, english = _MESSAGES[name]
        scripts = {"sv": swedish.format(company.name), "en": english.format(company.name)}
        message = await _there(
            self._library.messages.by_ref(company.id, name),
            lambda: self._library.messages.add(company.id, name, kind, scripts=scripts, by=BY),
        )
        return message.id

    async def _menu(self, company: Company, texts: dict[str, str], mailbox: str) -> str:
        """Two levels; who presses nothing reaches the mailbox."""
        top, below = [await self._one_menu(company, name, mailbox) for name in ("Huvudmeny", "Information")]
        anna, closed = Target("extension", "201"), Target("message", texts["closed"])
        for menu in (top, below):
            await self._menus.set_choice(company.id, menu.id, KEYS["anna"], anna, by=BY)
            await self._menus.set_choice(company.id, menu.id, KEYS["closed"], closed, by=BY)
        await self._menus.set_choice(company.id, top.id, KEYS["submenu"], Target("menu", below.id), by=BY)
        here = {
            f"{top.id}/welcome": "welcome",
            f"{top.id}/choices": "choices",
            f"{below.id}/welcome": "submenu-welcome",
            **{f"{menu.id}/wrong-key": "wrong-key" for menu in (top, below)},
            **{f"{menu.id}/silence": "no-key" for menu in (top, below)},
        }
        for slot, name in here.items():
            await self._library.messages.place(company.id, "menu", slot, texts[name], by=BY)
        return top.id

    async def _one_menu(self, company: Company, name: str, mailbox: str) -> Menu:
        return await _there(
            self._menus.by_name(company.id, name),
            lambda: self._menus.add(company.id, name, fallback=Target("mailbox", mailbox), by=BY),
        )
