"""`vaxel vault`: what the copies are like, and what a person may do with them.

0: all is proved. 1: something is frozen, lost, or could not be done.
"""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from pbx.cli.desk import Desk, show
from pbx.library import returning
from pbx.library.building import open_vault
from pbx.settings import Settings
from pbx.vault import CopyState


async def status(desk: Desk, args: argparse.Namespace) -> int:
    """The copies, and what waits for them."""
    states = await desk.vault.states()
    waiting = {company.name: await desk.library.takes.spooled(company.id) for company in await desk.companies.all()}
    if args.json:
        told: dict[str, Any] = {"copies": [_copy(state) for state in states], "takes_in_spool": waiting}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        show([_copy(state) for state in states], ("name", "state", "since", "free_mb", "folder"), as_json=False)
        for name, count in waiting.items():
            if count:
                print(f"{name}: {count} takes are still in the spool, until every copy has them")
    return 0 if all(state.reachable and not state.frozen for state in states) else 1


def _copy(state: CopyState) -> dict[str, Any]:
    return {
        "name": state.name,
        "state": f"frozen: {state.frozen}" if state.frozen else "ok" if state.reachable else "away",
        "since": state.since,
        "free_mb": None if state.free is None else state.free // 1_000_000,
        "folder": str(state.folder),
    }


async def refill(desk: Desk, args: argparse.Namespace) -> int:
    """Fill a frozen copy again from the others, and let it take writes."""
    done = await desk.vault.refill(args.copy, _told, erased=await desk.library.erasing.predicate())
    for company in await desk.companies.all():
        await desk.library.refilled(company.id)
    print(
        f"copy {done.copy} is whole again: {done.objects} objects and {done.entries} catalogue entries written, "
        f"{done.right} were right already, {done.lacking} are in no other copy"
    )
    return 0


def _told(done: int, of: int) -> None:
    print(f"{done} of {of}", flush=True)


async def add_copy(desk: Desk, args: argparse.Namespace) -> int:
    """One more copy; it is filled at once."""
    name = await desk.vault.add_copy(Path(args.path).absolute())
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
        for one in await returning.rebuild(database, vault, args.copy):
            there = sum(there for _, _, there in one.rows)
            print(f"company {one.company}: entries {one.first} to {one.last}, {there} rows are there again")
    finally:
        vault.close()
    return 0


def _compared(found: dict[str, list[Any]], *, as_json: bool) -> int:
    rows = [
        {"company": company, "table": one.table, "id": one.id, "how": one.how, "columns": list(one.columns)}
        for company, differences in found.items()
        for one in differences
    ]
    show(rows, ("company", "table", "id", "how", "columns"), as_json=as_json)
    return 1 if rows else 0
