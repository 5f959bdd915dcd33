"""What `manifest.json` of a parcel says: one company, for people and programs, without anything secret.

Things are named as people name them: a user by extension, a menu by name, a message by number. Times are ISO 8601 with
their zone, `first` and `last` samples at 16 kHz. Lists of `Any` are looked at one by one, so that one that cannot be
taken keeps no other out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMAT = 1
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class AudioFile:
    """`file`: its name in the parcel. `sha256`: of that file, as sha256sum tells it."""

    file: str
    sha256: str
    seconds: float


@dataclass(frozen=True, slots=True)
class PictureFile:
    """`file`: its name in the parcel. `sha256`: of that file, and of the object in the vault that it was."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """`file`: its name in the parcel. `sha256`: of that file, and of the object in the vault that it was."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class CompanyIn:
    name: str
    language: str
    time_zone: str
    outgoing: str


@dataclass(frozen=True, slots=True)
class UserIn:
    """`phones`: their labels. Neither their passwords nor the PIN are in a parcel; `pin` says whether there was one.
    `picture`: a PictureFile; parcels of before know none."""

    name: str
    extension: str
    language: str
    role: str
    numbers: tuple[str, ...]
    phones: tuple[str, ...]
    pin: bool
    picture: Any = None


@dataclass(frozen=True, slots=True)
class MailboxIn:
    """`extension`: its user's. `greeting`: the message's number."""

    extension: str
    max_messages: int
    max_s: int
    greeting: int


@dataclass(frozen=True, slots=True)
class TargetIn:
    """`to`: a menu's name, an extension, the extension of a mailbox's user, a message's number; empty for "hangup"."""

    kind: str
    to: str


@dataclass(frozen=True, slots=True)
class MenuIn:
    """`choices`: by key."""

    name: str
    tries: int
    timeout_s: float
    choices: Mapping[str, TargetIn]
    fallback: TargetIn


@dataclass(frozen=True, slots=True)
class NumberIn:
    """`to`: a menu's name or an extension, by `kind`; empty for "voicemail". `mailbox`: the extension whose it is."""

    number: str
    kind: str
    to: str
    mailbox: str
    language: str


@dataclass(frozen=True, slots=True)
class VersionIn:
    """`object`: the name that its audio has in the vault. `heard`: whether it was the current one at some time.
    `audio`: none if it was lost already. The file is the whole take; `first` to `last` is what is heard of it.
    `original`: an OriginalFile, the file that an upload came as. `voice`: what spoke it; `script_sha256`: of the script
    that it was made from, where that is known. Parcels of before know none of the three."""

    number: int
    source: str
    made_by: str
    from_number: str
    made_at: str
    first: int
    last: int
    level_db: float
    notes: str
    interrupted: bool
    heard: bool
    object: str
    audio: AudioFile | None
    original: Any = None
    voice: str = ""
    script_sha256: str = ""


@dataclass(frozen=True, slots=True)
class TextIn:
    """`current`: the number of the version that is heard; 0 for none. `versions`: of VersionIn."""

    script: str
    current: int
    versions: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class MessageIn:
    """`texts`: by language."""

    number: int
    name: str
    kind: str
    texts: Mapping[str, TextIn]


@dataclass(frozen=True, slots=True)
class PlaceIn:
    """`owner`: the menu's name, or the extension of the mailbox's user; else empty. `message`: its number; 0 for
    none."""

    kind: str
    owner: str
    slot: str
    message: int


@dataclass(frozen=True, slots=True)
class VoiceIn:
    """`mailbox`: the extension whose it is. `caller`: `+46…`, an extension, or empty for somebody unknown."""

    mailbox: str
    caller: str
    at: str
    state: str
    lang: str
    first: int
    last: int
    interrupted: bool
    object: str
    audio: AudioFile | None


@dataclass(frozen=True, slots=True)
class WordIn:
    """How a word of the company's own is said."""

    lang: str
    word: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The lists are of the classes above, `voice_messages` of VoiceIn, `words` of WordIn; parcels of before know no
    words."""

    format: int
    made_at: str
    company: CompanyIn
    users: tuple[Any, ...]
    mailboxes: tuple[Any, ...]
    menus: tuple[Any, ...]
    numbers: tuple[Any, ...]
    messages: tuple[Any, ...]
    places: tuple[Any, ...]
    voice_messages: tuple[Any, ...]
    words: tuple[Any, ...] = ()
