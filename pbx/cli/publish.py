"""`vaxel publish`: what callers hear, made anew from the rows and the vault where it is missing or cut off."""

import argparse

from pbx.cli.desk import Desk


async def publish(desk: Desk, args: argparse.Namespace) -> int:
    """1 if something could not be made."""
    made = await desk.library.published.mend()
    failed = desk.library.published.failed
    print(f"{made} files made" + (f", {failed} could not be: the log says why" if failed else ""))
    return 1 if failed else 0
