"""A company with thousands of messages: rows, and files for what they use."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from pbx.company.languages import LANGUAGES
from pbx.library import files
from pbx.store import Store, new_id
from pbx.vault.layout import object_name
from tests.library.house import House, build
from tests.library.recordings import name_of
from tests.store.world import Clock, populate

SIZE, LAST = 1_000, 16_000
"""Bytes of each object of a stocked house, and the last sample that is heard."""
_AT = "2026-03-02 13:05:00.000000"
_TWO = [f"{number:02x}" for number in range(256)]


async def opened(root: Path) -> House:
    """The library on an empty vault that has all its folders, with the two companies of the tests."""
    root.mkdir(parents=True, exist_ok=True)
    store = Store(root / "vaxel.db")
    await store.open()
    house = build(await populate(store, Clock()), root)
    await house.vault.open()
    for copy in house.copies:
        make_folders(copy / "companies" / house.world.exempel.id / "objects")
    return house


async def closed(house: House) -> None:
    await house.library.drain()
    house.vault.close()
    await house.world.store.close()


async def stocked(root: Path, count: int) -> House:
    """With so many messages more in one company, each with a script, every other one recorded in both languages. The
    rows are in no catalogue yet: they were not written by the store, which would take a minute."""
    house = await opened(root)
    with closing(sqlite3.connect(house.world.store.path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        for number in range(count):
            _add(db, house.world.exempel.id, number)
        db.execute("COMMIT")
    return house


def objects(count: int) -> list[str]:
    """The names of the recordings of a house with so many messages."""
    return [_object(number, lang) for number in range(0, count, 2) for lang in LANGUAGES]


def furnish(house: House, names: Iterable[str]) -> None:
    """Files for these recordings: in both copies, right by name and size, and published as far as that is looked at.
    All are one file under many names, since they are only looked at."""
    company, one = house.world.exempel.id, house.root / "one"
    one.write_bytes(bytes(SIZE))
    make_folders(house.root / "published" / company)
    for name in names:
        published = files.base(house.root / "published", company, files.of_recording(name, 0, LAST))
        for path in (*(f"{copy}/{object_name(company, name)}" for copy in house.copies), f"{published}.sln16"):
            os.link(one, path)


def make_folders(folder: Path) -> None:
    """00 to ff."""
    for two in _TWO:
        (folder / two).mkdir(parents=True, exist_ok=True)


def lay(copies: Sequence[Path], company: str, data: bytes) -> str:
    """An object and its sidecar in every copy, as a put leaves them, without waiting for the disk. Its SHA-256."""
    sha256 = hashlib.sha256(data).hexdigest()
    about = {"format": 1, "company": company, "sha256": sha256, "size": len(data), "purpose": "to be measured"}
    for copy in copies:
        path = copy / object_name(company, sha256)
        path.write_bytes(data)
        path.with_suffix(".json").write_text(json.dumps(about, indent=1))
    return sha256


def insert(db: sqlite3.Connection, table: str, row: Mapping[str, object]) -> None:
    columns, marks = ", ".join(f'"{column}"' for column in row), ", ".join("?" * len(row))
    db.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', tuple(row.values()))  # noqa: S608


def _add(db: sqlite3.Connection, company: str, number: int) -> None:
    message = {
        "id": new_id(), "company_id": company, "number": 100 + number, "name": f"message {number}", "kind": "menu",
        "changed_at": _AT,
    }  # fmt: skip
    insert(db, "message", message)
    for lang in LANGUAGES if number % 2 == 0 else ("sv",):
        text = {
            "id": new_id(), "company_id": company, "message_id": message["id"], "lang": lang, "revision": 1,
            "script": f"Det här är meddelande {number}, som hörs av den som ringer en vardag efter klockan fem.",
            "changed_at": _AT,
        }  # fmt: skip
        version = {
            "id": new_id(), "company_id": company, "text_id": text["id"], "number": 1, "sha256": _object(number, lang),
            "size": SIZE, "source": "call", "first": 0, "last": LAST, "level_db": -26.0, "made_by": "bench",
            "from_number": "", "interrupted": 0, "created_at": _AT, "used_at": _AT, "notes": "",
        }  # fmt: skip
        if number % 2 == 0:
            insert(db, "version", version)
        insert(db, "text", text | {"version_id": version["id"] if number % 2 == 0 else None})


def _object(number: int, lang: str) -> str:
    return name_of(f"message {number} {lang}")
