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


def whole(copy: Copy, kind: Kind, company: str, name: str) -> bytes | None:
    """The file's bytes; None if it is not there, or, which is logged, damaged or not to be read."""
    path = path_of(kind, company, name)
    try:
        with copy.open(path) as file:
            data = file.read()
    except NOT_THERE:
        return None
    except OSError as error:
        log.warning("a copy cannot give %s: %s", path, error)
        return None
    if is_whole(data, kind, company, name):
        return data
    log.error("a copy holds %s damaged", path)
    return None


def is_whole(data: bytes, kind: Kind, company: str, name: str) -> bool:
    """By its hash; a sidecar by telling of the right object."""
    if kind == "object":
        return hashlib.sha256(data).hexdigest() == name
    if kind == "sidecar":
        return _tells_of(data, company, name)
    try:
        return Entry.parse(data).number == int(name)
    except BadEntry:
        return False


def _tells_of(data: bytes, company: str, sha256: str) -> bool:
    try:
        told = json.loads(data)
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("sha256") == sha256 and told.get("company") == company
