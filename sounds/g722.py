"""G.722 for many phrases by one program: starting ffmpeg is nearly all that a phrase costs."""

import asyncio
import tempfile
from pathlib import Path

from pbx.audio.pcm import RATE
from pbx.audio.rendition import CannotConvert

_AT_ONCE = 64  # each takes two descriptors
_TIME_LIMIT_S = 60.0


async def g722_of_many(sln16: list[bytes]) -> list[bytes]:
    """In the same order. Raises `CannotConvert`."""
    done: list[bytes] = []
    for first in range(0, len(sln16), _AT_ONCE):
        with tempfile.TemporaryDirectory(prefix="vaxel-g722-") as folder:
            done += await _batch(Path(folder), sln16[first : first + _AT_ONCE])
    return done


async def _batch(folder: Path, sln16: list[bytes]) -> list[bytes]:
    inputs: list[str] = []
    outputs: list[str] = []
    for at, data in enumerate(sln16):
        (folder / f"{at}.raw").write_bytes(data)
        inputs += ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", f"file:{folder}/{at}.raw"]
        outputs += ["-map", f"{at}:a", "-c:a", "g722", "-f", "g722", f"file:{folder}/{at}.g722"]
    try:
        child = await asyncio.create_subprocess_exec(
            *("ffmpeg", "-nostdin", "-hide_banner", "-v", "error", *inputs, *outputs),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise CannotConvert(f"ffmpeg: {error}") from error
    try:
        async with asyncio.timeout(_TIME_LIMIT_S):
            _, told = await child.communicate()
    except TimeoutError as error:
        raise CannotConvert(f"ffmpeg took more than {_TIME_LIMIT_S:.0f} s") from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        raise CannotConvert(f"ffmpeg ended with {child.returncode}: {told.decode(errors='replace')[:300]}")
    return [(folder / f"{at}.g722").read_bytes() for at in range(len(sln16))]
