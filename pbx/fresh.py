"""When each thing that must be done again and again was done last in this process: nothing may grow old unseen."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Chore = Literal[
    "sweep", "scrub", "catalogue", "export", "publish", "own phrases", "standby", "lamps", "adopt", "erasing", "mail"
]

LIMITS_S: Final[Mapping[Chore, float]] = {
    "sweep": 120, "scrub": 14 * 86_400, "catalogue": 120, "export": 150, "publish": 120, "own phrases": 1800,
    "standby": 120, "lamps": 150, "adopt": 150, "erasing": 300, "mail": 600,
}  # fmt: skip
"""From when on it is late: a few of its rounds, since a busy machine is no fault.

catalogue: changes of rows into every copy of the vault. export: phones and routes, standby: menus and mailboxes, both
for Asterisk. own phrases: the operator's, folder and vault. adopt: takes that a crash has left. mail: the outbox.
"""

_began = time.monotonic()
_at: dict[Chore, float] = {}


@dataclass(frozen=True, slots=True)
class Age:
    """`seconds` since it was done last, or since the start where it was not done yet."""

    seconds: float
    limit_s: float
    done: bool

    @property
    def late(self) -> bool:
        return self.seconds > self.limit_s


def done(what: Chore, ago_s: float = 0.0) -> None:
    """Now, or so long ago."""
    _at[what] = time.monotonic() - ago_s


def age(what: Chore) -> Age:
    at = _at.get(what)
    return Age(time.monotonic() - (_began if at is None else at), LIMITS_S[what], at is not None)
