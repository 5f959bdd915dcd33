"""Results: a JSON file for each benchmark, and a table of all."""

import json
import os
import platform
import sqlite3
import ssl
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measuring import Spread

FOLDER = Path(__file__).parent / "results"
README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
_PACKAGES = ("aiosqlite", "numpy", "soundfile", "sqlalchemy", "uvloop")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what was measured, as a figure of this machine on this day; and how it compares, where it is
    compared. `aim`: what the ratio, or the figure, is to keep to."""

    what: str
    figure: str
    against: str = ""
    ratio: Spread | None = None
    aim: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a benchmark gives. `measured`: everything behind the rows, by name, the unit in the name."""

    rows: list[Row]
    measured: Mapping[str, Spread] = field(default_factory=dict)


def write(name: str, about: str, report: Report, *, room: Path, quick: bool, took_s: float, load: float) -> Path:
    """A quick one has a name of its own, which is not kept: it is no result, only proof that the benchmark runs."""
    told = {
        "name": name,
        "about": about,
        "quick": quick,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "took_s": round(took_s, 1),
        "machine": {**_machine(room), "load_before": round(load, 1)},
        "versions": _versions(),
        "rows": [_row(row) for row in report.rows],
        "measured": {what: _rounded(spread) for what, spread in report.measured.items()},
    }
    file = FOLDER / f"{name}{'.quick' if quick else ''}.json"
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return file


def table(rows: Iterable[Mapping[str, Any]]) -> str:
    """Markdown."""
    lines = ["| | here | against | ratio (quartiles) | aim |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        found = row["ratio"]
        shown = f"**{_two(found['median'])}** ({_two(found['low'])} to {_two(found['high'])})" if found else ""
        lines.append(f"| {row['what']} | {row['figure']} | {row['against']} | {shown} | {row['aim']} |")
    return "\n".join(lines)


def kept(names: Iterable[str]) -> list[Mapping[str, Any]]:
    """The last full results that are there, in this order."""
    files = [FOLDER / f"{name}.json" for name in names]
    return [json.loads(file.read_text()) for file in files if file.exists()]


def into_readme(results: Iterable[Mapping[str, Any]]) -> None:
    """Between the two marks. ValueError where README has not got them."""
    text, results = README.read_text(), list(results)
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    machine = results[0]["machine"]
    days = sorted({result["when"][:10] for result in results})
    where = (
        f"{machine['cores']} cores of {machine['processor']}, {machine['file_system']}, load {_loads(results)}, "
        f"{' and '.join(days)}."
    )
    measured = table(row for result in results for row in result["rows"])
    README.write_text(f"{before}{BEGIN}\n{measured}\n\n{where}\n{END}{after}")


def _loads(results: list[Mapping[str, Any]]) -> str:
    loads = [result["machine"]["load_before"] for result in results]
    low, high = f"{min(loads):.0f}", f"{max(loads):.0f}"
    return low if low == high else f"{low} to {high}"


def _row(row: Row) -> dict[str, Any]:
    return {**asdict(row), "ratio": _rounded(row.ratio) if row.ratio else None}


def _rounded(spread: Spread) -> dict[str, float]:
    return {name: float(f"{value:.4g}") for name, value in asdict(spread).items()}


def _two(value: float) -> str:
    """At least two figures that count."""
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _machine(room: Path) -> dict[str, Any]:
    cpus = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "name" in line]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "processor": cpus[0] if cpus else platform.machine(),
        "memory_gb": round(memory / 2**30),
        "system": f"{platform.system()} {platform.release()}",
        "file_system": _file_system(room),
    }


def _file_system(room: Path) -> str:
    """Of the disk that was measured."""
    mounts = [line.split()[:3] for line in Path("/proc/mounts").read_text().splitlines()]
    inside = [mount for mount in mounts if room.resolve().is_relative_to(mount[1])]
    device, _, kind = max(inside, key=lambda mount: len(mount[1]))
    journal = any(Path("/proc/fs/jbd2").glob(f"{Path(device).name}-*"))
    return kind if kind != "ext4" or journal else "ext4 without a journal"


def _versions() -> dict[str, str]:
    packages = {package: version(package) for package in _PACKAGES}
    own = {"vaxel": _commit(), "python": platform.python_version(), "openssl": ssl.OPENSSL_VERSION}
    return {**own, "sqlite": sqlite3.sqlite_version, **packages}


def _commit() -> str:
    asked = ("git", "describe", "--always", "--dirty")
    done = subprocess.run(asked, capture_output=True, text=True, cwd=FOLDER, check=False)  # noqa: S603
    return done.stdout.strip() or "unknown"
