"""What the dialplan's question over AGI costs, may this phone dial that number, asked a hundred times a second of a
service whose company has ten thousand numbers and gets another one each second; against the same service when it had
none of them. And how soon a call to one of them is answered, against the same call when it was the only one.
"""

import asyncio
from pathlib import Path
from time import perf_counter

from benchmarks.measuring import Spread, told
from benchmarks.product import Product, at_rest, product
from benchmarks.results import Report, Row
from pbx.demo import BY
from pbx.rules.numbers import Number
from pbx.store import menus
from tests.phone import Phone

MANY, AT_ONCE = 10_000, 1_000
RATE, QUESTIONS, CALLS = 100, 3_000, 50
_FIRST = 46_846_600_000


async def measure(room: Path, quick: bool) -> Report:
    many, questions, calls = (100, 100, 3) if quick else (MANY, QUESTIONS, CALLS)
    async with product(room) as ours:
        few = await _questions(ours, questions)
        await _grow(ours, 0, 1)
        soon = await _calls(ours, calls, _number(0))
        await _grow(ours, 1, many)
        await at_rest(ours.pid)
        async with asyncio.TaskGroup() as both:
            growing = both.create_task(_one_more_each_second(ours, many))
            much = await _questions(ours, questions)
            growing.cancel()
        late = await _calls(ours, calls, _number(many - 1))
    return _report(many, (few, much), (soon, late))


def _number(which: int) -> str:
    return f"+{_FIRST + which}"


async def _grow(ours: Product, here: int, many: int) -> None:
    """Numbers of its mailbox, `many` where there were `here`; Asterisk knows them when this returns."""
    for first in range(here, many, AT_ONCE):
        async with ours.desk.store.edit(ours.mailbox.company) as tx:
            for which in range(first, min(many, first + AT_ONCE)):
                await menus.add_number(tx, Number(_number(which)), "mailbox", ours.mailbox.id, None, None)
    await ours.board.knows(_number(many - 1), within_s=60)


async def _one_more_each_second(ours: Product, which: int) -> None:
    while True:
        await ours.desk.numbers.add(ours.mailbox.company, _number(which), "mailbox", target=ours.mailbox.id, by=BY)
        which += 1
        await asyncio.sleep(1)


async def _questions(ours: Product, many: int) -> list[float]:
    """Milliseconds from connecting to the answer; each at its time, whether or not the one before is answered."""
    took: list[float] = []
    began = perf_counter()
    async with asyncio.TaskGroup() as asked:
        for number in range(many):
            await asyncio.sleep(max(0.0, began + number / RATE - perf_counter()))
            asked.create_task(_ask(ours, took))
    return took


async def _ask(ours: Product, took: list[float]) -> None:
    began = perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", ours.board.settings.agi_port)
    given = {"network_script": "may_dial", "uniqueid": "bench", "arg_1": ours.mailbox.company, "arg_2": "201"}
    writer.write(
        "".join(f"agi_{key}: {value}\n" for key, value in given.items()).encode() + b"agi_arg_3: 0701740605\n\n"
    )
    answer = await reader.readline()
    took.append(1000 * (perf_counter() - began))
    assert answer == b'SET VARIABLE ANSWER "yes"\n', answer  # noqa: S101
    writer.write(b"200 result=1\n")
    writer.close()


async def _calls(ours: Product, many: int, to: str) -> list[float]:
    """Milliseconds from INVITE to the first sound, one after the other."""
    sounds: list[float] = []
    async with Phone(ours.account.user, ours.account.password, ours.board.sip) as phone:
        for _ in range(many):
            began = perf_counter()
            call = await phone.call(to)
            await call.sound()
            sounds.append(1000 * (perf_counter() - began))
            await call.hangup()
    return sounds


def _report(many: int, asked: tuple[list[float], list[float]], called: tuple[list[float], list[float]]) -> Report:
    (few, much), (soon, late) = asked, called
    rows = [
        Row(f"a question over AGI, {RATE} a second, with {many:,} numbers", told(much), f"without them {told(few)}"),
        Row(f"INVITE to the first sound with {many:,} numbers", told(late), f"with one {told(soon)}"),
    ]
    spreads = {"question ms": much, "question ms, few": few, "sound ms": late, "sound ms, few": soon}
    return Report(rows, {name: Spread.of(values) for name, values in spreads.items()})
