"""`vaxel users picture`: what a user looks like."""

import argparse
import asyncio
from pathlib import Path

from pbx.cli.desk import Desk
from pbx.errors import Refused
from pbx.pictures.portrait import read


async def picture(desk: Desk, args: argparse.Namespace) -> int:
    """Prints the name of what is shown from now on."""
    company = await desk.company(args.company)
    user = await desk.people.by_name(company.id, args.name)
    pictures = desk.library.pictures
    if args.file is not None:
        data = await asyncio.to_thread(read, Path(args.file))
        print((await pictures.set(company.id, user.id, data, by=desk.by)).sha256)
    elif args.undo:
        await pictures.restore(company.id, user.id, by=desk.by)
    elif args.for_good:
        await _erase(desk, company.id, user.id, user.name)
    else:
        await pictures.remove(company.id, user.id, by=desk.by)
    return 0


async def _erase(desk: Desk, company: str, user_id: str, name: str) -> None:
    """All that there are of the user, those too that could be brought back."""
    found = await desk.library.pictures.of_user(company, user_id)
    if not found:
        raise Refused("picture-unknown", name)
    for one in found:
        await desk.library.erasing.order_picture(company, one.id, by=desk.by, because="for good")
