"""`python -m benchmarks`: all of them, one after the other; `--only NAME`, `--quick`, `--readme`."""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from inspect import getdoc
from pathlib import Path
from types import ModuleType
from typing import Any

import uvloop

from benchmarks import (
    calls,
    commit,
    keys,
    leading_on,
    left,
    messages,
    pages,
    publish,
    questions,
    rates,
    rebuild,
    results,
    rooms,
    scrub,
    sweep,
    upload,
)
from benchmarks.results import Report

ALL: dict[str, ModuleType] = {
    "scrub": scrub,
    "commit": commit,
    "publish": publish,
    "messages": messages,
    "pages": pages,
    "sweep": sweep,
    "rebuild": rebuild,
    "upload": upload,
    "calls": calls,
    "keys": keys,
    "left": left,
    "leading_on": leading_on,
    "questions": questions,
    "rates": rates,
}


def main(arguments: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    if args.readme:
        results.into_readme(results.kept(ALL))
        return 0
    for name in args.only or ALL:
        print(f"{name} …", file=sys.stderr, flush=True)
        file = _run(name, args.room, args.quick)
        print(results.table(json.loads(file.read_text())["rows"]), flush=True)
    return 0


def _run(name: str, room: Path, quick: bool) -> Path:
    measure: Callable[[Path, bool], Coroutine[Any, Any, Report]] = ALL[name].measure
    load, began = os.getloadavg()[0], time.monotonic()
    with rooms.on_disk(room) as folder, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        report = runner.run(measure(folder, quick))
        took_s = time.monotonic() - began
        about = " ".join((getdoc(ALL[name]) or "").split())
        return results.write(name, about, report, room=folder, quick=quick, took_s=took_s, load=load)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(ALL), metavar="NAME", help=f"one of {', '.join(ALL)}")
    parser.add_argument("--quick", action="store_true", help="smaller and fewer: proves that they run, and little more")
    parser.add_argument("--readme", action="store_true", help="run nothing; put the last full results into README.md")
    parser.add_argument("--room", type=Path, default=Path("var"), help="a folder on the disk to be measured (var)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
