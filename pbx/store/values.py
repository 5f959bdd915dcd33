"""What the store gives out: frozen values, in the words of the house. Times are UTC with their zone.

`lang` and `language` are "sv" or "en". `first` and `last` are sample positions at 16 kHz.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pbx.rules.destinations import Destination
from pbx.rules.jobs import LIVE, JobState
from pbx.rules.numbers import Caller, Number, Withheld

RATE = 16_000

Outgoing = Literal["all", "checked", "none"]
Role = Literal["user", "admin"]
NumberKind = Literal["menu", "user", "mailbox", "voicemail"]
Aim = Literal["menu", "extension", "mailbox", "message", "hangup"]
Source = Literal["call", "upload", "speech", "import"]
PlaceKind = Literal["menu", "mailbox", "announcement"]
VoiceState = Literal["new", "kept", "deleted"]
TakeKind = Literal["greeting", "prompt", "voice"]
TakeState = Literal["open", "waiting", "kept", "rejected", "replaced"]
JobKind = Literal["record", "round", "test", "callback"]
_NOW = (
    frozenset({JobState.ANSWERED, JobState.RECORDING}), frozenset({JobState.JUDGING}), frozenset({JobState.QUEUED}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    id: str
    name: str
    slug: str
    language: str
    time_zone: str
    outgoing: Outgoing


@dataclass(frozen=True, slots=True)
class User:
    id: str
    company: str
    name: str
    extension: str
    language: str
    role: Role


@dataclass(frozen=True, slots=True)
class UserNumber:
    id: str
    user: str
    number: Number


@dataclass(frozen=True, slots=True)
class Phone:
    """`ha1`: MD5 of `sip_user:asterisk:password`, which is all that anybody keeps of the password."""

    id: str
    company: str
    user: str
    sip_user: str
    ha1: str
    label: str


@dataclass(frozen=True, slots=True)
class BrowserPhone:
    """A phone of minutes, lent to a page of the session `session`. How long it still lasts is no difference."""

    company: str
    user: str
    session: str
    sip_user: str
    ha1: str
    ends_at: datetime = field(compare=False)


@dataclass(frozen=True, slots=True)
class CompanyNumber:
    """`target`: id of the menu, user or mailbox by `kind`; None for an access number. `mailbox`: the number's own."""

    id: str
    company: str
    number: Number
    kind: NumberKind
    target: str | None
    mailbox: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Target:
    """`value`: id of a menu, mailbox or message, the digits of an extension, or empty for "hangup"."""

    kind: Aim
    value: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    id: str
    name: str
    tries: int
    timeout_s: float
    choices: Mapping[str, Target]
    fallback: Target


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`language` is its user's; `greeting` the id of the message that callers hear."""

    id: str
    company: str
    user: str
    language: str
    max_messages: int
    max_s: int
    greeting: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages are in a mailbox: not heard yet, and heard and kept."""

    new: int
    kept: int


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    number: int
    name: str
    kind: str
    changed_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Audio:
    """An object of the vault, and the part of it that is heard."""

    sha256: str
    size: int
    first: int
    last: int
    level_db: float


@dataclass(frozen=True, slots=True)
class Original:
    """The file as it was uploaded, another object of the vault."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Version:
    """`notes`: comma separated, each a phrase `note-…`. `voice`: what spoke it. `script_sha256`: of its script then."""

    id: str
    text: str
    number: int
    sha256: str
    size: int
    source: Source
    first: int
    last: int
    level_db: float
    made_by: str
    from_number: str
    interrupted: bool
    created_at: datetime
    used_at: datetime | None
    retired_at: datetime | None
    notes: str
    voice: str = ""
    script_sha256: str = ""
    original: Original | None = None

    @property
    def seconds(self) -> float:
        return (self.last - self.first) / RATE


@dataclass(frozen=True, slots=True)
class Text:
    """`revision` grows with each edit. `current`: the version that should be heard, or None. `retired`: what a
    deletion can be undone to."""

    id: str
    message: str
    lang: str
    script: str
    revision: int
    current: Version | None
    retired: str | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    id: str
    kind: PlaceKind
    slot: str
    message: str | None


@dataclass(frozen=True, slots=True)
class VoiceMessage:
    id: str
    company: str
    mailbox: str
    caller: Caller
    at: datetime
    state: VoiceState
    sha256: str
    size: int
    first: int
    last: int
    lang: str
    interrupted: bool
    deleted_at: datetime | None

    @property
    def seconds(self) -> float:
        return (self.last - self.first) / RATE


@dataclass(frozen=True, slots=True)
class Take:
    """`owner`: the mailbox (greeting, voice) or the job (prompt). `file`: below the spool folder.
    `media`: what Asterisk plays it by; its name in ARI is its id. `result`: the version or voice message it became."""

    id: str
    company: str
    kind: TakeKind
    owner: str
    text: str | None
    lang: str
    channel: str
    caller: Caller
    made_by: str
    at: datetime
    file: str
    state: TakeState
    spooled: bool
    interrupted: bool
    says: str | None
    result: str | None
    seconds: float
    copies: int

    @property
    def media(self) -> str:
        return f"sound:/var/spool/asterisk/{self.file.removesuffix('.sln16')}"


@dataclass(frozen=True, slots=True)
class Item:
    """A message in a language that a job is to have recorded, and how far that has come. `take`: the last one of it."""

    id: str
    message: str
    name: str
    number: int
    lang: str
    state: JobState
    take: str | None


@dataclass(frozen=True, slots=True)
class Job:
    """`history`: every state so far with its time, oldest first. `key`: repeated with the same one, a request is
    the same job. `because`: a few words for a state that has more than one reason. `items`: one of a recording, any
    number of a round, none of a test call, which has where it leads (`aim`) and in which language."""

    id: str
    company: str
    kind: JobKind
    to: Destination
    asked_by: str
    key: str | None
    state: JobState
    because: str
    node: str | None
    created_at: datetime
    updated_at: datetime
    history: tuple[tuple[JobState, datetime], ...]
    items: tuple[Item, ...]
    aim: Target | None
    aim_lang: str

    @property
    def live(self) -> bool:
        return self.state in LIVE

    @property
    def item(self) -> Item | None:
        """What it is about just now: what is being said, else what comes next, else what came last."""
        for states in _NOW:
            for item in self.items:
                if item.state in states:
                    return item
        return self.items[-1] if self.items else None

    @property
    def message(self) -> str:
        return self.item.message if self.item else ""

    @property
    def message_name(self) -> str:
        return self.item.name if self.item else ""

    @property
    def message_number(self) -> int:
        return self.item.number if self.item else 0

    @property
    def lang(self) -> str:
        return self.item.lang if self.item else self.aim_lang

    @property
    def speaker(self) -> Caller:
        """From which number it is read in; a browser has none."""
        return self.to if isinstance(self.to, Number) else Withheld()

    @property
    def take(self) -> str | None:
        return self.item.take if self.item else None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    id: str
    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]
