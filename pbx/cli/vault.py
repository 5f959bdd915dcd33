"""`vaxel vault`: what the copies are like, and what a person may do with them.

0: all is proved. 1: something is frozen, lost, or could not be done.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from pbx.cli.desk import Desk, show, spoken_here, tell
from pbx.library import returning
from pbx.library.building import open_vault
from pbx.library.proof import Scrubbed
from pbx.settings import Settings
from pbx.store.values import Company
from pbx.vault import CopyState

_OPERATORS = {
    "sv": "Operatörer hör till inget företag och är inte med. Nästa start visar en länk med vilken man blir en;"
    " det gör också: vaxel operators invite",
    "en": "Operators are of no company and did not come back. The next start tells a link by which one becomes one,"
    " and so does: vaxel operators invite",
}
_COMPANY = ("company", "losses", "takes_in_spool", "entry", "entry_in_all_copies", "erase_orders", "brake")


async def status(desk: Desk, args: argparse.Namespace) -> int:
    """The copies, what each lacks, what waits for them, and when everything was proved last."""
    states = await desk.vault.states()
    last = await desk.library.proof.last()
    copies = [{**_copy(state), "lacks": last.lacking.get(state.name, 0)} for state in states]
    companies = [await _company(desk, company) for company in await desk.companies.all()]
    if args.json:
        told = {"copies": copies, "companies": companies, "swept": last.swept, "scrubbed": last.scrubbed}
        print(json.dumps(told, ensure_ascii=False, indent=2, default=str))
    else:
        show(copies, ("name", "state", "lacks", "since", "free_mb", "folder"), as_json=False)
        print()
        show(companies, _COMPANY, as_json=False)
        print(f"\nEverything in use was looked at: {_when(last.swept)}; the last scrub began: {_when(last.scrubbed)}")
    return 0 if not last.lacking and all(state.reachable and not state.frozen for state in states) else 1


async def _company(desk: Desk, company: Company) -> dict[str, Any]:
    """`losses`: what no copy has. `entry`: the last one of its catalogue in the database. `brake`: why nothing is
    erased, or None."""
    library = desk.library
    open_lines = await library.ledger.all(company.id, only_open=True)
    brake = await library.brake.state(company.id) if await library.brake.is_on(company.id) else None
    return {
        "company": company.name,
        "losses": sum(line.lost for line in open_lines),
        "takes_in_spool": await library.takes.spooled(company.id),
        "entry": await desk.store.head(company.id),
        "entry_in_all_copies": await library.catalogue.in_all(company.id),
        "erase_orders": len(await library.erasing.orders(company.id)),
        "brake": brake and brake.because,
    }


async def scrub(desk: Desk, args: argparse.Namespace) -> int:
    """1 if a copy is frozen, something is lost, or was found wrong and could not be healed."""
    await desk.library.proof.sweep()
    line = Line()
    result = await desk.library.proof.scrub(told=lambda so_far: line.show(_rate(so_far)))
    line.end()
    frozen = [state for state in await desk.vault.states() if state.frozen]
    lost = sum(loss.lost for loss in await desk.library.ledger.all(only_open=True))
    if args.json:
        told = {"files": result.files, "bytes": result.bytes, "seconds": round(result.seconds, 3),
                "healed": result.healed, "unhealed": [asdict(one) for one in result.unhealed],
                "frozen": [_copy(state) for state in frozen], "lost": lost}  # fmt: skip
        print(json.dumps(told, ensure_ascii=False, default=str))
    else:
        print(*_found(result, frozen, lost), sep="\n")
    return 1 if frozen or lost or result.unhealed else 0


def _found(result: Scrubbed, frozen: Sequence[CopyState], lost: int) -> Iterator[str]:
    for one in result.unhealed:
        yield f"not healed: {one.kind} {one.name} of company {one.company} in copy {one.copy}: {one.how}"
    for state in frozen:
        yield f"copy {state.name} is frozen and not believed: {state.frozen}. See: vaxel vault refill {state.name}"
    if lost:
        yield f"{lost} recordings are lost: see vaxel losses --open"
    yield f"{_rate(result)}; {result.healed} healed, {len(result.unhealed)} not"


def _rate(result: Scrubbed) -> str:
    megabytes = result.bytes / 1e6
    return f"{result.files} files, {megabytes:.1f} MB read, {megabytes / max(result.seconds, 0.001):.0f} MB/s"


class Line:
    """A line that is written over, a few times a second; only where somebody is looking."""

    def __init__(self) -> None:
        self._shown = 0.0

    def show(self, text: str) -> None:
        if sys.stderr.isatty() and time.monotonic() - self._shown > 0.2:
            self._shown = time.monotonic()
            print(f"\r{text:70}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._shown:
            print(file=sys.stderr)


def _when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else "not yet"


def _copy(state: CopyState) -> dict[str, Any]:
    return {
        "name": state.name,
        "state": f"frozen: {state.frozen}" if state.frozen else "ok" if state.reachable else "away",
        "since": state.since,
        "free_mb": None if state.free is None else state.free // 1_000_000,
        "folder": str(state.folder),
    }


async def refill(desk: Desk, args: argparse.Namespace) -> int:
    """Fill a frozen copy again from the others, and let it take writes; what only database and spool hold comes too."""
    line = Line()
    done = await desk.vault.refill(args.copy, lambda done, of: line.show(f"{done} of {of}"), desk.library.erased)
    line.end()
    for company in await desk.companies.all():
        await desk.library.catalogue.export_to_all(company.id)
    words = (
        f"copy {done.copy} takes writes again: {done.objects} objects and {done.entries} catalogue entries written, "
        f"{done.right} were right already, {done.lacking} are whole in no other copy"
    )
    tell(asdict(done), words, as_json=args.json)
    return 0


async def add_copy(desk: Desk, args: argparse.Namespace) -> int:
    """One more copy; it is filled at once."""
    name = await desk.vault.add_copy(Path(args.path).absolute())
    if not args.json:
        print(f"copy {name} is there; it is filled now")
    args.copy = name
    return await refill(desk, args)


async def retire_copy(desk: Desk, args: argparse.Namespace) -> int:
    """A copy that is used no more; what is in it stays there."""
    await desk.vault.retire_copy(args.copy)
    print(f"copy {args.copy} is used no more; nothing in it was removed")
    return 0


def rebuild(settings: Settings, args: argparse.Namespace) -> int:
    """A database from the vault alone; with --dry-run, where a living one says otherwise."""
    return asyncio.run(_rebuild(settings, args))


async def _rebuild(settings: Settings, args: argparse.Namespace) -> int:
    vault, database = open_vault(settings), Path(settings.database)
    try:
        if args.dry_run:
            return _compared(await returning.compare(database, vault, args.copy), as_json=args.json)
        found = [
            {"company": one.company, "first": one.first, "last": one.last, "rows": sum(row[2] for row in one.rows)}
            for one in await returning.rebuild(database, vault, args.copy)
        ]
    finally:
        vault.close()
    if args.json:
        show(found, (), as_json=True)
        return 0
    for one in found:
        print("company {company}: entries {first} to {last}, {rows} rows are there again".format(**one))
    print(_OPERATORS[spoken_here()])
    return 0


def _compared(found: dict[str, list[Any]], *, as_json: bool) -> int:
    rows = [
        {"company": company, "table": one.table, "id": one.id, "how": one.how, "columns": list(one.columns)}
        for company, differences in found.items()
        for one in differences
    ]
    show(rows, ("company", "table", "id", "how", "columns"), as_json=as_json)
    return 1 if rows else 0
