"""Who answers the same menu: Växel, a dialplan, and programs over ARI, all up at once and called in turn."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import processes, sipp
from benchmarks.contenders import switch as others
from benchmarks.contenders.programs import program
from benchmarks.product import MENU, product
from setup.steps import Failed, say
from tests.phone import Pcm

FIRST_PORT = 23_000
OURS, PLAIN = "Växel", "pure dialplan"
PROGRAMS = {"minimal": "a program of 100 lines", "asyncari": "asyncari", "node": "Node's ari-client"}


@dataclass(frozen=True, slots=True)
class Contender:
    """`program`: the process beside Asterisk, None where there is none. `goodbye`: what is heard after the key.
    `ari`: address, user and password."""

    to: str
    server: tuple[str, int]
    account: sipp.Account
    asterisk: int
    program: int | None
    goodbye: Pcm
    ari: tuple[str, str, str]


@dataclass(slots=True)
class Cell:
    """Milliseconds of processors for a call."""

    asterisk_ms: float
    program_ms: float
    ran: sipp.Ran

    @property
    def total_ms(self) -> float:
        return self.asterisk_ms + self.program_ms


@asynccontextmanager
async def line_up(room: Path, programs: Mapping[str, str] = PROGRAMS) -> AsyncIterator[dict[str, Contender]]:
    """Everybody, started and ready. A contender that cannot be had is left out, in words."""
    async with AsyncExitStack() as stack:
        yield await _line_up(stack, room, programs)


async def _line_up(stack: AsyncExitStack, room: Path, programs: Mapping[str, str]) -> dict[str, Contender]:
    ours = await stack.enter_async_context(product(room))
    theirs = await stack.enter_async_context(others.switch(room, FIRST_PORT, ours.way))
    ari = (theirs.running.ari_url, theirs.running.ari_user, theirs.running.ari_password)
    goodbye = others.speech("goodbye")
    account = sipp.Account(others.USER, others.PASSWORD)
    contenders = {
        OURS: Contender(
            MENU, ours.board.sip, ours.account, ours.asterisk, ours.pid, ours.board.prompt("goodbye"), ours.ari
        ),
        PLAIN: Contender(others.DIALPLAN, theirs.sip, account, theirs.pid, None, goodbye, ari),
    }
    for name, shown in programs.items():
        to = others.PROGRAMS[name]
        try:
            pid = await stack.enter_async_context(program(name, theirs.running, f"bench-{to}"))
        except (Failed, TimeoutError) as lacking:
            say(f"{shown} is left out: {lacking}")
        else:
            contenders[shown] = Contender(to, theirs.sip, account, theirs.pid, pid, goodbye, ari)
    return contenders


async def one(room: Path, of: Contender, rate: float, calls: int, scenario: str = "menu") -> Cell:
    """So many calls, and what they cost."""
    before = _spent(of)
    ran = await sipp.run(room, scenario, of.to, of.server, of.account, rate=rate, calls=calls)
    after = _spent(of)
    asterisk, beside = (1000 * (now - then) / calls for now, then in zip(after, before, strict=True))
    return Cell(asterisk, beside, ran)


def _spent(of: Contender) -> tuple[float, float]:
    return processes.cpu_s(of.asterisk), processes.cpu_s(of.program) if of.program else 0.0
