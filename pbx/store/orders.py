"""An erase order as a value, and how its row keeps how far it has come."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime

from pbx.store.tables import EraseOrderRow


@dataclass(frozen=True, slots=True)
class Steps:
    """How far an order has come. `copies`: which have unlinked the object. `begun`: some may be doing so right now.
    `published`, `spool`: files of this machine that go too. `cleared`: the catalogue's entry from which on nothing
    names the object; 0 before that."""

    copies: tuple[str, ...] = ()
    begun: bool = False
    published: tuple[str, ...] = ()
    spool: tuple[str, ...] = ()
    cleared: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """`sha256`: the object; None if it is cleared, or if only rows and files go."""

    id: str
    company: str
    sha256: str | None
    because: str
    by: str
    ordered_at: datetime
    obeyed_at: datetime | None
    steps: Steps = field(default_factory=Steps)


def put_steps(row: EraseOrderRow, steps: Steps) -> None:
    row.obeyed = json.dumps(asdict(steps))


def steps_of(row: EraseOrderRow) -> Steps:
    told = json.loads(row.obeyed)
    many = {name: tuple(told[name]) for name in ("copies", "published", "spool")}
    return Steps(begun=told["begun"], cleared=told["cleared"], **many)


def value(row: EraseOrderRow) -> Order:
    return Order(
        row.id, row.company_id, row.sha256, row.because, row.ordered_by, row.ordered_at, row.obeyed_at, steps_of(row)
    )
