"""Entries as the store would write them."""

import json
from typing import Literal

from pbx.vault import Entry


def body(number: int, prev: str, kind: Literal["change", "image"] = "change", text: str = "") -> bytes:
    told = {"format": 1, "number": number, "prev": prev, "kind": kind, "revision": "0001"}
    return json.dumps({**told, "at": "2026-05-01T12:00:00+00:00", "rows": [f"row {number}{text}"]}).encode()


def log(count: int, images: tuple[int, ...] = (), text: str = "") -> list[Entry]:
    """Entries 1 to `count`, chained; those in `images` are images."""
    entries: list[Entry] = []
    for number in range(1, count + 1):
        kind: Literal["change", "image"] = "image" if number in images else "change"
        entries.append(Entry.of(body(number, entries[-1].sha if entries else "", kind, text)))
    return entries


def head_of_another_format(data: bytes) -> bytes:
    """A file's bytes with a digit of its head harmed; its body is as it was."""
    return data.replace(b"vaxel-catalogue 1 ", b"vaxel-catalogue 3 ", 1)
