"""What somebody hands in as sound, to samples: any usual format, by a child with limits, believing nothing it says."""

import asyncio
import logging
import re
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pbx.audio import intake, sniffing
from pbx.audio.child import Ended, ffmpeg
from pbx.audio.pcm import FULL_SCALE, Pcm
from pbx.audio.sniffing import Kind
from pbx.errors import Refused
from pbx.heap import keep_little

RATE = 48_000
_FORMATS = "wav,mp3,mov,ogg,matroska,webm,flac,aac,aiff,caf,w64"
_FORGIVEN: tuple[Kind, ...] = ("mp3", "aac")  # players pass over what they do not understand in these, and so do we
_LESS_S, _LESS = 0.5, 0.98  # what a file may hold less than it says
_CANCELLED = 10 ** (-12 / 10)
_PIECE = 1 << 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one upload."""

    bytes: int = 25 << 20
    seconds: int = 600


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Decoded:
    """`pcm48`: mono, 16 bit, 48 kHz. `notes`: what is doubtful about it, "opposite-phase" or nothing. `original`: the
    file as it was, and `kind` what it turned out to be."""

    pcm48: Pcm
    seconds: float
    notes: tuple[str, ...]
    original: bytes
    kind: Kind


async def decode(path: Path, limits: Limits = USUAL) -> Decoded:
    """The first sound in the file, all channels as one. A child of at most 1.5 GB, 30 s of work and 40 s by the clock.

    Refused: as `intake.read` and `sniffing.kind_of` say; `upload-too-long`, `upload-cut-short`, `upload-damaged`,
    `upload-unknown` (no format of ours), `upload-no-sound`, `upload-header`, `upload-too-heavy`, `upload-not-now`.
    """
    keep_little()
    data = await asyncio.to_thread(intake.read, path, limits.bytes)
    kind = sniffing.kind_of(data)
    with _scratch() as folder:
        await asyncio.to_thread((folder / "in").write_bytes, data)
        ended = await ffmpeg(_arguments(kind, limits), folder, (limits.seconds + 10) * 2 * RATE)
        seconds = _size(folder / "mix") / 2 / RATE
        _check(ended, kind, seconds, limits, cut=sniffing.cut_short(kind, data))
        pcm, notes = await asyncio.to_thread(_samples, folder)
    return Decoded(pcm, seconds, notes, data, kind)


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for a moment, out of which no fault of the disk comes but in words."""
    try:
        with tempfile.TemporaryDirectory(prefix="vaxel-upload-") as made:
            yield Path(made)
    except OSError as error:
        log.error("an upload could not be decoded: %s", error)
        raise Refused("upload-not-now") from error


def _arguments(kind: Kind, limits: Limits) -> list[str]:
    """Two files: all channels mixed, and the left one alone, which is needed where they cancel each other out."""
    length = str(limits.seconds + 1)
    one = ["-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-ar", str(RATE), "-t", length, "-f", "s16le"]
    return [
        *("-v", "info", *([] if kind in _FORGIVEN else ["-xerror"])),
        *("-protocol_whitelist", "file,pipe", "-format_whitelist", _FORMATS, "-max_streams", "16"),
        *("-t", length, "-i", "file:in", *one, "-ac", "1", "file:mix", *one, "-af", "pan=mono|c0=c0", "file:left"),
    ]


def _check(ended: Ended, kind: Kind, seconds: float, limits: Limits, *, cut: bool) -> None:
    """What it told, the most telling first. `cut`: the file itself shows that there was more of it."""
    told = ended.told
    if "No space left on device" in told:
        raise OSError(told[-200:])
    rate = re.search(r"^  Stream #0:\d+.*: Audio: .*?, (\d+) Hz", told, re.M)
    if rate and int(rate[1]) not in sniffing.RATES:
        raise Refused("upload-header", f"{rate[1]} Hz")
    if seconds > limits.seconds + _LESS_S or ended.code == -signal.SIGXFSZ:
        raise Refused("upload-too-long", f"> {limits.seconds / 60:g} min")
    if "matches no streams" in told or (ended.code == 0 and not seconds):
        raise Refused("upload-no-sound")
    cut = cut or "File ended prematurely" in told or "moov atom not found" in told
    if cut or seconds + _LESS_S < _LESS * _declared_s(told):
        raise Refused("upload-cut-short")
    if ended.code:
        raise Refused("upload-unknown" if kind == "unknown" else "upload-damaged")


def _declared_s(told: str) -> float:
    """How long the file says that it is; 0 where it does not, or where that tells nothing of its sound."""
    found = re.search(r"^  Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)", told, re.M)
    pictures = re.search(r"^  Stream #0:\d+.*: Video: (?!.*attached pic)", told, re.M)
    if not found or pictures or "Estimating duration from bitrate" in told:
        return 0.0
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])


def _samples(folder: Path) -> tuple[Pcm, tuple[str, ...]]:
    """The mix, or the left channel where the mix is more than 12 dB quieter than that."""
    cancelled = _power(folder / "mix") < _CANCELLED * _power(folder / "left")
    name = "left" if cancelled else "mix"
    return np.fromfile(folder / name, dtype="<i2"), ("opposite-phase",) if cancelled else ()


def _power(file: Path) -> float:
    """The sum of the squares, in pieces, so that ten minutes cost no memory."""
    total = 0.0
    with file.open("rb") as opened:
        while len(piece := np.fromfile(opened, dtype="<i2", count=_PIECE)):
            samples = piece.astype(np.float32) / FULL_SCALE
            total += float(samples @ samples)
    return total


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
