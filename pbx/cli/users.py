"""`vaxel users`: who they are, at which numbers they may be rung, their phones, PINs and pictures."""

import argparse
import getpass
import sys
from dataclasses import asdict

from pbx.cli.desk import Desk, show, tell
from pbx.library.pictures import PictureView


async def list_users(desk: Desk, args: argparse.Namespace) -> int:
    company = await desk.company(args.company)
    pictures = await desk.library.pictures.all(company.id)
    rows = [
        {
            "name": user.name, "extension": user.extension, "language": user.language, "role": user.role,
            "numbers": [n.number.e164 for n in await desk.people.numbers(company.id, user.id)],
            "phones": len(await desk.people.phones(company.id, user.id)),
            "pin": await desk.pins.has(company.id, user.id), "id": user.id,
            "picture": _picture(pictures.get(user.id), args),
        }
        for user in await desk.people.all(company.id)
    ]  # fmt: skip
    columns = ("name", "extension", "language", "role", "numbers", "phones", "pin", "picture")
    show(rows, columns, as_json=args.json)
    return 0


def _picture(view: PictureView | None, args: argparse.Namespace) -> object:
    """All of it for programs; for people, whether it is there."""
    if view is None:
        return None
    return asdict(view) if args.json else view.state


async def add(desk: Desk, args: argparse.Namespace) -> int:
    company = await desk.company(args.company)
    user = await desk.people.add(
        company.id, args.name, args.extension, language=args.lang, role=args.role, by=desk.by
    )  # fmt: skip
    tell(asdict(user), user.id, as_json=args.json)
    return 0


async def add_number(desk: Desk, args: argparse.Namespace) -> int:
    company = await desk.company(args.company)
    user = await desk.people.by_name(company.id, args.name)
    entered = await desk.people.add_number(company.id, user.id, args.number, desk.settings.countries, by=desk.by)
    number = entered.number.e164
    tell({"user": user.name, "number": number}, number, as_json=args.json)
    return 0


async def remove_number(desk: Desk, args: argparse.Namespace) -> int:
    company = await desk.company(args.company)
    user = await desk.people.by_name(company.id, args.name)
    await desk.people.remove_number(company.id, user.id, args.number, by=desk.by)
    return 0


async def add_phone(desk: Desk, args: argparse.Namespace) -> int:
    """The password is shown this once; only its digest is kept."""
    company = await desk.company(args.company)
    user = await desk.people.by_name(company.id, args.name)
    phone, password = await desk.people.add_phone(company.id, user.id, args.label, by=desk.by)
    done = {"user": user.name, "label": phone.label, "sip_user": phone.sip_user, "password": password}
    tell(done, f"{phone.sip_user} {password}", as_json=args.json)
    return 0


async def set_pin(desk: Desk, args: argparse.Namespace) -> int:
    """Read from standard input, never from the command line, where every process could see it."""
    company = await desk.company(args.company)
    user = await desk.people.by_name(company.id, args.name)
    pin = getpass.getpass("PIN: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    await desk.pins.set(company.id, user.id, pin, by=desk.by)
    return 0
