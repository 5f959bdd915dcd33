"""What every command has at hand: the store and the library, opened for one command; its words; its company."""

import getpass
import json
import os
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pbx.company import Audit, Companies, Menus, Numbers, People, Pins
from pbx.errors import CannotStart, Refused
from pbx.library import Library
from pbx.library.building import build
from pbx.phrases import read_catalogue
from pbx.settings import Settings
from pbx.store import Store
from pbx.store.values import Company
from pbx.vault import Vault


@dataclass(frozen=True, slots=True)
class Desk:
    """`by`: who acts, for the audit log. The service hears of each change within 200 ms and does the rest."""

    settings: Settings
    store: Store
    vault: Vault
    library: Library
    people: People
    pins: Pins
    numbers: Numbers
    menus: Menus
    companies: Companies
    audit: Audit
    by: str

    async def company(self, name: str | None) -> Company:
        """The company of that name; without a name the first one."""
        if name:
            return await self.companies.by_name(name)
        first = await self.companies.first()
        if first is None:
            raise Refused("company-unknown")
        return first


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """Raises CannotStart where there is no database yet: a command never makes an empty one."""
    parts = build(settings)
    store, library = parts.store, parts.library
    if not store.path.exists():
        raise CannotStart(
            f"there is no database at {store.path}: start the service first (make run),"
            " or bring a lost one back with: vaxel vault rebuild"
        )
    await store.open()
    try:
        yield Desk(
            settings, store, parts.vault, library, People(store), Pins(store), Numbers(store), Menus(store),
            Companies(store), Audit(store), f"cli:{_somebody()}",
        )  # fmt: skip
    finally:
        await library.drain()
        await store.close()
        parts.vault.close()


def _somebody() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user that has a number only, as in a container
        return str(os.getuid())


async def act(settings: Settings, what: Callable[[Desk, Namespace], Awaitable[int]], args: Namespace) -> int:
    """One command, at a desk of its own."""
    async with open_desk(settings) as desk:
        return await what(desk, args)


def spoken_here() -> str:
    """The language that this terminal's environment asks for."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "sv" if wanted.startswith("sv") else "en"


def explain(refused: Refused) -> str:
    """The sentence that the catalogue has for it, and what it was about."""
    words = read_catalogue()[refused.says].words[spoken_here()]
    return f"{words} ({refused.details})" if refused.details else words


def show(rows: Sequence[dict[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """Rows as a table of these columns, or everything in them as JSON."""
    if as_json:
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=2, default=str)
        print()
        return
    if not rows:
        print({"sv": "Ingenting.", "en": "Nothing."}[spoken_here()])
        return
    cells = [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(line[i]) for line in [list(columns), *cells]) for i in range(len(columns))]
    for line in [[column.upper() for column in columns], *cells]:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def tell(done: Mapping[str, Any], words: str, *, as_json: bool) -> None:
    """What was done: everything as JSON, or in words."""
    print(json.dumps(done, ensure_ascii=False, default=str) if as_json else words)


def _cell(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
    return "".join(c if c.isprintable() else "?" for c in text)[:60]
