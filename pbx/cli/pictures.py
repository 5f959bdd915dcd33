"""`vaxel users picture`: what a user looks like."""

import argparse
import asyncio
from dataclasses import asdict
from pathlib import Path

from pbx.cli.desk import Desk, tell
from pbx.errors import Refused
from pbx.pictures.portrait import read


async def picture(desk: Desk, args: argparse.Namespace) -> int:
    """Tells the name of what is shown from now on; for programs also where that is nothing."""
    company = await desk.company(args.company)
    user = await desk.people.by_name(company.id, args.name)
    pictures = desk.library.pictures
    if args.file is not None:
        data = await asyncio.to_thread(read, Path(args.file))
        await pictures.set(company.id, user.id, data, by=desk.by)
    elif args.undo:
        await pictures.restore(company.id, user.id, by=desk.by)
    elif args.for_good:
        await _erase(desk, company.id, user.id, user.name)
    else:
        await pictures.remove(company.id, user.id, by=desk.by)
    shown = (await pictures.all(company.id)).get(user.id)
    if args.json or args.file is not None:
        words = shown.sha256 if shown else ""
        tell({"user": user.name, "picture": shown and asdict(shown)}, words, as_json=args.json)
    return 0


async def _erase(desk: Desk, company: str, user_id: str, name: str) -> None:
    """All that there are of the user, those too that could be brought back."""
    found = await desk.library.pictures.of_user(company, user_id)
    if not found:
        raise Refused("picture-unknown", name)
    for one in found:
        await desk.library.erasing.order_picture(company, one.id, by=desk.by, because="for good")
