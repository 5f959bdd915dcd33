"""Where a walk takes place: the product, what it has told, and what was done to its disks."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

from pbx.errors import Refused
from pbx.store.values import TakeKind
from tests.model import truth
from tests.model.at_once import AtOnce
from tests.model.book import HOUR, Book, Recording
from tests.model.premises import Premises
from tests.model.sounds import SPEAKERS, Sound, pictures, sound
from tests.model.truth import Registered

BY = "model"


class Violation(AssertionError):
    """The product has broken its word. `what`: in a few words, the same for the same fault."""

    def __init__(self, what: str, details: str = "") -> None:
        super().__init__(f"{what}: {details}" if details else what)
        self.what = what


@dataclass(slots=True)
class Held:
    """A take that is not kept yet. `owner`: a message for a prompt, else a mailbox. `sound`: once it is spoken;
    `silent`: nobody did."""

    company: str
    take: str
    file: str
    channel: str
    kind: TakeKind
    owner: str
    lang: str
    sound: Sound | None = None
    silent: bool = False


@dataclass(slots=True)
class Orders:
    """What was ordered to be erased for good in a company: `objects`, and `traces`, which are ids of rows and scripts.
    `sent`: of the objects, what somebody has sent again since; if that was refused, the order stands, and yet a copy
    may have it. `released`: until when the operator has said yes."""

    objects: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    traces: set[str] = field(default_factory=set)
    released: datetime | None = None


class Scene:
    """`safe`: nothing is done to the disks that would leave an object in no copy."""

    def __init__(self, premises: Premises, companies: tuple[str, str], seed: str, *, safe: bool) -> None:
        self.premises = premises
        self.companies = companies
        self.seed = seed
        self.safe = safe
        self.books: dict[str, Book] = {}
        self.sounds: dict[str, Sound] = {}
        self.held: list[Held] = []
        self.firm: dict[str, int] = {}
        self.history: dict[str, dict[int, Book]] = {company: {} for company in companies}
        self.orders = {company: Orders() for company in companies}
        self.erasing = False
        self.away: dict[Path, Path] = {}
        self.remembered = False
        self.retired: dict[str | None, Path] = {}
        self._next = Random(f"{seed} sounds").randrange(SPEAKERS)
        self.count = 0

    async def begin(self) -> None:
        for number in range(SPEAKERS):
            one = sound(number)
            self.sounds[one.sha256] = one
        self.sounds |= {one.sha256: one for one in pictures()}
        await self.premises.start()
        for company in self.companies:
            self.books[company] = self.premises.rows.book(company)
        self.note()
        self.firm = {company: self.head(company) for company in self.companies}

    @property
    def now(self) -> datetime:
        return self.premises.clock.now

    def head(self, company: str) -> int:
        return self.premises.rows.head(company)

    def note(self) -> None:
        """After each step: what is true at the catalogue's entry that is the last one now."""
        for company, book in self.books.items():
            self.history[company][self.head(company)] = book.copy()

    def other(self, company: str) -> str:
        return next(one for one in self.companies if one != company)

    @property
    def recordings(self) -> int:
        return sum(len(book.recordings) for book in self.books.values())

    def spoken(self, company: str) -> list[str]:
        """Takes that are there, in either company, or were erased in this one."""
        known = {sha256 for _, sha256 in self.in_use()} | self.orders[company].objects
        return sorted(sha256 for sha256 in known if self.sounds[sha256].played)

    def next_sound(self) -> Sound:
        """One that was not used lately."""
        self._next = (self._next + 1) % SPEAKERS
        return sound(self._next)

    def number(self) -> int:
        """Never the same twice."""
        self.count += 1
        return self.count

    # What is true of the disks, by looking.

    def copies(self) -> list[Registered]:
        return self.premises.registered()

    def reads(self, copy: Registered) -> bool:
        """What lies in it can be read, be it frozen or not."""
        return self.premises.make(copy.folder).mode not in ("broken", "slow")

    def takes(self, copy: Registered) -> bool:
        """It is not frozen, is the one that it was, and can be written to."""
        return self.premises.make(copy.folder).mode == "well" and not copy.frozen and copy.is_itself

    def proves(self, copy: Registered) -> bool:
        """It counts as a holder: not frozen, the one that it was, and can be read."""
        return self.reads(copy) and not copy.frozen and copy.is_itself

    def holders(self, company: str, sha256: str, *besides: str) -> list[Registered]:
        """Copies (but those named) in which the object lies whole and can be read."""
        data = self.sounds[sha256].kept
        return [
            copy
            for copy in self.copies()
            if copy.name not in besides
            and self.reads(copy)
            and truth.has(truth.object_in(copy.folder, company, sha256), data)
        ]

    def spooled(self, company: str, sha256: str) -> bool:
        """Whether the spool has a take whole that the object was made of."""
        takes = {one.take for one in self.books[company].recordings.values() if one.sha256 == sha256}
        marks = ",".join("?" * len(takes))
        asked = f"SELECT file FROM take WHERE spooled AND id IN ({marks})"  # noqa: S608
        raw = self.sounds[sha256].raw
        return any(truth.has(self.premises.spool / file, raw) for (file,) in self.premises.rows.ask(asked, *takes))

    def is_held(self, company: str, sha256: str, *besides: str) -> bool:
        """In a copy (but those named), or in the spool."""
        return bool(self.holders(company, sha256, *besides)) or self.spooled(company, sha256)

    def can_be_had(self, company: str, sha256: str) -> bool:
        """In a copy that is believed, or in the spool."""
        return any(map(self.proves, self.holders(company, sha256))) or self.spooled(company, sha256)

    def in_use(self) -> list[tuple[str, str]]:
        """Company and object, of all that is not erased."""
        return [(company, sha256) for company, book in self.books.items() for sha256 in sorted(book.objects())]

    # What is asked of the product.

    async def edit(self, company: str, work: Callable[[], Awaitable[object]], told: Callable[[], object]) -> str:
        """What a person decides. `told` writes down what is true once it is done. The answer, as a word."""
        try:
            await work()
        except Refused as refused:
            if refused.says == "change-waiting":
                told()
            if refused.says in ("change-waiting", "vault-away"):
                self.blame(refused.says)
            elif refused.says in ("catalogue-split", "database-old"):
                raise Violation("an edit is refused without reason", refused.says) from refused
            return refused.says
        told()
        self.firm[company] = self.head(company)
        return "done"

    def minimum(self) -> int:
        """In so many copies must be what is told to be saved."""
        return 1 if len(self.copies()) < 3 else 2

    def blame(self, says: str, needs: int | None = None) -> None:
        """Disks must be at fault if nothing can be saved. `needs`: so many that are well, if not the minimum."""
        well = [copy.name for copy in self.copies() if self.takes(copy)]
        if len(well) >= (needs or self.minimum()):
            raise Violation("nothing is saved though a copy is well", f"{says}; copies {well}")

    async def apply(self, company: str, work: Callable[[], Awaitable[object]], told: Callable[[], object]) -> str:
        """What happens in a call, which waits for no copy."""
        await work()
        told()
        return "done"

    async def late(self) -> None:
        """What a slow copy was asked is answered now, and whoever asked has heard it."""
        loop = asyncio.get_running_loop()
        if isinstance(loop, AtOnce) and loop.late():
            await asyncio.sleep(0.0)
            await asyncio.sleep(0.0)

    def released(self, company: str) -> None:
        self.orders[company].released = self.now + HOUR

    def add(self, recording: Recording, company: str, *, heard: bool) -> None:
        self.books[company].recorded(recording, heard=heard)
        orders = self.orders[company]
        orders.objects.discard(recording.sha256)
