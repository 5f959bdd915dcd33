"""G.722, by ffmpeg as a program of its own: many sounds at once, since starting it is nearly all that one costs."""

import asyncio
import tempfile
from pathlib import Path

from pbx.audio.pcm import RATE
from pbx.errors import VaxelError

_AT_ONCE = 64  # each takes two descriptors
_TIME_LIMIT_S = 60.0


class CannotConvert(VaxelError):
    """ffmpeg is not there, failed or took too long; its own words follow."""


async def encode(sln16: list[bytes]) -> list[bytes]:
    """64 kbit/s, in the same order. Raises `CannotConvert`, OSError for a temporary folder that is full."""
    done: list[bytes] = []
    for first in range(0, len(sln16), _AT_ONCE):
        with tempfile.TemporaryDirectory(prefix="vaxel-g722-") as folder:
            done += await _batch(Path(folder), sln16[first : first + _AT_ONCE])
    return done


async def _batch(folder: Path, sln16: list[bytes]) -> list[bytes]:
    full = [at for at, data in enumerate(sln16) if data]
    await asyncio.to_thread(lambda: [(folder / f"{at}.raw").write_bytes(sln16[at]) for at in full])
    if full:
        await _ffmpeg(folder, full)
    return await asyncio.to_thread(
        lambda: [(folder / f"{at}.g722").read_bytes() if data else b"" for at, data in enumerate(sln16)]
    )


async def _ffmpeg(folder: Path, which: list[int]) -> None:
    inputs: list[str] = []
    outputs: list[str] = []
    for place, at in enumerate(which):
        inputs += ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", f"file:{folder}/{at}.raw"]
        outputs += ["-map", f"{place}:a", "-c:a", "g722", "-f", "g722", f"file:{folder}/{at}.g722"]
    try:
        child = await asyncio.create_subprocess_exec(
            *("ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-threads", "1", *inputs, *outputs),
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
