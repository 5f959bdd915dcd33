"""The command line on the two companies, without a process of its own: words in, exit code out."""

import asyncio
import io
import os
import sys
from argparse import Namespace
from importlib import import_module

import pytest

from pbx.__main__ import main, parser
from pbx.cli.desk import Desk
from pbx.company import Audit, Companies, Menus, Numbers, People, Pins
from pbx.settings import Settings
from tests.library.house import House


def desk_in(house: House) -> Desk:
    store = house.world.store
    return Desk(
        Settings.from_env({"PBX_VAR": str(house.root)}), store, house.vault, house.library, People(store), Pins(store),
        Numbers(store), Menus(store), Companies(store), Audit(store), "cli:alva",
    )  # fmt: skip


async def vaxel(desk: Desk, act: str, *words: str) -> int:
    """`act`: the function behind the words, as `messages.use`."""
    module, _, function = act.partition(".")
    args: Namespace = parser().parse_args(words)
    code: int = await getattr(import_module(f"pbx.cli.{module}"), function)(desk, args)
    return code


async def typed(house: House, *words: str, stdin: str = "") -> int:
    """`vaxel …` as an administrator types it, from the first word to the exit code: with settings, desk, vault and
    library of its own, on the same database and copies."""
    copies = ":".join(map(str, house.copies))
    env = {name: value for name, value in os.environ.items() if not name.startswith("PBX_")}
    env |= {"PBX_VAR": str(house.root), "PBX_VAULT_COPIES": copies, "LC_ALL": "C.UTF-8"}
    with pytest.MonkeyPatch.context() as terminal:
        terminal.setattr(sys, "argv", ["vaxel", *words])
        terminal.setattr(sys, "stdin", io.StringIO(stdin))
        terminal.setattr(os, "environ", env)
        code = await asyncio.to_thread(_exit_code)
    return code


def _exit_code() -> int:
    try:
        main()
    except SystemExit as ended:
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
            return 1
        return ended.code or 0
    return 0
