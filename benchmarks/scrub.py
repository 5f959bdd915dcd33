"""The scrub against `sha256sum` over the same files: all of a vault of two copies, read and hashed again, on one core,
from the page cache, so that it is the program that is measured and not the disk. What it does beyond hashing (listing,
comparing names, reading sidecars) must not cost more than a fifth; and its memory must not grow with the vault.

Debian's `sha256sum` does not use the processor's own instructions for SHA-256; `openssl` does, and is the harder one.
"""

import asyncio
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import large
from benchmarks.measuring import Spread, ratio
from benchmarks.results import Report, Row
from pbx.store import new_id
from pbx.vault import Vault

SECONDS = (3, 8, 20, 30)
"""Recordings of these lengths, in equal parts."""
_BYTES_A_SECOND = 16_500  # a telephone's speech as FLAC


async def measure(room: Path, quick: bool) -> Report:
    small, big, rounds = (5, 20, 3) if quick else (50, 200, 7)
    core = str(max(os.sched_getaffinity(0)))
    vaults = {megabytes: await _filled(room / f"{megabytes}", megabytes) for megabytes in (small, big)}
    peaks = [_scrub(core, vaults[megabytes])["peak_mb"] for megabytes in (small, big)]
    names = [str(path) for path in vaults[big].rglob("*") if path.is_file() and path.parent.parent.name == "objects"]
    programs: dict[str, Callable[[], dict[str, Any]]] = {
        "scrub": lambda: _scrub(core, vaults[big]),
        "sha256sum": lambda: _program(core, ["sha256sum", *names]),
    }
    if shutil.which("openssl"):
        programs["openssl"] = lambda: _program(core, ["openssl", "dgst", "-sha256", *names])
    done: dict[str, list[dict[str, Any]]] = {name: [] for name in programs}
    for number in range(rounds):
        for name in list(programs)[:: -1 if number % 2 else 1]:
            done[name].append(await asyncio.to_thread(programs[name]))
    return _report(done, small, big, peaks)


def _report(done: dict[str, list[dict[str, Any]]], small: int, big: int, peaks: list[float]) -> Report:
    megabytes = done["scrub"][0]["megabytes"]
    rates = {
        f"{name} MB/s by {clock}": [megabytes / one[clock] for one in took]
        for name, took in done.items()
        for clock in ("wall", "cpu")
    }
    spreads = {name: Spread.of(values) for name, values in rates.items()}
    rows = [
        Row(
            what="scrub, one core, page cache warm",
            figure=f"{spreads['scrub MB/s by cpu'].median:.0f} MB a second of the core",
            against=f"`{other}`, the same files",
            ratio=ratio(rates["scrub MB/s by cpu"], rates[f"{other} MB/s by cpu"]),
            aim="≥ 0.8" if other == "sha256sum" else "",
        )
        for other in done
        if other != "scrub"
    ]
    grown = Row(
        what=f"its memory with {big} MB",
        figure=f"{peaks[1]:.1f} MB",
        against=f"with {small} MB",
        ratio=Spread.of([peaks[1] / peaks[0]]),
        aim="≤ 1.1",
    )
    return Report([*rows, grown], spreads)


async def _filled(root: Path, megabytes: int) -> Path:
    """A vault with so much in its two copies together."""
    vault = Vault([root / "a", root / "b"], register=root / "vault.json")
    await vault.open()
    vault.close()
    company, noise, laid = new_id(), random.Random(1).randbytes(1_000_000), 0  # noqa: S311
    for copy in "ab":
        large.make_folders(root / copy / "companies" / company / "objects")
    for number in itertools.count():
        if laid >= megabytes * 1_000_000:
            break
        size = SECONDS[number % len(SECONDS)] * _BYTES_A_SECOND
        large.lay([root / "a", root / "b"], company, number.to_bytes(8, "big") + noise[number : number + size])
        laid += 2 * size
    return root


def _scrub(core: str, root: Path) -> dict[str, Any]:
    """As a process of its own, since memory is measured too; its start does not count."""
    told = subprocess.run(  # noqa: S603
        ["taskset", "-c", core, sys.executable, "-m", "benchmarks.scrubbing", str(root)],  # noqa: S607
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    done: dict[str, Any] = json.loads(told)
    return done


def _program(core: str, command: Sequence[str]) -> dict[str, Any]:
    began = time.perf_counter()
    child = subprocess.Popen(["taskset", "-c", core, *command], stdout=subprocess.DEVNULL)  # noqa: S603, S607
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{command[0]} ended with {child.returncode}")
    return {"wall": time.perf_counter() - began, "cpu": used.ru_utime + used.ru_stime}
