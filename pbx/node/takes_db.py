"""The file that Asterisk writes in survival: a row for each message that the dialplan took."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Left:
    """A message taken in survival, as its row says. `phone`: the SIP user of the authenticated phone that it came from,
    "" for one from outside. `at`: seconds since 1970; `status` "" if it was cut off."""

    id: str
    company: str
    box: str
    phone: str
    caller: str
    lang: str
    at: float
    status: str


def prepare(path: Path) -> None:
    """Make the file with its table where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(_connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS takes (id TEXT PRIMARY KEY, company TEXT, box TEXT, phone TEXT, caller TEXT,"
            " lang TEXT, at TEXT, status TEXT)"
        )
        if "phone" not in {row[1] for row in connection.execute("PRAGMA table_info(takes)")}:
            # The file is an earlier program's, and Asterisk may have it open.
            connection.execute("ALTER TABLE takes ADD COLUMN phone TEXT")


def read(path: Path) -> dict[str, Left]:
    """Every row, by the id of its channel. Made anew where it is gone: there are none then."""
    prepare(path)
    with closing(_connect(path)) as connection:
        rows = connection.execute("SELECT id, company, box, phone, caller, lang, at, status FROM takes").fetchall()
    return {
        id: Left(id, company or "", box or "", phone or "", caller or "", lang or "sv", float(at or 0), status or "")
        for id, company, box, phone, caller, lang, at, status in rows
    }


def remove(path: Path, channels: Iterable[str]) -> None:
    """Their rows, for good."""
    with closing(_connect(path)) as connection, connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.executemany("DELETE FROM takes WHERE id = ?", [(channel,) for channel in channels])


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=5)
