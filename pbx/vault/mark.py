"""A copy's own mark: the file in its root by which it is known again, wherever it is mounted."""

import json
import uuid
from dataclasses import asdict, dataclass
from pathlib import PurePath

from pbx.vault.copy import Copy

FORMAT = 1
MARK = PurePath("vaxel-copy.json")
_ROOT = PurePath()
_OF_THE_FILE_SYSTEM = {"lost+found"}


@dataclass(frozen=True, slots=True)
class Mark:
    """`id`: a UUID made with the copy. `made`: UTC, ISO 8601. `name`: what the register called it then."""

    id: str
    made: str
    name: str


def read_mark(copy: Copy) -> Mark | None:
    """None where there is none, or nothing that can be read as one. OSError if the copy cannot be reached."""
    try:
        with copy.open(MARK) as file:
            told = json.loads(file.read())
        return Mark(str(uuid.UUID(told["id"])), str(told["made"]), str(told["name"]))
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_mark(copy: Copy, name: str, made: str) -> Mark:
    """A new one, in place of any other. Raises OSError or NotWritten."""
    mark = Mark(str(uuid.uuid4()), made, name)
    data = json.dumps({"format": FORMAT, **asdict(mark)}, indent=1).encode()
    copy.put(MARK.parent, {MARK.name: data})
    return mark


def is_bare(copy: Copy) -> bool:
    """True where nothing lies yet, so that a copy can begin there."""
    return not set(copy.names(_ROOT)) - _OF_THE_FILE_SYSTEM
