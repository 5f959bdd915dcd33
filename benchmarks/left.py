"""Leaving a message of two seconds: Växel (judged, hashed, in two copies, in a row, told to the lamp) against
app_voicemail, which writes one file. Every message is looked for afterwards; ours are hashed in both copies.
"""

import asyncio
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from benchmarks import installing, processes, sipp
from benchmarks.contenders import switch as others
from benchmarks.contenders.lineup import FIRST_PORT
from benchmarks.measuring import Spread, ratio
from benchmarks.product import MESSAGES, Product, product
from benchmarks.results import Report, Row
from pbx.vault.layout import object_path
from tests.calls.steps import recorded
from tests.phone import g711, pseudo_speech

RATE, CALLS, ROUNDS = 20, 100, 6
KEPT_S = 30
SAID = pseudo_speech("what a caller says", sipp.SAID_MS / 1000)
GREETING = pseudo_speech("a greeting", 1.0)


@dataclass(slots=True)
class Cell:
    cpu_ms: float
    failed: int
    found: int
    asked: int


async def measure(room: Path, quick: bool) -> Report:
    await installing.program("sipp", "sip-tester")
    rounds, calls, rate = (1, 5, 5) if quick else (ROUNDS, CALLS, RATE)
    sipp.say_in(room, g711.encode(SAID, 8))
    cells: dict[str, list[Cell]] = defaultdict(list)
    async with product(room) as ours, others.switch(room, FIRST_PORT, ours.way) as theirs:
        await _greet(ours)
        for number in range(-1, rounds):
            for name in ("ours", "theirs")[:: -1 if number % 2 else 1]:
                cell = await (_ours(room, ours, rate, calls) if name == "ours" else _theirs(room, theirs, rate, calls))
                if number >= 0:
                    cells[name].append(cell)
        whole = await asyncio.to_thread(_whole, ours, await _messages(ours))
    return _report(cells, rate, whole)


async def _greet(ours: Product) -> None:
    """An own greeting, so that both play one of a second before the tone."""
    kept = await recorded(ours.desk, ours.mailbox, "greeting", GREETING)
    assert kept.ok, kept  # noqa: S101


async def _messages(ours: Product) -> list[str]:
    found = await ours.desk.library.mailboxes.messages(ours.mailbox.company, ours.mailbox.id)
    return [message.sha256 for message in found]


async def _ours(room: Path, ours: Product, rate: float, calls: int) -> Cell:
    before, spent = len(await _messages(ours)), processes.cpu_s(ours.asterisk) + processes.cpu_s(ours.pid)
    ran = await sipp.run(room, "message", MESSAGES, ours.board.sip, ours.account, rate=rate, calls=calls)
    found = 0
    for _ in range(KEPT_S * 10):
        if (found := len(await _messages(ours)) - before) >= ran.good:
            break
        await asyncio.sleep(0.1)
    after = processes.cpu_s(ours.asterisk) + processes.cpu_s(ours.pid)
    return Cell(1000 * (after - spent) / calls, ran.failed, found, calls)


async def _theirs(room: Path, theirs: others.Switch, rate: float, calls: int) -> Cell:
    account = sipp.Account(others.USER, others.PASSWORD)
    before, spent = len(_files(theirs)), processes.cpu_s(theirs.pid)
    ran = await sipp.run(room, "message", others.VOICEMAIL, theirs.sip, account, rate=rate, calls=calls)
    found = 0
    for _ in range(KEPT_S * 10):
        if (found := len(_files(theirs)) - before) >= ran.good:
            break
        await asyncio.sleep(0.1)
    return Cell(1000 * (processes.cpu_s(theirs.pid) - spent) / calls, ran.failed, found, calls)


def _files(theirs: others.Switch) -> list[Path]:
    return list((theirs.voicemail / "bench" / "1" / "INBOX").glob("msg*.txt"))


def _whole(ours: Product, messages: list[str]) -> int:
    """How many of them are in each copy as their hash says."""
    copies = ours.board.settings.vault_copies
    paths = [[copy / object_path(ours.mailbox.company, sha256) for copy in copies] for sha256 in messages]
    return sum(
        all(path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256 for path in both)
        for sha256, both in zip(messages, paths, strict=True)
    )


def _report(cells: dict[str, list[Cell]], rate: float, whole: int) -> Report:
    ours, theirs = ([cell.cpu_ms for cell in cells[name]] for name in ("ours", "theirs"))
    asked, found = sum(cell.asked for cell in cells["ours"]), sum(cell.found for cell in cells["ours"])
    spread = Spread.of(ours)
    rows = [
        Row(
            what=f"processors for a message of 2 s, {rate} a second",
            figure=f"{spread.median:.1f} ms",
            against=f"app_voicemail, {Spread.of(theirs).median:.1f} ms",
            ratio=ratio(ours, theirs),
            aim="≤ 1.1",
        ),
        Row(what="messages found, and whole in two copies", figure=f"{found} of {asked}, {whole} in all", aim="all"),
    ]
    if failed := sum(cell.failed for kind in cells.values() for cell in kind):
        rows.append(Row(what="of these calls failed", figure=str(failed), aim="0"))
    return Report(rows, {"Växel ms of a message": spread, "app_voicemail ms of a message": Spread.of(theirs)})
