"""What a switchboard holds at a moment: memory, descriptors, calls."""

import shutil
import subprocess
from dataclasses import dataclass

from benchmarks import processes


@dataclass(frozen=True, slots=True)
class Footprint:
    """MB and descriptors, of our process and of Asterisk's."""

    ours_mb: float
    asterisk_mb: float
    ours_open: int
    asterisk_open: int


def footprint(ours: int, asterisk: int) -> Footprint:
    """Of these two processes; Asterisk gives back first what it does not use."""
    _give_back(asterisk)
    return Footprint(
        processes.memory_mb(ours), processes.memory_mb(asterisk),
        processes.descriptors(ours), processes.descriptors(asterisk),
    )  # fmt: skip


def _give_back(asterisk: int) -> None:
    """Its allocator keeps the peak; without this its memory tells of the busiest moment and of no leak."""
    if nsenter := shutil.which("nsenter"):
        argv = (nsenter, "-t", str(asterisk), "-m", "-p", "--", "asterisk", "-rx", "malloc trim")
        subprocess.run(argv, capture_output=True, timeout=10, check=False)  # noqa: S603
