"""What pages ask and tell: the same objects that calls and commands use."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from pbx.company import Accounts, Audit, BrowserPhones, Companies, Menus, Numbers, People, Pins, SigningIn
from pbx.library import Library
from pbx.phrases import Phrases
from pbx.post import Outbox
from pbx.settings import Settings
from pbx.store import Store
from pbx.web.live import Live
from pbx.web.pieces import Pieces
from pbx.web.scrubs import Scrubs


@dataclass(frozen=True, slots=True)
class CallsNow:
    """What the process that has the calls knows. `held`: company and flow of each call that we hold; `talking`: the SIP
    users of telephones in a call, None where Asterisk does not tell."""

    held: Callable[[], Sequence[tuple[str, str]]]
    talking: Callable[[], Awaitable[frozenset[str] | None]]


@dataclass(frozen=True, slots=True)
class Parts:
    """`calls`: None where another process has them."""

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
    scrubs: Scrubs
    pieces: Pieces
    calls: CallsNow | None

    @classmethod
    def of(
        cls, settings: Settings, store: Store, library: Library, phrases: Phrases, outbox: Outbox,
        calls: CallsNow | None = None,
    ) -> "Parts":  # fmt: skip
        return cls(
            settings, library, phrases, Companies(store), People(store), Pins(store), Numbers(store), Menus(store),
            Audit(store), Accounts(store), SigningIn(store), outbox, BrowserPhones(store),
            Live(store, settings.published), Scrubs(library.proof), Pieces(), calls,
        )  # fmt: skip
