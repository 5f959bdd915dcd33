"""`vaxel speak`: a message by a voice; `vaxel pronounce`: how the company's own words are said."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from pbx.audio.pcm import RATE
from pbx.cli.desk import Desk, show, spoken_here
from pbx.errors import Refused
from pbx.library.parcel.wav import encode
from pbx.library.words import LONGEST_SCRIPT

_SAVED = {
    "sv": "{name} är sparat: version {number} ({lang}), {seconds:.1f} s, {voice}, i {copies} kopior. Nästa som ringer"
    " hör det.",
    "en": "{name} is saved: version {number} ({lang}), {seconds:.1f} s, {voice}, in {copies} copies. The next caller"
    " hears it.",
}


async def speak(desk: Desk, args: argparse.Namespace) -> int:
    """0 only for saved; with --preview for written. `--text -` is standard input, read no further than a script."""
    company = await desk.company(args.company)
    message = await desk.library.messages.by_ref(company.id, args.message)
    lang = args.lang or company.language
    text = sys.stdin.read(2 * LONGEST_SCRIPT) if args.text == "-" else args.text
    speaking = desk.library.speaking
    if args.preview:
        pcm = await speaking.preview(company.id, message.id, lang=lang, text=text, voice=args.voice, by=desk.by)
        _write(Path(args.preview), encode(pcm))
        if args.json:
            print(json.dumps({"file": args.preview, "seconds": round(len(pcm) / RATE, 2)}))
        return 0
    done = await speaking.speak(
        company.id, message.id, lang=lang, text=text, voice=args.voice, expected=args.revision, by=desk.by
    )
    version = done.version
    if args.json:
        told = {**asdict(version), "state": "saved", "message": message.name, "lang": lang, "copies": done.copies,
                "seconds": round(version.seconds, 2)}  # fmt: skip
        print(json.dumps(told, ensure_ascii=False, default=str))
        return 0
    print(_SAVED[spoken_here()].format(
        name=message.name, number=version.number, lang=lang, seconds=version.seconds, voice=version.voice,
        copies=done.copies,
    ))  # fmt: skip
    return 0


async def pronounce(desk: Desk, args: argparse.Namespace) -> int:
    """WORD SAYS enters one, --remove takes one away; without either, and with --list, the list."""
    company = await desk.company(args.company)
    lang, words = args.lang or company.language, desk.library.pronunciations
    if args.remove:
        await words.remove(company.id, args.remove, lang=lang, by=desk.by)
    elif args.says and not args.list:
        await words.set(company.id, args.word, args.says, lang=lang, by=desk.by)
    elif args.word and not args.list:
        raise Refused("pronunciation-form", args.word[:80])
    else:
        rows = [asdict(word) for word in await words.all(company.id) if args.lang in {None, word.lang}]
        show(rows, ("lang", "word", "spoken"), as_json=args.json)
    return 0


def _write(path: Path, data: bytes) -> None:
    """Refused: `archive-unwritable`."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Refused("archive-unwritable", f"{path}: {error.strerror}") from error
