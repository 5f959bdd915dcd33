"""`vaxel numbers`: the company's public numbers, and where each leads."""

import argparse
from typing import TypedDict

from pbx.cli.desk import Desk, show, tell
from pbx.errors import Refused
from pbx.store.values import CompanyNumber, NumberKind


class _Lead(TypedDict):
    """As pbx.company.Numbers takes it."""

    kind: NumberKind
    target: str | None
    mailbox: str | None
    language: str | None


async def list_numbers(desk: Desk, args: argparse.Namespace) -> int:
    company = await desk.company(args.company)
    users = {user.id: user.name for user in await desk.people.all(company.id)}
    boxes = {box.id: users[box.user] for box in await desk.library.mailboxes.all(company.id)}
    names = users | boxes | {menu.id: menu.name for menu in await desk.menus.all(company.id)}
    rows = [_row(number, names, boxes, company.language) for number in await desk.numbers.all(company.id)]
    show(rows, ("number", "leads", "to", "otherwise", "language"), as_json=args.json)
    return 0


def _row(number: CompanyNumber, names: dict[str, str], boxes: dict[str, str], language: str) -> dict[str, str | None]:
    return {
        "number": number.number.e164,
        "leads": number.kind,
        "to": names.get(number.target or ""),
        "otherwise": None if number.kind == "mailbox" else boxes.get(number.mailbox or ""),
        "language": number.language or language,
    }


async def add(desk: Desk, args: argparse.Namespace) -> int:
    company = await desk.company(args.company)
    number = await desk.numbers.add(company.id, args.number, **await _lead(desk, company.id, args), by=desk.by)
    tell({"number": number.number.e164}, number.number.e164, as_json=args.json)
    return 0


async def lead(desk: Desk, args: argparse.Namespace) -> int:
    company = await desk.company(args.company)
    await desk.numbers.lead(company.id, args.number, **await _lead(desk, company.id, args), by=desk.by)
    return 0


async def remove(desk: Desk, args: argparse.Namespace) -> int:
    company = await desk.company(args.company)
    await desk.numbers.remove(company.id, args.number, by=desk.by)
    return 0


async def _lead(desk: Desk, company: str, args: argparse.Namespace) -> _Lead:
    """What the words name. Refused: `menu-unknown`, `user-unknown`, `user-ambiguous`, `mailbox-unknown`,
    `number-otherwise`."""
    kind: NumberKind = "voicemail"
    target: str | None = None
    if args.menu is not None:
        kind, target = "menu", (await desk.menus.by_name(company, args.menu)).id
    elif args.user is not None:
        kind, target = "user", (await desk.people.by_name(company, args.user)).id
    elif args.mailbox is not None:
        kind, target = "mailbox", await _box(desk, company, args.mailbox)
    if args.otherwise is not None and kind != "menu":
        raise Refused("number-otherwise")
    otherwise = None if args.otherwise is None else await _box(desk, company, args.otherwise)
    return _Lead(kind=kind, target=target, mailbox=otherwise, language=args.lang)


async def _box(desk: Desk, company: str, name: str) -> str:
    user = await desk.people.by_name(company, name)
    return (await desk.library.mailboxes.of_user(company, user.id)).id
