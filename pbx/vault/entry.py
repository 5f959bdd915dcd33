"""One entry of a company's catalogue: what changed, or everything as it was, chained to the one before.

The file: `vaxel-catalogue 1 <sha256 of the body, hex>`, a line feed, and the body, which is one JSON object.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from pbx.vault.errors import BadEntry

FORMAT = 1
_HEADER = re.compile(rb"vaxel-catalogue [0-9]{1,6} ([0-9a-f]{64})\n")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """`prev`: SHA-256 of the body before, "" for the first. `sha`: of this body. An "image" holds everything."""

    number: int
    prev: str
    sha: str
    kind: Literal["change", "image"]
    body: bytes

    @classmethod
    def of(cls, body: bytes) -> "Entry":
        """From its body. Raises BadEntry."""
        told = _object(body)
        number, prev, kind = told.get("number"), told.get("prev"), told.get("kind")
        if told.get("format") != FORMAT:
            raise BadEntry(f"its format is {told.get('format')!r}, and {FORMAT} is known here")
        if type(number) is not int or not 1 <= number < 10**12:
            raise BadEntry("it has no number")
        if not isinstance(prev, str) or (prev and not _SHA256.fullmatch(prev)):
            raise BadEntry("it does not say which one it follows")
        if kind != "change" and kind != "image":
            raise BadEntry("it is neither change nor image")
        if not isinstance(told.get("revision"), str) or not isinstance(told.get("at"), str):
            raise BadEntry("it has no revision or no time")
        return cls(number, prev, hashlib.sha256(body).hexdigest(), kind, body)

    @classmethod
    def parse(cls, data: bytes) -> "Entry":
        """From a file's bytes. Raises BadEntry."""
        if not is_intact(data):
            raise BadEntry("it is damaged")
        return cls.of(body_of(data))

    @property
    def name(self) -> str:
        """Of its file."""
        return f"{self.number:012d}"

    @property
    def file(self) -> bytes:
        """What is in its file."""
        return b"vaxel-catalogue %d %s\n" % (FORMAT, self.sha.encode()) + self.body


def is_intact(data: bytes) -> bool:
    """True if the body is the one that the header was written for, whatever it says: also of a later format."""
    header = _HEADER.match(data)
    return header is not None and hashlib.sha256(data[header.end() :]).hexdigest().encode() == header[1]


def body_of(data: bytes) -> bytes:
    """What an intact file says, by which alone it is this entry or another: the header's format may be harmed."""
    return data[data.index(b"\n") + 1 :]


def _object(body: bytes) -> dict[str, Any]:
    """All but the rows: an image may have a hundred thousand, and the digest proves them as they were written."""
    head, rows, _ = body.partition(b',"rows":[')
    try:
        told = json.loads(head + b"}" if rows else body)
    except ValueError as error:
        raise BadEntry(f"it is no JSON: {error}") from error
    if not isinstance(told, dict):
        raise BadEntry("it is no JSON object")
    return told
