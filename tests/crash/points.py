"""One operation, interrupted at one of its calls after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import OperationalError as InDriver

from sqlalchemy.exc import OperationalError as InStore

from pbx.errors import CannotStart, Refused
from pbx.vault import TooFewCopies
from pbx.vault.errors import CannotRefill, NotWritten
from tests.crash import whole
from tests.crash.calls import Call
from tests.crash.faults import Fault, How
from tests.crash.homes import Home, closed
from tests.crash.injector import Child, Nobody, run
from tests.crash.operations import Operation, Told, announced
from tests.crash.power import Disk
from tests.crash.restart import exported, recovered, restarted
from tests.library.house import House

_DOCUMENTED = (Refused, TooFewCopies, CannotRefill, NotWritten, CannotStart, OSError, InStore, InDriver)
"""What an operation may raise when a disk fails, the database's included: then it has announced nothing."""
_LOG_LINES = 40
_NEVER = 1_000_000


@dataclass
class Point:
    """`call`: at which it was killed, or which failed. `lacks`: what was wrong after the restart, and what was logged
    then."""

    how: How
    at: int
    call: str
    kind: str
    told: Told
    lacks: list[str] = field(default_factory=list)


class Trial:
    def __init__(self, home: Home, operation: Operation, empty_database: Path) -> None:
        self._home = home
        self._operation = operation
        self._empty = empty_database
        self._log = home.root.with_name("log")

    async def rehearsed(self) -> None:
        """Once here, so that what is compiled or loaded at the first time is not so in every child."""
        self._home.restore()
        await closed(await self._act(Nobody()))
        self._operation.repair(self._home.root)
        await closed(await self._look(Nobody(), [], "1"))

    def undisturbed(self) -> Sequence[Call]:
        """The calls that it makes. Raises AssertionError where not even then all is well."""
        self._home.restore()
        ran = run(self._act, self._home.root, self._log)
        assert announced(ran.told, self._operation.announces), ran.told
        assert not (lacks := self._looked(ran.told, "1")), lacks
        return ran.calls

    def at(self, number: int, how: How) -> Point | None:
        """None if no call met the fault."""
        self._home.restore()
        fault, disk = Fault(how, number), Disk(self._home.root, number % 2 > 0) if how in ("cut", "twice") else None
        ran = run(self._act, self._home.root, self._log, fault, disk)
        if fault.hit is None:
            return None
        if how == "twice":
            run(self._restart, self._home.root, self._log, Fault("cut", _NEVER), disk)
        if disk:
            disk.cut()
        return Point(how, number, str(fault.hit), fault.hit.kind, ran.told, self._looked(ran.told, "21"[number % 2]))

    def _looked(self, told: Told, copy: str) -> list[str]:
        """What the next process finds."""
        self._operation.repair(self._home.root)
        looked = run(lambda child: self._look(child, told, copy), self._home.root, self._log)
        lacks = [lack for one in (*told, *looked.told) for lack in (*one.get("lacks", []), *one.get("raised", []))]
        if not looked.told:
            lacks.append("the restart did not come to its end")
        logged = self._log.read_text().splitlines() if self._log.exists() else []
        self._log.unlink(missing_ok=True)
        return [*lacks, *logged[-_LOG_LINES:]] if lacks else []

    async def _act(self, child: Child) -> House:
        """A service in which it happens, and which goes on when the fault is over."""
        house = await self._home.opened()
        child.under_watch()
        try:
            await self._operation.act(house, child)
        except _DOCUMENTED as error:
            child.tell(refused=repr(error))
        child.over()
        if self._operation.goes_on:
            await recovered(house)
        return house

    async def _restart(self, child: Child) -> None:
        child.under_watch()
        await restarted(self._home)
        child.over()

    async def _look(self, child: Child, told: Told, copy: str) -> House:
        house = await restarted(self._home)
        found = await self._operation.lacks(house, told)
        for saved in self._home.saved:
            found += await saved.lacks(house)
        await exported(house)  # what that has changed
        child.tell(lacks=[*found, *await whole.lacks(house, self._empty, copy)])
        return house
