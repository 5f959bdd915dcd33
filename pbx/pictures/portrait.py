"""From a file that anybody may have made to a user's picture: a square JPEG in sRGB, and nothing else in it."""

import asyncio
import contextlib
import logging
import math
import os
import signal
import stat
import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pbx.errors import CannotStart, Refused

LARGEST = 15 << 20  # bytes of a file
SUFFIX = ".jpg"
SMALLEST_SIDE = 0.2  # of a crop
_CHILD = Path(__file__).with_name("child.py")
_TIME_LIMIT_S = 30.0
_WHY = {3: "picture-format", 4: "picture-too-large", 6: "picture-moving", 7: "picture-too-small"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Crop:
    """The square that is meant, of the picture turned upright: its corner in shares of the width and the height, its
    side in shares of the shorter one. ValueError for what is none."""

    x: float
    y: float
    side: float

    def __post_init__(self) -> None:
        if not all(math.isfinite(share) for share in (self.x, self.y, self.side)):
            raise ValueError("no numbers")
        if not (0 <= self.x < 1 and 0 <= self.y < 1 and SMALLEST_SIDE <= self.side <= 1):
            raise ValueError("not in the picture")


def read(path: Path) -> bytes:
    """The bytes of an ordinary file. Blocks. Refused: `picture-file` (none, a link, a folder, a pipe),
    `picture-empty`, `picture-too-large`."""
    try:
        with open(path, "rb", opener=_carefully) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Refused("picture-file", path.name[:80])
            data = file.read(LARGEST + 1)
    except (OSError, ValueError):
        raise Refused("picture-file", path.name[:80]) from None
    _check_size(data)
    return data


def _carefully(path: str, flags: int) -> int:
    """Follows no link, and waits for nobody at a pipe."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


class Portraits:
    """One picture at a time is decoded, in a child process with little memory."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(1)

    async def of(self, data: bytes, crop: Crop | None = None) -> bytes:
        """A JPEG of 512 x 512 pixels: turned upright, `crop` or the middle of the picture, on white, without metadata.
        JPEG, PNG and WebP are known by their content.

        Refused: `picture-empty`, `picture-too-large` (bytes or pixels), `picture-format`, `picture-moving`,
        `picture-too-small`, `picture-damaged`.
        """
        _check_size(data)
        async with self._free:
            code, made, complaint = await _child(data, crop)
        if code == 0 and made:
            return made
        log.info("a picture of %d bytes is not taken: %s %s", len(data), code, complaint[:200])
        raise Refused(_WHY.get(code, "picture-damaged"))


def _check_size(data: bytes) -> None:
    if not data:
        raise Refused("picture-empty")
    if len(data) > LARGEST:
        raise Refused("picture-too-large", f"{LARGEST >> 20} MiB")


async def _child(data: bytes, crop: Crop | None) -> tuple[int, bytes, str]:
    square = () if crop is None else (str(crop.x), str(crop.y), str(crop.side))
    # -P and -S as for speech: nothing is searched for where the program lies, and no site costs time.
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-S", str(_CHILD), *square),
        env={"PYTHONPATH": _packages()},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(_TIME_LIMIT_S):
            made, complaint = await child.communicate(data)
    except TimeoutError:
        return -signal.SIGKILL, b"", "it took too long"
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
    return child.returncode or 0, made, complaint.decode(errors="replace")


@cache
def _packages() -> str:
    """The folder that Pillow is installed in."""
    found = find_spec("PIL")
    if found is None or found.origin is None:
        raise CannotStart("Pillow is not installed")
    return str(Path(found.origin).parent.parent)
