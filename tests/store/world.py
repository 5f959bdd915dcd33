"""Two companies with the same extensions and the same message names: Alva and Bo in one, Cilla in the other."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pbx.company import Companies, Menus, People
from pbx.store import Store, mailboxes, messages
from pbx.store.values import Company, Mailbox, Menu, Message, Target, User

HOSTILE = "'\"; DROP TABLE user;-- & $(id) `id` < > å % _ \\ {name} \u202e\r\nEvil: yes\x00é"
"""In every string field: quotes, shell, HTML, LIKE, templates, headers, direction marks, NUL, and honest letters."""
COUNTRIES = frozenset({"46"})


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 13, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(frozen=True)
class World:
    """`exempel` has Alva (201) and Bo (202), `annat` has Cilla (201). Both have a message `welcome` and a menu."""

    store: Store
    clock: Clock
    exempel: Company
    annat: Company
    alva: User
    bo: User
    cilla: User
    welcome: Message
    other_welcome: Message
    menu: Menu
    other_menu: Menu
    box: Mailbox
    other_box: Mailbox


async def populate(store: Store, clock: Clock) -> World:
    companies, people, menus = Companies(store), People(store), Menus(store)
    exempel = await companies.add("Exempel AB", by="test")
    annat = await companies.add("Annat AB", by="test")
    alva = await people.add(exempel.id, "Alva Alm", "201", role="admin", by="test")
    bo = await people.add(exempel.id, "Bo Berg", "202", by="test")
    cilla = await people.add(annat.id, "Cilla Ceder", "201", role="admin", language="en", by="test")
    welcome, other_welcome = [await _messages(store, company) for company in (exempel, annat)]
    box, other_box = [await _box(store, user) for user in (alva, cilla)]
    menu = await menus.add(exempel.id, "Huvudmeny", fallback=Target("mailbox", box.id), by="test")
    other_menu = await menus.add(annat.id, "Huvudmeny", fallback=Target("mailbox", other_box.id), by="test")
    return World(
        store, clock, exempel, annat, alva, bo, cilla, welcome, other_welcome, menu, other_menu, box, other_box
    )  # fmt: skip


async def _messages(store: Store, company: Company) -> Message:
    async with store.begin(company.id) as tx:
        welcome = await messages.add(tx, "welcome", "welcome", None)
        await messages.set_script(tx, welcome.id, "sv", f"Välkommen till {company.name}.")
        await messages.set_script(tx, welcome.id, "en", f"Welcome to {company.name}.")
        return welcome


async def _box(store: Store, user: User) -> Mailbox:
    async with store.read(user.company) as tx:
        return await mailboxes.of_user(tx, user.id)
