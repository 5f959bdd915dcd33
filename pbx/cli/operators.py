"""`vaxel operators invite`: a link by which whoever opens it becomes an operator. For who reaches this machine."""

import argparse

from pbx.cli.desk import Desk, tell
from pbx.company import SigningIn


async def invite(desk: Desk, args: argparse.Namespace) -> int:
    """It works once and for a day; a new one ends the one before it."""
    link = f"{desk.settings.site}/link/{await SigningIn(desk.store).first_link()}"
    tell({"link": link}, link, as_json=args.json)
    return 0
