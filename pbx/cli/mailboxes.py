"""`vaxel users voice` and `users greeting`: what callers left for a user, what they hear before, and erasing both."""

import argparse
from typing import Any

from pbx.cli.desk import Desk, show, spoken_here, tell
from pbx.library.mailboxes import Received
from pbx.rules.numbers import Caller, Extension, Number, Withheld
from pbx.store.values import Mailbox

_VOICE = {
    "sv": "Raderas för gott ur alla kopior: {count} av det som spelats in hos {name}. Hur det går: vaxel vault orders",
    "en": "Erased for good from all copies: {count} of what callers left for {name}. How that goes: vaxel vault orders",
}
_GREETING = {
    "sv": "Alla inspelningar av hälsningen hos {name} raderas för gott ur alla kopior; den som ringer hör"
    " standardhälsningen. Hur det går: vaxel vault orders",
    "en": "All recordings of the greeting of {name} are erased for good from all copies; callers hear the default one."
    " How that goes: vaxel vault orders",
}


async def voice(desk: Desk, args: argparse.Namespace) -> int:
    """Newest first, with what was deleted and can still be brought back."""
    box, name = await _box(desk, args)
    if args.for_good:
        return await _erase(desk, box, name, args)
    rows = [_row(one) for one in await desk.library.mailboxes.received(box.company, box.id)]
    show(rows, ("at", "from", "seconds", "state", "audio", "id"), as_json=args.json)
    return 0


async def greeting(desk: Desk, args: argparse.Namespace) -> int:
    box, name = await _box(desk, args)
    await desk.library.erasing.order_greeting(box.company, box.id, by=desk.by, because="for good")
    tell({"user": name, "erased": True}, _GREETING[spoken_here()].format(name=name), as_json=args.json)
    return 0


async def _erase(desk: Desk, box: Mailbox, name: str, args: argparse.Namespace) -> int:
    """All of them are this mailbox's, or none goes."""
    ids = list(dict.fromkeys(args.for_good))
    for one in ids:
        await desk.library.mailboxes.message(box.company, box.id, one)
    for one in ids:
        await desk.library.erasing.order_voice(box.company, one, by=desk.by, because="for good")
    words = _VOICE[spoken_here()].format(count=len(ids), name=name)
    tell({"user": name, "erased": ids}, words, as_json=args.json)
    return 0


async def _box(desk: Desk, args: argparse.Namespace) -> tuple[Mailbox, str]:
    company = await desk.company(args.company)
    user = await desk.people.by_name(company.id, args.name)
    return await desk.library.mailboxes.of_user(company.id, user.id), user.name


def _row(one: Received) -> dict[str, Any]:
    message = one.message
    return {
        "at": message.at.isoformat(timespec="seconds"), "from": _caller(message.caller),
        "seconds": round(message.seconds, 1), "state": message.state, "audio": one.audio, "id": message.id,
    }  # fmt: skip


def _caller(caller: Caller) -> str | None:
    match caller:
        case Number(digits) | Extension(digits):
            return digits
        case Withheld():
            return None
