"""Ids of rows, takes, calls and jobs: UUIDv7 as text, so that they sort by the time at which they were made."""

import re

from uuid_utils import uuid7

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """A new id, greater than every id made before it by this process."""
    return str(uuid7())


def is_id(text: str) -> bool:
    """Whether `text` has an id's form; what has it is safe as the name of a file or folder."""
    return _ID.fullmatch(text) is not None
