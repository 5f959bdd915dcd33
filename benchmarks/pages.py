"""The list of messages of a company with 10,000, as a page, at 20 clients, against an empty answer of aiohttp from the
same process in turn with it; and 200 open streams of events: what they take of memory, and how soon all of it ends.

The clients are a process of their own, on the same two cores.
"""

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from aiohttp import web

from benchmarks import large, rooms
from benchmarks.measuring import Spread, ratio
from benchmarks.results import Report, Row
from pbx.heap import give_back
from tests.pages.premises import Premises, furnish, open_premises
from tests.setup.machine import free_port

CLIENTS, STREAMS = 20, 200


async def measure(room: Path, quick: bool) -> Report:
    count, rounds, requests = (1_000, 2, 5) if quick else (10_000, 6, 15)
    with rooms.in_memory(room) as memory:
        house = await large.stocked(memory, count)
        large.furnish(house, large.objects(count))
        await furnish(house.world)
        async with open_premises(house.world, memory) as premises:
            empty = await _empty()
            began = time.monotonic()
            await _asked(premises, 1, 1, "/messages")
            first_s = time.monotonic() - began
            found = [await _asked(premises, CLIENTS, requests, "/messages", empty) for _ in range(rounds)]
            stream_kb, opened = await _streams(premises)
            ending = time.monotonic()
        ended_s = time.monotonic() - ending
        await opened.wait()
        await large.closed(house)
    pages, answers = [one[_url(premises, "/messages")] for one in found], [one[empty] for one in found]
    p50 = Spread.of([1000 * statistics.median(one) for one in pages])
    p99 = Spread.of([1000 * _p99(one) for one in pages])
    plain = Spread.of([1000 * statistics.median(one) for one in answers])
    against = "an empty answer of aiohttp, in turn with it"
    rows = [
        Row(f"list page, {count:,} messages, {CLIENTS} clients: p50", f"{p50.median:.0f} ms", against,
            ratio([statistics.median(one) for one in pages], [statistics.median(one) for one in answers])),
        Row("the same: p99", f"{p99.median:.0f} ms", against,
            ratio([_p99(one) for one in pages], [_p99(one) for one in answers]), "≤ 60 ms"),
        Row("its first time after a start", f"{first_s:.2f} s"),
        Row(f"{STREAMS} open streams of events: memory of each", f"{stream_kb:.0f} kB"),
        Row("until all of them and the pages have ended", f"{ended_s:.2f} s", aim="≤ 1 s"),
    ]  # fmt: skip
    return Report(rows, {"page p50 ms": p50, "page p99 ms": p99, "empty p50 ms": plain})


async def _empty() -> str:
    """Where nothing is answered, quickly."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text="")

    application = web.Application()
    application.router.add_get("/", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return f"http://127.0.0.1:{port}/"


async def _asked(premises: Premises, clients: int, requests: int, *pages: str) -> dict[str, list[float]]:
    process = await _clients(premises, clients, requests, *(_url(premises, page) for page in pages))
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the clients failed")
    told: dict[str, list[float]] = json.loads(out)
    return told


async def _streams(premises: Premises) -> tuple[float, asyncio.subprocess.Process]:
    """What each takes of our memory, and who listens to them."""
    give_back()
    before = _resident_kb()
    process = await _clients(premises, STREAMS, 0, _url(premises, "/live?since=0"))
    assert process.stdout is not None  # noqa: S101  a pipe
    told: dict[str, Any] = json.loads(await process.stdout.readline())
    if told["statuses"] != [200]:
        raise RuntimeError(f"streams were refused: {told}")
    await asyncio.sleep(1)
    return (_resident_kb() - before) / STREAMS, process


async def _clients(premises: Premises, clients: int, requests: int, *urls: str) -> asyncio.subprocess.Process:
    cookie = f"__Host-vaxel={await premises.token('alva')}"
    words = [sys.executable, "-m", "benchmarks.page_clients", cookie, str(clients), str(requests), *urls]
    return await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)


def _url(premises: Premises, page: str) -> str:
    return page if page.startswith("http") else premises.url + page


def _resident_kb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4.096


def _p99(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100, method="inclusive")[98]
