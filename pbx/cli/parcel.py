"""`vaxel vault export` and `vaxel vault import`: one company as a zip, out and in again."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pbx.cli.desk import Desk, explain, spoken_here
from pbx.errors import Refused
from pbx.library.parcel import Exporting, Importing
from pbx.library.parcel.arrival import Left

_WORDS = {
    "sv": {
        "done": "{name}: {files} filer i {path}",
        "lost": "utan ljud, för det är förlorat: {what}",
        "made": "{name}: {made}",
        "nothing": "inget nytt",
    },
    "en": {
        "done": "{name}: {files} files in {path}",
        "lost": "without sound, which is lost: {what}",
        "made": "{name}: {made}",
        "nothing": "nothing new",
    },
}


async def export(desk: Desk, args: argparse.Namespace) -> int:
    """0 also where recordings are lost: the zip tells of them, and so do we."""
    company, path = await desk.company(args.company), Path(args.file).absolute()
    done = await Exporting(desk.store, desk.library.originals).export(company.id, path, by=desk.by)
    if args.json:
        print(json.dumps({"file": str(path), **asdict(done)}, ensure_ascii=False))
        return 0
    words = _WORDS[spoken_here()]
    print(words["done"].format(name=company.name, files=done.files, path=path))
    for what in done.lost:
        print(words["lost"].format(what=what))
    return 0


async def bring_in(desk: Desk, args: argparse.Namespace) -> int:
    """1 if something was not taken, or not as it was; each with its reason."""
    importing = Importing(desk.store, desk.vault, desk.library.messages, desk.library.erased, desk.settings.countries)
    done = await importing.bring_in(Path(args.file).absolute(), args.company, by=desk.by)
    if args.json:
        told = {"company": done.company.name, "made": done.made, "left": _rows(done.left), "todo": _rows(done.todo)}
        print(json.dumps(told, ensure_ascii=False))
    else:
        words = _WORDS[spoken_here()]
        made = ", ".join(f"{count} {what}" for what, count in sorted(done.made.items())) or words["nothing"]
        print(words["made"].format(name=done.company.name, made=made))
        for one in (*done.left, *done.todo):
            print(f"{_plain(one.what)}: {_plain(explain(Refused(one.says, one.details)))}")
    return 1 if done.left else 0


def _rows(left: Sequence[Left]) -> list[dict[str, str]]:
    return [{**asdict(one), "words": explain(Refused(one.says))} for one in left]


def _plain(text: str) -> str:
    """Of a stranger's zip, so that it cannot write anything to a terminal but letters."""
    return "".join(c if c.isprintable() else "?" for c in text)
