"""`vaxel sounds`: what the system says itself, and which of it the operator has recorded anew."""

import argparse
import asyncio
from dataclasses import asdict
from pathlib import Path

from pbx.cli.desk import Desk, show, tell
from pbx.library.own import OwnPhrases
from pbx.node import own_sounds
from pbx.phrases import Phrases


async def list_sounds(desk: Desk, args: argparse.Namespace) -> int:
    rows = [asdict(one) for one in await _own(desk).all()]
    show(rows, ("key", "language", "whose", "seconds", "words"), as_json=args.json)
    return 0


async def replace(desk: Desk, args: argparse.Namespace) -> int:
    """Tells how long it is."""
    seconds = await _own(desk).replace(args.key, args.lang, Path(args.file), by=desk.by)
    await _tell(desk)
    done = {"key": args.key, "language": args.lang, "seconds": round(seconds, 2)}
    tell(done, f"{seconds:.2f} s", as_json=args.json)
    return 0


async def restore(desk: Desk, args: argparse.Namespace) -> int:
    await _own(desk).restore(args.key, args.lang, by=desk.by)
    await _tell(desk)
    return 0


async def _tell(desk: Desk) -> None:
    """The dialplan, which speaks some of them without us."""
    await asyncio.to_thread(own_sounds.tell, desk.settings.routes_db, _phrases(desk))


def _own(desk: Desk) -> OwnPhrases:
    return OwnPhrases(_phrases(desk), desk.settings.own_sounds, desk.vault, desk.store.clock)


def _phrases(desk: Desk) -> Phrases:
    return Phrases(desk.settings.sounds, own=desk.settings.own_sounds)
