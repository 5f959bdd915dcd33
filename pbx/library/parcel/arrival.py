"""A parcel on its way into a company: what things are called here, what was made, and what could not be taken."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pbx.errors import Refused
from pbx.library.parcel.decoding import decode
from pbx.library.parcel.manifest import TargetIn
from pbx.store.values import Aim, Company, Target

T = TypeVar("T")
_ENDS_ALL = frozenset({"vault-away", "change-waiting", "database-old", "catalogue-split", "catalogue-busy"})


@dataclass(frozen=True, slots=True)
class Left:
    """`what` was not taken, or not as it was; `says` is the phrase that tells why."""

    what: str
    says: str
    details: str


@dataclass(slots=True)
class Arrival:
    """`messages`: by number in the parcel; `menus` by name, `users` and `boxes` by extension: the ids here.
    `made`: how many of each. `todo`: what a person has to do, since it never was in a parcel."""

    company: Company
    by: str
    messages: dict[int, str] = field(default_factory=dict)
    menus: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    todo: list[Left] = field(default_factory=list)

    @contextmanager
    def telling(self, what: str) -> Iterator[None]:
        """What is refused in here is told, and keeps nothing else out. Refused: what would refuse everything else,
        too."""
        try:
            yield
        except Refused as refused:
            if refused.says in _ENDS_ALL:
                raise
            self.leave(what, refused.says, refused.details)

    def leave(self, what: str, says: str, details: str = "") -> None:
        self.left.append(Left(what, says, details))

    def count(self, what: str) -> None:
        self.made[what] = self.made.get(what, 0) + 1

    def each(self, kind: type[T], values: Sequence[Any], where: str) -> list[T]:
        """Those that can be read; the others are told."""
        found: list[T] = []
        for at, value in enumerate(values):
            with self.telling(f"{where}[{at}]"):
                found.append(decode(kind, value, f"{where}[{at}]"))
        return found

    def target(self, told: TargetIn) -> Target:
        """Refused: `archive-kind`, `archive-target`."""
        here: str | None
        aim: Aim
        match told.kind:
            case "menu":
                aim, here = "menu", self.menus.get(told.to)
            case "mailbox":
                aim, here = "mailbox", self.boxes.get(told.to)
            case "message":
                aim, here = "message", self.message(told.to)
            case "extension":
                aim, here = "extension", told.to
            case "hangup":
                aim, here = "hangup", ""
            case _:
                raise Refused("archive-kind", told.kind[:20])
        if here is None:
            raise Refused("archive-target", f"{told.kind} {told.to}"[:80])
        return Target(aim, here)

    def message(self, number: str) -> str | None:
        return self.messages.get(int(number)) if number.isdecimal() and len(number) < 10 else None
