"""`vaxel messages`, `versions`, `use`, `script`: the message library."""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pbx.cli.desk import Desk, show, spoken_here, tell
from pbx.errors import Refused
from pbx.library import MessageView
from pbx.library.words import LONGEST_SCRIPT
from pbx.rules.retention import MESSAGE_UNDO
from pbx.store.values import Company, Message

_RESTORABLE = {
    "sv": "{name} är borttaget. Fram till {day} tas det tillbaka med: vaxel messages undelete {number}",
    "en": "{name} is deleted. Until {day} this brings it back: vaxel messages undelete {number}",
}
_CHANGED = {"sv": "ändrat sedan inspelningen", "en": "changed since recorded"}
_FEWER = {"sv": ("en kopia", "bara {count} kopior"), "en": ("one copy", "only {count} copies")}
_FOR_GOOD = {
    "sv": "{name} raderas för gott ur alla kopior. Hur det går: vaxel vault status",
    "en": "{name} is erased for good from all copies. How that goes: vaxel vault status",
}
_VERSION = {
    "sv": "Version {number} ({lang}) av {name} raderas för gott ur alla kopior. Hur det går: vaxel vault orders",
    "en": "Version {number} ({lang}) of {name} is erased for good from all copies. How that goes: vaxel vault orders",
}
_ONLY_FOR_GOOD = {
    "sv": "En inspelning för sig kan bara raderas för gott: --for-good.",
    "en": "A recording alone can only be erased for good: --for-good.",
}


async def list_messages(desk: Desk, args: argparse.Namespace) -> int:
    company = await desk.company(args.company)
    views = await desk.library.messages.all(company.id, deleted=args.deleted)
    rows = [_row(view, company) for view in views if not args.state or view.state in args.state]
    if not args.json:
        rows = [{**row, "script": _told(row["matches"]), "state": _state(row)} for row in rows]
    columns = ("number", "name", "kind", "state", "heard", "script", "places", "duration_s")
    show(rows, (*columns, "deleted") if args.deleted else columns, as_json=args.json)
    return 0


def _row(view: MessageView, company: Company) -> dict[str, Any]:
    row = {**asdict(view), "places": view.places, "company": company.name}
    del row["uses"]
    return row


def _state(row: Mapping[str, Any]) -> str:
    """As JSON has it, but that a recording is in fewer copies than there are."""
    if row["state"] != "ok" or not row["lagging"]:
        return str(row["state"])
    one, some = _FEWER[spoken_here()]
    return one if row["copies"] == 1 else some.format(count=row["copies"])


def _told(matches: Mapping[str, bool | None]) -> str:
    """In words, where a recording says something else than its script by now."""
    changed = [lang for lang, same in matches.items() if same is False]
    return f"{_CHANGED[spoken_here()]} ({', '.join(changed)})" if changed else ""


async def add(desk: Desk, args: argparse.Namespace) -> int:
    """Prints its number, by which the other commands take it."""
    company = await desk.company(args.company)
    lang, text = args.lang or company.language, _text(args.script)
    message = await desk.library.messages.add(
        company.id, args.name, args.kind, scripts={lang: text} if text else None, by=desk.by
    )
    tell({"number": message.number, "name": message.name, "id": message.id}, str(message.number), as_json=args.json)
    return 0


async def delete(desk: Desk, args: argparse.Namespace) -> int:
    """Says how to bring it back, since that is what somebody asks next."""
    company, message = await _message(desk, args, even_deleted=True)
    if args.version is not None:
        return await _erase_version(desk, args, company, message)
    told = {"number": message.number, "name": message.name}
    if args.for_good:
        await desk.library.erasing.order_message(company.id, message.id, by=desk.by, because="for good")
        tell({**told, "erased": True}, _FOR_GOOD[spoken_here()].format(name=message.name), as_json=args.json)
        return 0
    message = await desk.library.removal.delete(company.id, message.id, by=desk.by)
    until = (message.deleted_at or message.changed_at) + MESSAGE_UNDO
    words = _RESTORABLE[spoken_here()].format(name=message.name, day=until.date(), number=message.number)
    tell({**told, "erased": False, "restorable_until": until.isoformat(timespec="seconds")}, words, as_json=args.json)
    return 0


async def _erase_version(desk: Desk, args: argparse.Namespace, company: Company, message: Message) -> int:
    """2 without --for-good: there is no other way in which a recording alone is deleted."""
    if not args.for_good:
        print(_ONLY_FOR_GOOD[spoken_here()])
        return 2
    lang = args.lang or company.language
    found = await desk.library.versions.all(company.id, message.id, lang)
    version = next((one for one in found if one.number == args.version), None)
    if version is None:
        raise Refused("version-unknown", f"{lang} {args.version}"[:20])
    await desk.library.erasing.order_version(company.id, version.id, by=desk.by, because="for good")
    told = {"number": message.number, "name": message.name, "language": lang, "version": version.number, "erased": True}
    words = _VERSION[spoken_here()].format(name=message.name, number=version.number, lang=lang)
    tell(told, words, as_json=args.json)
    return 0


async def undelete(desk: Desk, args: argparse.Namespace) -> int:
    company, message = await _message(desk, args, even_deleted=True)
    await desk.library.removal.undelete(company.id, message.id, by=desk.by)
    return 0


async def versions(desk: Desk, args: argparse.Namespace) -> int:
    company, message = await _message(desk, args)
    rows = [asdict(view) for view in await desk.library.versions.all(company.id, message.id, args.lang)]
    columns = (
        "lang",
        "number",
        "current",
        "audio",
        "source",
        "by",
        "from_number",
        "at",
        "seconds",
        "level_db",
        "notes",
        "voice",
    )
    show(rows, (*columns, "interrupted"), as_json=args.json)
    return 0


async def use(desk: Desk, args: argparse.Namespace) -> int:
    company, message = await _message(desk, args)
    await desk.library.versions.use(
        company.id, message.id, args.version,
        lang=args.lang or company.language, expected=args.revision, by=desk.by,
    )  # fmt: skip
    return 0


async def script(desk: Desk, args: argparse.Namespace) -> int:
    company, message = await _message(desk, args)
    lang = args.lang or company.language
    await desk.library.messages.set_script(
        company.id, message.id, lang, _text(args.text), expected=args.revision, by=desk.by
    )  # fmt: skip
    return 0


def _text(given: str) -> str:
    """`-` stands for standard input, of which no more is read than can be a script."""
    return sys.stdin.read(2 * LONGEST_SCRIPT) if given == "-" else given


async def _message(desk: Desk, args: argparse.Namespace, *, even_deleted: bool = False) -> tuple[Company, Message]:
    company = await desk.company(args.company)
    return company, await desk.library.messages.by_ref(company.id, args.message, even_deleted=even_deleted)
