"""Who telephones in the busy hour: a dozen users with their telephones, and the world outside."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from pbx.cli.desk import Desk
from pbx.store.values import Message
from tests.calls.cast import Person, invite
from tests.calls.steps import announcement, spoken
from tests.calls.switchboard import Switchboard
from tests.calls.tree import Tree, plant
from tests.phone import ANSWER, BUSY, Pcm, Phone

CASTS = 5


@dataclass(frozen=True)
class Somebody:
    """A user at a registered telephone. `number` leads to them, `access` to 333 from any telephone."""

    person: Person
    phone: Phone
    number: str
    access: str


class Crowd:
    """Those who do the same when they are called: each is in one story at a time."""

    def __init__(self) -> None:
        self._free: asyncio.Queue[Somebody] = asyncio.Queue()

    def join(self, somebody: Somebody) -> None:
        self._free.put_nowait(somebody)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Somebody]:
        somebody = await self._free.get()
        try:
            yield somebody
        finally:
            self.join(somebody)


@dataclass
class People:
    """`busy`: their mailbox answers; `there`: they answer themselves. `script`: a message to be read in, and
    `introduction` what the switchboard says of it first."""

    chance: Random
    board: Switchboard
    desk: Desk
    outside: Phone
    tree: Tree
    script: Message
    introduction: Pcm
    rung: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Who is rung by the switchboard as the world outside."""
    busy: Crowd = field(default_factory=Crowd)
    there: Crowd = field(default_factory=Crowd)


@asynccontextmanager
async def gathered(chance: Random, board: Switchboard, desk: Desk) -> AsyncIterator[People]:
    async with AsyncExitStack() as there:
        outside = await there.enter_async_context(board.phone())
        casts = [await invite(desk, board) for _ in range(CASTS)]
        company = casts[0].alva.company.id
        tree = await plant(desk, board, casts[0], "sv", timeout_s=5.0)
        script = await announcement(desk, company, "dagens", {"sv": "Läs det här, tack."})
        introduction = board.published(await spoken(desk, company, "record", script.id, "sv"))
        people = People(chance, board, desk, outside, tree, script, introduction)
        for cast in casts:
            for person, policy in ((cast.alva, BUSY), (cast.bo, BUSY), (cast.cilla, ANSWER)):
                phone = await there.enter_async_context(person.phone())
                phone.policy = policy
                crowd = people.there if policy is ANSWER else people.busy
                crowd.join(Somebody(person, phone, cast.number[person.user.name], cast.access))
        yield people
