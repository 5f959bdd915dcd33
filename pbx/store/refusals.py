"""From the database's refusal to one that a person understands."""

import re

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from pbx.errors import Refused
from pbx.store.tables import Base

_BROKEN = re.compile(r"UNIQUE constraint failed: (.+)")


def refusal(error: IntegrityError) -> Refused | None:
    """The Refused for a broken uniqueness, with the phrase that its constraint names; None for any other fault."""
    found = _BROKEN.search(str(error.orig))
    if found is None:
        return None
    table, columns = _named(found.group(1))
    if table not in Base.metadata.tables:
        return None
    for rule in (*Base.metadata.tables[table].constraints, *Base.metadata.tables[table].indexes):
        if isinstance(rule, UniqueConstraint | Index) and [column.name for column in rule.columns] == columns:
            says = rule.info.get("says")
            if says is not None:
                return Refused(says)
    return None


def _named(text: str) -> tuple[str, list[str]]:
    parts = [part.strip().split(".", 1) for part in text.split(",")]
    return parts[0][0], [part[-1] for part in parts]
