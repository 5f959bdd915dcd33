"""Leaving a message of two seconds: Växel (judged, hashed, in two copies, in a row, told to the lamp) against
app_voicemail, which writes one file. Every message is looked for afterwards; ours are hashed in both copies.
"""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import installing, processes, sipp
from benchmarks.contenders import switch as others
from benchmarks.contenders.lineup import FIRST_PORT
from benchmarks.measuring import Spread, ratio
from benchmarks.product import MESSAGES, Product, product
from benchmarks.results import Report, Row
from benchmarks.sustaining import sustained
from pbx.vault.layout import object_path
from tests.calls.steps import recorded
from tests.phone import g711, pseudo_speech

RATE, CALLS, ROUNDS = 20, 100, 6
STEPS = (40, 80, 120, 160)
KEPT_S = 30
SAID = pseudo_speech("what a caller says", sipp.SAID_MS / 1000)
GREETING = pseudo_speech("a greeting", 1.0)


@dataclass(frozen=True, slots=True)
class Side:
    """`call`: so many a second, so many in all. `processes`: what works for it. `count`: the messages it has."""

    call: Callable[[float, int], Awaitable[sipp.Ran]]
    processes: tuple[int, ...]
    count: Callable[[], Awaitable[int]]

    async def kept(self, messages: int) -> int:
        """Until so many are there; how many are."""
        found = 0
        for _ in range(KEPT_S * 10):
            if (found := await self.count()) >= messages:
                break
            await asyncio.sleep(0.1)
        return found

    def cpu_s(self) -> float:
        return sum(processes.cpu_s(pid) for pid in self.processes)


@dataclass(slots=True)
class Cell:
    cpu_ms: float
    failed: int
    found: int
    asked: int


async def measure(room: Path, quick: bool) -> Report:
    await installing.program("sipp", "sip-tester")
    rounds, calls, rate, steps = (1, 5, 5, (5,)) if quick else (ROUNDS, CALLS, RATE, STEPS)
    sipp.say_in(room, g711.encode(SAID, 8))
    cells: dict[str, list[Cell]] = defaultdict(list)
    rates: dict[str, list[float]] = defaultdict(list)
    async with product(room) as ours, others.switch(room, FIRST_PORT, ours.way) as theirs:
        sides = {"ours": _ours(room, ours), "theirs": _theirs(room, theirs)}
        kept = await recorded(ours.desk, ours.mailbox, "greeting", GREETING)  # so that both play one of a second
        assert kept.ok, kept  # noqa: S101
        for number in range(-1, rounds):
            for name in list(sides)[:: -1 if number % 2 else 1]:
                cell = await _cell(sides[name], rate, calls)
                if number >= 0:
                    cells[name].append(cell)
        for number in range(rounds):
            for name in list(sides)[:: -1 if number % 2 else 1]:
                rates[name].append(await sustained(sides[name].call, steps))
                await _rest(sides[name])
        messages = await _messages(ours)
        whole = await asyncio.to_thread(_whole, ours, messages)
    return _report(cells, rates, rate, len(messages), whole)


def _ours(room: Path, ours: Product) -> Side:
    async def count() -> int:
        return len(await _messages(ours))

    call = partial(_call, room, MESSAGES, ours.board.sip, ours.account)
    return Side(call, (ours.asterisk, ours.pid), count)


def _theirs(room: Path, theirs: others.Switch) -> Side:
    async def count() -> int:
        return len(list((theirs.voicemail / "bench" / "1" / "INBOX").glob("msg*.txt")))

    account = sipp.Account(others.USER, others.PASSWORD)
    return Side(partial(_call, room, others.VOICEMAIL, theirs.sip, account), (theirs.pid,), count)


async def _call(
    room: Path, to: str, server: tuple[str, int], account: sipp.Account, rate: float, calls: int
) -> sipp.Ran:
    return await sipp.run(room, "message", to, server, account, rate=rate, calls=calls)


async def _cell(side: Side, rate: float, calls: int) -> Cell:
    before, spent = await side.count(), side.cpu_s()
    ran = await side.call(rate, calls)
    found = await side.kept(before + ran.good) - before
    return Cell(1000 * (side.cpu_s() - spent) / calls, ran.failed, found, calls)


async def _rest(side: Side) -> None:
    """Until no more message comes: those of the last calls are still being kept."""
    before = -1
    while (now := await side.count()) > before:
        before = now
        await asyncio.sleep(1)


async def _messages(ours: Product) -> list[str]:
    found = await ours.desk.library.mailboxes.messages(ours.mailbox.company, ours.mailbox.id)
    return [message.sha256 for message in found]


def _whole(ours: Product, messages: list[str]) -> int:
    """How many of them are in each copy as their hash says."""
    copies = ours.board.settings.vault_copies
    paths = [[copy / object_path(ours.mailbox.company, sha256) for copy in copies] for sha256 in messages]
    return sum(
        all(path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256 for path in both)
        for sha256, both in zip(messages, paths, strict=True)
    )


def _report(
    cells: dict[str, list[Cell]], rates: dict[str, list[float]], rate: float, messages: int, whole: int
) -> Report:
    ours, theirs = ([cell.cpu_ms for cell in cells[name]] for name in ("ours", "theirs"))
    asked, found = sum(cell.asked for cell in cells["ours"]), sum(cell.found for cell in cells["ours"])
    spread, sustains, they = Spread.of(ours), Spread.of(rates["ours"]), Spread.of(rates["theirs"])
    rows = [
        Row(
            what=f"processors for a message of 2 s, {rate} a second",
            figure=f"{spread.median:.1f} ms",
            against=f"app_voicemail, {Spread.of(theirs).median:.1f} ms",
            ratio=ratio(ours, theirs),
            aim="≤ 1.1",
        ),
        Row(what="of these messages found afterwards", figure=f"{found} of {asked}", aim="all"),
        Row(
            what="messages of 2 s a second, none failed or stretched",
            figure=f"{sustains.median:.0f}",
            against=f"app_voicemail, {they.median:.0f}",
            ratio=ratio(rates["ours"], rates["theirs"]) if all(rates["theirs"]) else None,
        ),
        Row(what="all of them, hashed, in two copies", figure=f"{whole} of {messages}", aim="all"),
    ]
    if failed := sum(cell.failed for kind in cells.values() for cell in kind):
        rows.append(Row(what="of these calls failed", figure=str(failed), aim="0"))
    measured = {"Växel ms of a message": spread, "app_voicemail ms of a message": Spread.of(theirs)}
    return Report(rows, {**measured, "Växel messages a second": sustains, "app_voicemail messages a second": they})
