"""`vaxel sounds`: what the system says itself, and which of it the operator has recorded anew."""

import argparse
from dataclasses import asdict
from pathlib import Path

from pbx.cli.desk import Desk, show
from pbx.library.own import OwnPhrases
from pbx.phrases import Phrases


async def list_sounds(desk: Desk, args: argparse.Namespace) -> int:
    rows = [asdict(one) for one in await _own(desk).all()]
    show(rows, ("key", "language", "whose", "seconds", "words"), as_json=args.json)
    return 0


async def replace(desk: Desk, args: argparse.Namespace) -> int:
    """Prints how long it is."""
    print(f"{await _own(desk).replace(args.key, args.lang, Path(args.file), by=desk.by):.2f} s")
    return 0


async def restore(desk: Desk, args: argparse.Namespace) -> int:
    await _own(desk).restore(args.key, args.lang, by=desk.by)
    return 0


def _own(desk: Desk) -> OwnPhrases:
    settings = desk.settings
    phrases = Phrases(settings.sounds, own=settings.own_sounds)
    return OwnPhrases(phrases, settings.own_sounds, desk.vault, desk.store.clock)
