"""The three kinds of files in a copy, and how each is known to be whole."""

import hashlib
import json
import logging
from pathlib import PurePath

from pbx.vault.copy import Copy
from pbx.vault.entry import Entry
from pbx.vault.errors import BadEntry
from pbx.vault.layout import entry_path, object_path, sidecar_path
from pbx.vault.values import Kind

NOT_THERE = (FileNotFoundError, NotADirectoryError)

log = logging.getLogger(__name__)


def path_of(kind: Kind, company: str, name: str) -> PurePath:
    """`name`: an object's SHA-256, also for its sidecar, or an entry's number in 12 digits. Raises BadName."""
    if kind == "entry":
        return entry_path(company, name)
    return object_path(company, name) if kind == "object" else sidecar_path(company, name)


def read(copy: Copy, path: PurePath) -> bytes | None:
    """None if it is not there, or, which is logged, not to be read."""
    try:
        with copy.open(path) as file:
            return file.read()
    except NOT_THERE:
        return None
    except OSError as error:
        log.warning("a copy cannot give %s: %s", path, error)
        return None


def whole(copy: Copy, kind: Kind, company: str, name: str) -> bytes | None:
    """What the file should hold; None if it is not there, or, which is logged, damaged or not to be read."""
    path = path_of(kind, company, name)
    data = read(copy, path)
    if data is None:
        return None
    should = mended(data, kind, company, name)
    if should is None:
        log.error("a copy holds %s damaged", path)
    return should


def is_whole(data: bytes, kind: Kind, company: str, name: str) -> bool:
    return mended(data, kind, company, name) == data


def mended(data: bytes, kind: Kind, company: str, name: str) -> bytes | None:
    """What a file of these bytes should hold; None if that cannot be known from them. An object is known by its hash,
    a sidecar by telling of the right object, an entry by its body, from which its head is made."""
    if kind == "object":
        return data if hashlib.sha256(data).hexdigest() == name else None
    if kind == "sidecar":
        return data if _tells_of(data, company, name) else None
    try:
        entry = Entry.parse(data)
    except BadEntry:
        return None
    return entry.file if entry.name == name else None


def _tells_of(data: bytes, company: str, sha256: str) -> bool:
    try:
        told = json.loads(data)
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("sha256") == sha256 and told.get("company") == company
