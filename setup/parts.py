"""The two long parts that come after the programs: Asterisk's file system, and the phrases spoken."""

from __future__ import annotations

import hashlib
import sys

from pbx.asterisk.base import find_base
from pbx.errors import CannotStart
from pbx.settings import ROOT, Settings
from setup.python import VENV
from setup.steps import step

_SPOKEN_BY = ("sounds", "pbx/audio", "pbx/speech", "pbx/phrases.py", "pbx/rules/spoken.py", "requirements/run.txt")


async def asterisk(settings: Settings) -> None:
    try:
        find_base(settings.asterisk_cache)
    except CannotStart:
        await step("Asterisk from Debian", sys.executable, "-m", "pbx.asterisk", str(settings.asterisk_cache))


async def phrases(settings: Settings) -> None:
    """sounds.build looks at each phrase; here only whether anything that it reads has changed."""
    stamp, now = settings.sounds / ".made-from", _fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    await step("Phrases", str(VENV / "bin" / "python"), "-m", "sounds.build", "--to", str(settings.sounds))
    stamp.write_text(now)


def _fingerprint() -> str:
    total = hashlib.sha256()
    for name in _SPOKEN_BY:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix in {".py", ".toml", ".txt"}:
                total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()
