"""What is really there, found without a line of the product's: files as they lie, and the rows by the driver alone."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.model.book import Book, Recording

MARK = "vaxel-copy.json"


@dataclass(frozen=True, slots=True)
class Registered:
    """A copy that is not retired, as the register says."""

    name: str
    folder: Path
    mark: str | None
    frozen: bool

    @property
    def is_itself(self) -> bool:
        """Its mark lies in its folder."""
        return self.mark is not None and mark_in(self.folder) == self.mark


def registered(file: Path) -> list[Registered]:
    return list(_registered(file.read_bytes()))


@lru_cache
def _registered(told: bytes) -> tuple[Registered, ...]:
    return tuple(
        Registered(one["name"], Path(one["path"]), one["mark"], one["frozen"] is not None)
        for one in json.loads(told)["copies"]
        if not one["retired"]
    )


def mark_in(folder: Path) -> str | None:
    try:
        return str(json.loads((folder / MARK).read_bytes())["id"])
    except (OSError, ValueError, KeyError):
        return None


def object_in(folder: Path, company: str, sha256: str) -> Path:
    return folder / "companies" / company / "objects" / sha256[:2] / sha256


def catalogue_in(folder: Path, company: str) -> Path:
    return folder / "companies" / company / "catalogue"


def has(path: Path, data: bytes) -> bool:
    """Whole: byte for byte."""
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def has_size(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data)
    except OSError:
        return False


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


class Rows:
    """The database by a connection of our own, which only reads."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._connection: sqlite3.Connection | None = None

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = sqlite3.connect(self._database, isolation_level=None, check_same_thread=False)
        return self._connection.execute(question, values).fetchall()

    def close(self) -> None:
        """Before the file is replaced. It opens again when it is asked again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def head(self, company: str) -> int:
        """Number of the last entry of its catalogue."""
        found = self.ask("SELECT max(number) FROM catalogue_entry WHERE company_id = ?", company)
        return found[0][0] or 0

    def users(self, company: str) -> list[str]:
        """Their ids; nobody comes or goes."""
        return [user for (user,) in self.ask("SELECT id FROM user WHERE company_id = ? ORDER BY id", company)]

    def entries(self, company: str) -> dict[int, tuple[str, str, str]]:
        """What the database holds of the catalogue, by number: prev, sha and kind."""
        found = self.ask("SELECT number, prev, sha, kind FROM catalogue_entry WHERE company_id = ?", company)
        return {number: (prev, sha, kind) for number, prev, sha, kind in found}

    def in_spool(self, company: str) -> dict[str, str]:
        """Takes that the spool is to hold, by id: the file."""
        return dict(self.ask("SELECT id, file FROM take WHERE company_id = ? AND spooled", company))

    def losses(self, company: str) -> dict[str, tuple[str, bool]]:
        """The open lines of the ledger, by version or voice message: how, and whether no copy has it."""
        asked = "SELECT of_id, how, lost FROM loss WHERE company_id = ? AND healed_at IS NULL"
        return {of: (how, bool(lost)) for of, how, lost in self.ask(asked, company)}

    def in_ledger(self, company: str) -> set[str]:
        """Ids of what the ledger has a line for, open or not."""
        found = self.ask("SELECT of_id, subject_id FROM loss WHERE company_id = ?", company)
        return {one for row in found for one in row}

    def orders(self, company: str) -> int:
        """Erase orders that are open."""
        asked = "SELECT count(*) FROM erase_order WHERE company_id = ? AND obeyed_at IS NULL"
        return int(self.ask(asked, company)[0][0])

    def ordered(self, company: str, since: datetime) -> int:
        """How many erase orders were written since."""
        asked = "SELECT count(*) FROM erase_order WHERE company_id = ? AND ordered_at > ?"
        return int(self.ask(asked, company, f"{since.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}")[0][0])

    def book(self, company: str) -> Book:
        """What the rows say, as it should have been told."""
        book = Book(company)

        def ask(question: str) -> list[tuple[Any, ...]]:
            return self.ask(f"{question} WHERE company_id = ? ORDER BY id", company)

        for message, name, deleted in ask("SELECT id, name, deleted_at FROM message"):
            book.names[message] = name
            _deleted(book, message, deleted)
        texts: dict[str, tuple[str, str]] = {}
        for text, message, lang, script, current, retired in ask(
            "SELECT id, message_id, lang, script, version_id, retired_id FROM text"
        ):
            texts[text] = message, lang
            for told, value in ((book.scripts, script), (book.current, current), (book.retired, retired)):
                if value:
                    told[message, lang] = value
        for version, text, sha256, take, no in ask("SELECT id, text_id, sha256, take_id, retired_at FROM version"):
            book.recordings[version] = Recording(version, "version", *texts[text], sha256, take)
            _deleted(book, version, no)
        for voice, box, lang, sha256, take, deleted in ask(
            "SELECT id, mailbox_id, lang, sha256, take_id, deleted_at FROM voice_message"
        ):
            book.recordings[voice] = Recording(voice, "voice", box, lang, sha256, take)
            _deleted(book, voice, deleted)
        for picture, user, sha256, retired in ask("SELECT id, user_id, sha256, retired_at FROM picture"):
            book.recordings[picture] = Recording(picture, "picture", user, "", sha256, "")
            _deleted(book, picture, retired)
        book.places = {(kind, slot): message for kind, slot, message in ask("SELECT kind, slot, message_id FROM place")}
        book.boxes = dict(ask("SELECT id, greeting_id FROM mailbox"))
        return book


def _deleted(book: Book, of: str, at: str | None) -> None:
    if at is not None:
        book.deleted[of] = datetime.fromisoformat(at).replace(tzinfo=UTC)
