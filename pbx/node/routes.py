"""The phones-and-routes file: what Asterisk itself reads to let a phone register and to lead a call.

It is written from our rows, by transactions and never by rename: Asterisk keeps the file open, and a file
laid in its place would be read with the old one's write-ahead log. Asterisk may only read it, since every
AMI or ARI login could otherwise change where a call goes. It can always be made anew.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from operator import attrgetter
from pathlib import Path

REALM = "asterisk"
# A user's phones are few and their contacts change as they roam; a sixth one pushes the oldest out.
MOST_CONTACTS = 5


@dataclass(frozen=True, slots=True)
class Phone:
    """A SIP endpoint: `ha1` is MD5(user:asterisk:password).

    `shown` is the caller-id of its calls; "" believes what it says of itself, as a trunk's must be. `address` is
    where its sound is exchanged, "" for every address of this host. `mailbox`: whose messages its lamp shows.
    `browser`: it speaks WebRTC.
    """

    user: str
    ha1: str
    context: str
    company: str
    language: str
    shown: str
    address: str
    mailbox: str = ""
    browser: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """Where a number leads. `number` is +46… , or `company/extension`, or `company/out`.

    kind: user, menu, mailbox, voicemail, access; of the way out, whose target is the number that is shown: out, or
    barred for all but 112. phones: SIP users joined by &. refine: yes or "".
    """

    number: str
    company: str
    kind: str
    target: str = ""
    phones: str = ""
    mailbox: str = ""
    lang: str = ""
    refine: str = ""


@dataclass(frozen=True, slots=True)
class MenuRow:
    """A menu, for when Asterisk is alone. welcome, choices, wrong, silence: ids of messages, or "". k0 to khash: where
    a key leads, as `kind:value`; kind: extension, mailbox, menu, message, hangup."""

    id: str
    company: str
    tries: str
    timeout: str
    welcome: str
    choices: str
    wrong: str
    silence: str
    fallback: str
    k0: str = ""
    k1: str = ""
    k2: str = ""
    k3: str = ""
    k4: str = ""
    k5: str = ""
    k6: str = ""
    k7: str = ""
    k8: str = ""
    k9: str = ""
    kstar: str = ""
    khash: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox, for when Asterisk is alone. `greeting`: id of a message. `max_s`: of a message that is left."""

    id: str
    company: str
    greeting: str
    max_s: str


@dataclass(frozen=True, slots=True)
class Sound:
    """What is heard of a message. `id`: `message/language`. `file`: as Asterisk names it, without extension."""

    id: str
    company: str
    file: str


_BY_THEM = "prefer:pending,operation:intersect,keep:all,transcode:allow"
_BY_US = "prefer:configured,operation:intersect,keep:all,transcode:allow"
_ENDPOINT = {
    "id": "",
    "context": "",
    "aors": "",
    "auth": "",
    "callerid": "",
    "set_var": "",
    "language": "",
    "identify_by": "username",
    "trust_id_inbound": "no",
    "disallow": "all",
    "allow": "alaw,ulaw,g722",
    "dtmf_mode": "rfc4733",
    "direct_media": "no",
    "media_address": "",
    "bind_rtp_to_media_address": "yes",
    "rtp_symmetric": "yes",
    "rtp_timeout": "30",
    "force_rport": "yes",
    "rewrite_contact": "yes",
    "mailboxes": "",
    "webrtc": "no",
    "codec_prefs_incoming_offer": _BY_THEM,
}
# Browsers would rather have opus, which would be recoded for every prompt and for every desk phone.
_IN_BROWSER = {
    "webrtc": "yes",
    "allow": "g722,alaw,ulaw,opus",
    "codec_prefs_incoming_offer": _BY_US,
}
_TEXT = "TEXT NOT NULL DEFAULT ''"
_AUTH = ("id", "auth_type", "username", "md5_cred", "realm")
_AOR = ("id", "max_contacts", "remove_existing", "default_expiration", "mailboxes")
_PATHS: dict[str, tuple[str, ...]] = {
    "ps_endpoints": tuple(_ENDPOINT),
    "ps_auths": _AUTH,
    "ps_aors": _AOR,
    "routes": tuple(field.name for field in fields(Route)),
}
_SERVED = {"menus": MenuRow, "boxes": Box, "sounds": Sound}
_ROUTE = attrgetter(*_PATHS["routes"])
TABLES = _PATHS | {table: tuple(field.name for field in fields(row)) for table, row in _SERVED.items()}


def prepare(path: Path) -> sqlite3.Connection:
    """Make the file with its tables where it is missing, and hold it open.

    While a connection with write rights is open the write-ahead log exists, without which a reader that may
    only read finds nothing. So whoever starts Asterisk calls this before, and keeps what it gives.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connect(path)
    with connection:
        for table, columns in TABLES.items():
            key, *others = columns
            spelled = ", ".join([f'"{key}" TEXT PRIMARY KEY', *(f'"{c}" {_TEXT}' for c in others)])
            connection.execute(f'CREATE TABLE IF NOT EXISTS "{table}" ({spelled})')
            there = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}
            for column in columns:
                if column not in there:  # the file is an earlier program's, and Asterisk may have it open
                    connection.execute(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {_TEXT}')
    connection.execute("SELECT count(*) FROM routes").fetchone()
    return connection


Rows = dict[str, dict[str, Sequence[str]]]
"""By table, and by what a row is found by."""


def rows_of(phones: Iterable[Phone], routes: Iterable[Route]) -> Rows:
    """All that the paths of calls need."""
    phones = list(phones)
    rows: dict[str, list[Sequence[str]]] = {
        "ps_endpoints": [_endpoint(phone) for phone in phones],
        "ps_auths": [(phone.user, "md5", phone.user, phone.ha1, REALM) for phone in phones],
        "ps_aors": [_aor(phone) for phone in phones],
        "routes": list(map(_ROUTE, routes)),
    }
    return {table: {row[0]: row for row in rows[table]} for table in _PATHS}


def write(path: Path, rows: Rows, before: Rows | None = None) -> None:
    """Replace all phones and routes at once: a call meanwhile reads the old ones or the new ones, never half. `before`:
    what is in the file, so that only what differs is written; without it all of it is."""
    with closing(_connect(path)) as connection, connection:
        connection.execute("BEGIN IMMEDIATE")
        for table, wanted in rows.items():
            there = {} if before is None else before[table]
            if before is None:
                connection.execute(f'DELETE FROM "{table}"')  # noqa: S608
            gone = [(key,) for key in there if key not in wanted]
            connection.executemany(f'DELETE FROM "{table}" WHERE "{TABLES[table][0]}" = ?', gone)  # noqa: S608
            _insert(connection, table, [row for key, row in wanted.items() if there.get(key) != row])


def serve(path: Path, company: str, menus: Iterable[MenuRow], boxes: Iterable[Box], sounds: Iterable[Sound]) -> None:
    """Replace what a company's callers are served with when Asterisk is alone, in the same way."""
    rows: dict[str, Iterable[MenuRow | Box | Sound]] = {"menus": menus, "boxes": boxes, "sounds": sounds}
    with closing(_connect(path)) as connection, connection:
        connection.execute("BEGIN IMMEDIATE")
        for table in _SERVED:
            connection.execute(f'DELETE FROM "{table}" WHERE company = ?', (company,))  # noqa: S608
            _insert(connection, table, [astuple(row) for row in rows[table]])


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[str]]) -> None:
    names, marks = ", ".join(f'"{c}"' for c in TABLES[table]), ", ".join("?" for _ in TABLES[table])
    connection.executemany(f'INSERT OR REPLACE INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608


def _endpoint(phone: Phone) -> tuple[str, ...]:
    own = {
        "id": phone.user, "aors": phone.user, "auth": phone.user, "context": phone.context, "callerid": phone.shown,
        "set_var": f"__COMPANY={phone.company}" if phone.company else "", "language": phone.language,
        "mailboxes": _lamp(phone, "told"), "media_address": phone.address,
        "identify_by": "username" if phone.shown else "auth_username,username",
    }  # fmt: skip
    return tuple((_ENDPOINT | own | (_IN_BROWSER if phone.browser else {})).values())


def _aor(phone: Phone) -> tuple[str, ...]:
    """A page that has connected anew must not ring beside what it was before."""
    most = 1 if phone.browser else MOST_CONTACTS
    return (phone.user, str(most), "yes", "300", _lamp(phone, "asked"))


def _lamp(phone: Phone, how: str) -> str:
    """Some phones ask for their lamp (SUBSCRIBE, served from the AOR's mailboxes), some only listen (the endpoint's).
    One name in both would lock one kind out, or tell a second phone of the user 0, so each mailbox has two names."""
    return f"{phone.mailbox}@{how}" if phone.mailbox else ""


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    return connection
