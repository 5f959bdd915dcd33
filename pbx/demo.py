"""The demonstration companies: made once, by the same calls that the command line uses.

Their telephone numbers are of the series that is set aside for fiction. SIP passwords and PINs are made at random and
told to the caller this once; the database keeps digests.
"""

import secrets
from dataclasses import asdict, dataclass
from typing import Any

from pbx.company import Accounts, Companies, Menus, Numbers, People, Pins
from pbx.company.names import slug
from pbx.errors import Refused
from pbx.library import Library
from pbx.store import Store
from pbx.store.values import Company, Target, User

BY = "demo"
COUNTRIES = frozenset({"46"})
ANNAS_MOBILE = "+46701740605"
COMPANY_NUMBER = "+46701740620"
ACCESS_NUMBER = "+46701740633"
OTHER_COMPANY_NUMBER = "+46701740640"
OTHER_ACCESS_NUMBER = "+46701740653"
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
    """Fills an empty database. Refused: `company-name-taken` where the companies are already."""
    seeding = _Seeding(store, library)
    exempel = await seeding.company(
        "Exempel AB", {"201": "Anna Andersson", "202": "Björn Berg"}, COMPANY_NUMBER, ACCESS_NUMBER
    )
    annat = await seeding.company(
        "Annat AB", {"201": "Cecilia Cederlund", "202": "David Dahl"}, OTHER_COMPANY_NUMBER, OTHER_ACCESS_NUMBER
    )
    anna = await seeding.people.by_name(exempel.id, "201")
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


async def _operator(accounts: Accounts) -> DemoSignIn:
    operator = DemoSignIn("drift@vaxel.example", _password())
    await accounts.add_operator("Mikael Sund", operator.email, operator.password)
    return operator


async def _sign_in(accounts: Accounts, company: str, user: User) -> DemoSignIn:
    """`anna@exempel.example`, with a password at random. `company`: its name."""
    site = slug(company).removesuffix("-ab")
    account = await accounts.put(user.company, user.id, f"{slug(user.name.split()[0])}@{site}.example", by=BY)
    sign_in = DemoSignIn(account.email, _password())
    await accounts.set_password(user.company, user.id, sign_in.password, by=BY)
    return sign_in


def _password() -> str:
    return secrets.token_urlsafe(12)


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
        company = await self._companies.add(name, by=BY)
        users = {
            extension: await self.people.add(
                company.id, person, extension, role="admin" if extension == "201" else "user", by=BY
            )
            for extension, person in people.items()
        }
        accounts = {extension: await self._phone(company, user) for extension, user in users.items()}
        pins = {extension: await self._pin(company, user) for extension, user in users.items()}
        sign_ins = {extension: await _sign_in(self.accounts, company.name, user) for extension, user in users.items()}
        box = await self._library.mailboxes.of_user(company.id, users["201"].id)
        menu = await self._menu(company, await self._texts(company), box.id)
        await self._numbers.add(company.id, number, "menu", target=menu, mailbox=box.id, by=BY)
        await self._numbers.add(company.id, access, "voicemail", by=BY)
        return DemoCompany(company.id, company.name, number, access, accounts, pins, sign_ins)

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
        made: dict[str, str] = {}
        for name, (kind, swedish, english) in _MESSAGES.items():
            scripts = {"sv": swedish.format(company.name), "en": english.format(company.name)}
            made[name] = (await self._library.messages.add(company.id, name, kind, scripts=scripts, by=BY)).id
        return made

    async def _menu(self, company: Company, texts: dict[str, str], mailbox: str) -> str:
        """Two levels; who presses nothing reaches the mailbox."""
        fallback = Target("mailbox", mailbox)
        top = await self._menus.add(company.id, "Huvudmeny", fallback=fallback, by=BY)
        below = await self._menus.add(company.id, "Information", fallback=fallback, by=BY)
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
