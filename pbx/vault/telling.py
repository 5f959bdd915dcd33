"""What the sidecars of a company's objects tell: for what is in no row, and for a person."""

import json
from collections.abc import Sequence
from typing import Any

from pbx.vault.copy import Copy
from pbx.vault.layout import COMPANIES
from pbx.vault.listing import Folder, listed, objects
from pbx.vault.things import whole


def told(copies: Sequence[Copy], company: str) -> list[dict[str, Any]]:
    """Of all that any of these has and can be read, in no order. Raises TooFewCopies."""
    found = []
    for part in listed(copies, COMPANIES / company / "objects"):
        if len(part) == 2:
            names = objects(copies, Folder(company, f"objects/{part}"))
            found += [about for name in names if (about := _one(copies, company, name)) is not None]
    return found


def _one(copies: Sequence[Copy], company: str, sha256: str) -> dict[str, Any] | None:
    for copy in copies:
        if (data := whole(copy, "sidecar", company, sha256)) is not None:
            about: dict[str, Any] = json.loads(data)
            return about
    return None
