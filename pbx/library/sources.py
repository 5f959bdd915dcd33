"""What should be published: each file with what it is made from."""

from dataclasses import dataclass
from pathlib import Path

from pbx.store.values import Version, VoiceMessage


@dataclass(frozen=True, slots=True)
class Recorded:
    """A part of an object of the vault."""

    sha256: str
    first: int
    last: int
    level_db: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text, to be said by the voice."""

    words: str
    lang: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """`base`: the files' path without extension."""

    base: Path
    source: Recorded | Spoken


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be made, and why, for the log."""

    base: Path
    source: Recorded | Spoken
    why: str


def recorded(of: Version | VoiceMessage) -> Recorded:
    level = of.level_db if isinstance(of, Version) else 0.0
    return Recorded(of.sha256, of.first, of.last, level)
