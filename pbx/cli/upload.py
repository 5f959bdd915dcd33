"""`vaxel upload`: a sound file becomes what is heard of a message."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from pbx.cli.desk import Desk, spoken_here
from pbx.phrases import read_catalogue

_SAVED = {
    "sv": "{name} är sparat: version {number} ({lang}), {seconds:.1f} s, i {copies} kopior. Nästa som ringer hör det.",
    "en": "{name} is saved: version {number} ({lang}), {seconds:.1f} s, in {copies} copies. The next caller hears it.",
}


async def upload(desk: Desk, args: argparse.Namespace) -> int:
    """0 only for saved; what is doubtful about the recording is told in sentences."""
    company = await desk.company(args.company)
    message = await desk.library.messages.by_ref(company.id, args.message)
    lang = args.lang or company.language
    done = await desk.library.uploads.upload(
        company.id, message.id, Path(args.file), lang=lang, expected=args.revision, by=desk.by
    )
    version = done.version
    if args.json:
        told = {**asdict(version), "state": "saved", "message": message.name, "lang": lang, "copies": done.copies,
                "seconds": round(version.seconds, 2), "notes": done.notes}  # fmt: skip
        print(json.dumps(told, ensure_ascii=False, default=str))
        return 0
    words, here = read_catalogue(), spoken_here()
    print(_SAVED[here].format(
        name=message.name, number=version.number, lang=lang, seconds=version.seconds, copies=done.copies
    ))  # fmt: skip
    for note in done.notes:
        print(words[f"note-{note}"].words[here])
    return 0
