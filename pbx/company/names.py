"""Names that people give to things: what is stored of them."""

import re
import unicodedata

from pbx.errors import Refused

LONGEST = 80


def clean(name: str, says: str = "name-form") -> str:
    """One line of 1 to 80 characters in composed form, without control characters, which no name needs and which do
    harm in a table, a header or a protocol. Quotes and the like stay: they are somebody's name. Refused: `says`."""
    composed = unicodedata.normalize("NFC", name[:400])
    shown = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in composed if not _unseen(c))
    line = re.sub(r"\s+", " ", shown).strip()
    if not 1 <= len(line) <= LONGEST:
        raise Refused(says, line[:LONGEST])
    return line


def slug(name: str) -> str:
    """The name as it may stand in an address or a file's name: `Åkeri & Söner` is `akeri-soner`."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-") or "company"


def _unseen(character: str) -> bool:
    """Surrogates, unassigned ones, and marks that turn the direction of writing around."""
    return unicodedata.category(character) in {"Cs", "Cn", "Co", "Cf"}
