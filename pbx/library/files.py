"""Published files: what they are called, and whether they are there.

A name is made of what is in the file, so one name never changes its content, a playback that is running is never cut
off, and nobody has to store which file belongs to what.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from pbx.audio.rendition import VERSION
from pbx.phrases import EXTENSIONS as EXTENSIONS

MEDIA_ROOT = "sound:/vaxel/published"
"""Where Asterisk finds the folder, in Docker and in the plain tree alike."""

_TOLD = "told"


def of_recording(sha256: str, first: int, last: int) -> str:
    """The name for the part from `first` to `last` (samples) of an object of the vault."""
    return _name(f"object {sha256} {first} {last}")


def of_speech(recipe: str) -> str:
    """The name for a spoken text. `recipe` is what the voice says that its sound depends on."""
    return _name(f"speech {recipe}")


def base(published: Path, company: str, name: str) -> Path:
    """The files' common path, without extension."""
    return Path(f"{published}/{company}/{name[:2]}/{name}")


def media(company: str, name: str) -> str:
    """What Asterisk is told to play."""
    return f"{MEDIA_ROOT}/{company}/{name[:2]}/{name}"


def tell(base: Path) -> None:
    """That it has been made: what callers hear of its company may be other than before. Where that cannot be written
    down, open pages see it later."""
    with suppress(OSError):
        (base.parent.parent / _TOLD).touch()


def told(published: Path, company: str) -> int:
    """A number that is another one once more has been published for the company, by whichever process."""
    try:
        return os.stat(f"{published}/{company}/{_TOLD}").st_mtime_ns  # noqa: PTH116  as below
    except OSError:
        return 0


def playable(base: Path) -> bool:
    """Whether it can be played: the file that is written last is there. Some microseconds, so asked in a call."""
    return _size(base, "sln16") > 0


def _size(base: Path, extension: str) -> int:
    try:
        return os.stat(f"{base}.{extension}").st_size  # noqa: PTH116  quicker, which counts for thousands
    except OSError:
        return 0


def _name(of: str) -> str:
    return hashlib.sha256(f"{of} rendition {VERSION}".encode()).hexdigest()
