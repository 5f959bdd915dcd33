"""A hundred held calls (waiting for a key, hearing a prompt, recording) and ten new ones a second, while the process
that holds them is killed, and while it hangs: how long until each hears the sentence, a new one its first sound, how
many calls were lost, and whether each live take was kept.
"""

import asyncio
import os
import signal
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic

from benchmarks.measuring import Spread
from benchmarks.product import at_rest, never_full
from benchmarks.results import Report, Row
from pbx.cli.desk import Desk, open_desk
from tests.calls.held import SENTENCE, House, New, built, hears_a_prompt, new_one, records, waits
from tests.calls.steps import received
from tests.calls.switchboard import Switchboard, part
from tests.phone import Call
from tests.phone.listening import NotHeard

NUMBER = 36
OF_EACH, ROUNDS = 34, 3
NEW_S, NEW_EVERY_S = 5.0, 0.1
_APART_S, _UNTIL_HEARD_S = 0.05, 8.0
FAULTS = {"killed": (signal.SIGKILL, "worst ≤ 0.3 s"), "hung": (signal.SIGSTOP, "worst ≤ 1.2 s")}


@dataclass
class Found:
    """Seconds; `lost`: calls that ended before their caller hung up. `takes`: live ones, and how many were kept."""

    told: list[float] = field(default_factory=list)
    sounds: list[float] = field(default_factory=list)
    calls: int = 0
    lost: int = 0
    takes: int = 0
    kept: int = 0


async def measure(room: Path, quick: bool) -> Report:
    rounds, of_each = (1, 2) if quick else (ROUNDS, OF_EACH)
    found: dict[str, Found] = defaultdict(Found)
    board = Switchboard(room / "led on", NUMBER, extra={"PBX_RTP_START": "40000", "PBX_RTP_END": "41999"})
    await asyncio.to_thread(board.start)
    try:
        async with open_desk(board.settings) as desk:
            house = await built(desk, board)
            await never_full(desk, house.cast.bo.mailbox)
            await at_rest(board.service)
            for number in range(rounds):
                for fault in list(FAULTS)[:: -1 if number % 2 else 1]:
                    await _round(desk, house, FAULTS[fault][0], of_each, found[fault])
    finally:
        await asyncio.to_thread(board.stop)
    return _report(found)


async def _round(desk: Desk, house: House, fault: signal.Signals, of_each: int, found: Found) -> None:
    board, before = house.board, house.board.service
    began = datetime.now(UTC)
    async with board.phone() as outside, house.cast.alva.phone() as alva:
        ways = [partial(records, outside), partial(waits, outside), partial(hears_a_prompt, alva)] * of_each
        begun = []
        for way in ways:
            begun.append(asyncio.create_task(way(house)))
            await asyncio.sleep(_APART_S)
        held = await asyncio.gather(*begun)
        await asyncio.sleep(1.5)
        marks = [call.mark() for call in held]
        os.kill(before, fault)
        at, live_until = monotonic(), datetime.now(UTC)
        dialled = [
            asyncio.create_task(new_one(outside, house, n * NEW_EVERY_S)) for n in range(int(NEW_S / NEW_EVERY_S))
        ]
        await asyncio.sleep(_UNTIL_HEARD_S)  # what was heard when is looked for afterwards: that takes a processor
        new = await asyncio.gather(*dialled)
        await board.again(before)
        await _tell(held, marks, new, at, found)
        for call in (*held, *(one.call for one in new)):
            await call.hangup()
    await at_rest(board.service)
    found.takes += of_each
    # Who is led on records anew afterwards: that is another take.
    found.kept += sum(
        message.interrupted and began <= message.at < live_until for message in await received(desk, house.cast.bo)
    )


async def _tell(held: list[Call], marks: list[int], new: list[New], at: float, found: Found) -> None:
    for call, mark in zip(held, marks, strict=True):
        try:
            found.told.append((await call.hear(part(SENTENCE, 0.5), timeout_s=0.5, since=mark)).at - at)
        except NotHeard:
            found.lost += 1
    found.sounds += [one.first_sound_s for one in new]
    found.calls += len(held) + len(new)
    found.lost += sum(one.call.end is not None for one in new)


def _report(found: dict[str, Found]) -> Report:
    rows, measured = [], {}
    for fault, (_, aim) in FAULTS.items():
        of = found[fault]
        told, sounds = Spread.of(of.told), Spread.of(of.sounds)
        measured[f"{fault}, until the sentence s"] = told
        measured[f"{fault}, new calls until their first sound s"] = sounds
        rows += [
            Row(f"{fault} with {OF_EACH * 3} calls held: until the sentence", _told(of.told), aim=aim),
            Row(f"{fault}: new calls, ten a second, until their first sound", _told(of.sounds), aim="worst ≤ 2 s"),
            Row(
                f"{fault}: calls lost, live takes kept",
                f"{of.lost} of {of.calls}, {of.kept} of {of.takes}",
                aim="none, all",
            ),
        ]
    return Report(rows, measured)


def _told(seconds: list[float]) -> str:
    return f"{Spread.of(seconds).median:.2f} s, at worst {max(seconds):.2f} of {len(seconds)}"
