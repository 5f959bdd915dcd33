"""The command line on the two companies, without a process of its own: words in, exit code out."""

from argparse import Namespace
from importlib import import_module

from pbx.__main__ import parser
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
