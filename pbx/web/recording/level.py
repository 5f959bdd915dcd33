"""How loud somebody is who is being recorded, from the end of the file that grows in the spool."""

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pbx.store.values import RATE, Take
from pbx.web import waves

_PIECE_S = 0.2
_QUIET_DB, _LOUD_DB = -38.0, -7.0
_BARS = 60


@dataclass
class Level:
    """`seconds`: how much there is; `curve`: its bars so far; `how`: `nothing`, `quiet`, `good` or `loud`."""

    spool: Path
    seconds: float = 0.0
    levels: list[float] = field(default_factory=list)
    how: str = "nothing"
    take: str = ""

    @property
    def curve(self) -> str:
        return waves.bars(self.levels, _BARS)

    async def look(self, take: Take) -> None:
        """At what was written since; another take begins anew."""
        if take.id != self.take:
            self.take, self.seconds, self.levels, self.how = take.id, 0.0, [], "nothing"
        samples, size = await asyncio.to_thread(_end, self.spool / take.file)
        self.seconds = size / (2 * RATE)
        if len(samples) == 0:
            return
        loud = float(np.sqrt(np.mean(samples.astype(np.float32) ** 2))) / 32_768
        self.levels.append(min(1.0, loud**0.5 * 1.6))
        db = 20 * np.log10(max(loud, 1e-6))
        heard = db > _QUIET_DB - 12
        self.how = "loud" if db > _LOUD_DB else "good" if db > _QUIET_DB else "quiet" if heard else self.how


def _end(file: Path) -> tuple[np.ndarray, int]:
    """The last samples, and the size of all."""
    want = int(_PIECE_S * RATE) * 2
    try:
        with file.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size & ~1
            return np.frombuffer(os.pread(opened.fileno(), want, max(0, size - want)), np.int16), size
    except OSError:
        return np.zeros(0, np.int16), 0
