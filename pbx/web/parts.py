"""What pages ask and tell: the same objects that calls and commands use."""

from dataclasses import dataclass

from pbx.company import Accounts, Audit, BrowserPhones, Companies, Menus, Numbers, People, Pins, SigningIn
from pbx.library import Library
from pbx.phrases import Phrases
from pbx.post import Outbox
from pbx.settings import Settings
from pbx.store import Store
from pbx.web.live import Live


@dataclass(frozen=True, slots=True)
class Parts:
    settings: Settings
    library: Library
    phrases: Phrases
    companies: Companies
    people: People
    pins: Pins
    numbers: Numbers
    menus: Menus
    audit: Audit
    accounts: Accounts
    signing_in: SigningIn
    outbox: Outbox
    browser_phones: BrowserPhones
    live: Live

    @classmethod
    def of(cls, settings: Settings, store: Store, library: Library, phrases: Phrases, outbox: Outbox) -> "Parts":
        return cls(
            settings, library, phrases, Companies(store), People(store), Pins(store), Numbers(store), Menus(store),
            Audit(store), Accounts(store), SigningIn(store), outbox, BrowserPhones(store), Live(store),
        )  # fmt: skip
