"""The curve of a sound: how loud it is from its beginning to its end, as bars of an SVG path."""

import asyncio
from functools import lru_cache
from pathlib import Path

import numpy as np

WIDTH, HEIGHT = 480, 48
BARS = 80
_GAP = WIDTH / BARS


async def of_file(file: Path) -> str:
    """The path's text; flat where the file is not there."""
    try:
        return await asyncio.to_thread(_of_file, file)
    except OSError:  # it may be there the next time
        return bars([])


def bars(levels: list[float], most: int = BARS) -> str:
    """`levels` from 0 to 1, each a bar around the middle; the rest are dots."""
    drawn = [max(0.04, min(1.0, level)) for level in levels[-most:]] + [0.04] * max(0, most - len(levels))
    step = WIDTH / most
    return "".join(
        f"M{at * step + step / 2:.1f} {HEIGHT / 2 * (1 - level):.1f}v{HEIGHT * level:.1f}"
        for at, level in enumerate(drawn)
    )


@lru_cache(maxsize=1024)  # what is in a published file never changes
def _of_file(file: Path) -> str:
    samples = np.fromfile(file, np.int16)
    if len(samples) < BARS:
        return bars([])
    pieces = np.array_split(samples.astype(np.float32), BARS)
    loud = np.array([float(np.sqrt(np.mean(piece * piece))) for piece in pieces])
    return bars([float(level) for level in np.sqrt(loud / max(1.0, float(loud.max())))])
