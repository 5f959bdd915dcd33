"""Rows by which the dialplan plays the operator's own phrases where it speaks without us: a number that is nobody's,
a line that is not there, all that is said while we are away."""

import asyncio
from pathlib import Path

from pbx.node import routes
from pbx.node.routes import Sound
from pbx.phrases import OWN_ROOT, Phrases

ROUND_S = 15.0
_OPERATOR = ""  # in the place of a company


class OwnSounds:
    """One for each call node: it tells what is there, also when files have come or gone by themselves."""

    def __init__(self, phrases: Phrases, path: Path) -> None:
        self._phrases = phrases
        self._path = path
        self._told: list[tuple[str, str]] | None = None

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(ROUND_S)

    def look(self) -> None:
        own = self._phrases.own()
        if own != self._told:
            _write(self._path, own)
            self._told = own


def tell(path: Path, phrases: Phrases) -> None:
    """At once, where there is such a file; where there is none yet the service does it at its start."""
    if path.exists():
        _write(path, phrases.own())


def _write(path: Path, own: list[tuple[str, str]]) -> None:
    sounds = [
        Sound(f"own/{key}/{lang}", _OPERATOR, f"{OWN_ROOT.removeprefix('sound:')}/{lang}/{key}") for key, lang in own
    ]
    routes.serve(path, _OPERATOR, [], [], sounds)
