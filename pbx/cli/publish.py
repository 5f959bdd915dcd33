"""`vaxel publish`: what callers hear, made anew where it is missing or damaged, or all of it."""

import argparse

from pbx.cli.desk import Desk, tell


async def publish(desk: Desk, args: argparse.Namespace) -> int:
    """1 if something could not be made."""
    published = desk.library.published
    made = await (published.anew() if args.all else published.mend())
    failed = published.failed
    words = f"{made} files made" + (f", {failed} could not be: the log says why" if failed else "")
    tell({"made": made, "failed": failed}, words, as_json=args.json)
    return 1 if failed else 0
