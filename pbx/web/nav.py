"""What the top of each page leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pbx.web.person import Person
    from pbx.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Entry:
    path: str
    words: str
    here: bool


def entries(visit: Visit) -> tuple[Entry, ...]:
    """In the person's order of need; only what they may see."""
    if visit.person is None:
        return ()
    return tuple(Entry(path, words, _here(visit.path, path)) for path, words in _of(visit.person, visit))


def _of(person: Person, visit: Visit) -> list[tuple[str, str]]:
    words = visit.words
    found: list[tuple[str, str]] = []
    if person.role == "operator":
        found.append(("/companies", words("Företag")))
        found.append(("/operations", words("Drift")))
    if person.company is not None and person.role != "user":
        found.append(("/messages", words("Röstmeddelanden")))
        found.append(("/map", words("Var det hörs")))
        found.append(("/menus", words("Menyer")))
        found.append(("/vault", words("Valv och drift")))
        found.append(("/users", words("Användare")))
    if person.user is not None:
        found.append(("/mailbox", words("Min röstbrevlåda")))
    return found


def _here(path: str, entry: str) -> bool:
    return path == entry or path.startswith(f"{entry}/")
