"""ffmpeg as a child that may be given anything: it has limits, no network where the kernel allows that, and an end."""

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pbx.errors import Refused

_ADDRESS_SPACE, _CPU_S, _WALL_S = 1_500_000_000, 30, 40.0
_LONGEST_TOLD = 200_000
APART = (("unshare", "--net"), ("unshare", "--user", "--map-current-user", "--net"))
_NOT_THERE = (126, 127)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ended:
    """`code` 0: all was well; negative: by that signal. `told`: the first 200 kB that it wrote on standard error."""

    code: int
    told: str


async def ffmpeg(arguments: Sequence[str], folder: Path, largest: int) -> Ended:
    """Runs in `folder`, and writes no file of more than `largest` bytes. Whatever happens to us, it ends.

    Refused: `upload-too-heavy` (it took all the time or memory that a file may take), `upload-not-now` (it is not
    installed).
    """
    limits = (f"--as={_ADDRESS_SPACE}", f"--cpu={_CPU_S}", f"--fsize={largest}", "--core=0", "--nofile=64")
    try:
        child = await asyncio.create_subprocess_exec(
            *("nice", "-n", "10", "prlimit", *limits, *await asyncio.to_thread(without_network)),
            *("ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-threads", "1", *arguments),
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        log.error("uploads cannot be decoded: %s", error)
        raise Refused("upload-not-now") from error
    try:
        async with asyncio.timeout(_WALL_S):
            told = await _told(child)
            code = await child.wait()
    except TimeoutError:
        raise Refused("upload-too-heavy") from None
    finally:
        await _end(child)
    if code in _NOT_THERE:
        log.error("uploads cannot be decoded: %s", told[:300])
        raise Refused("upload-not-now")
    if code in (-signal.SIGXCPU, -signal.SIGKILL) or "Cannot allocate memory" in told:
        raise Refused("upload-too-heavy")
    return Ended(code, told)


async def _told(child: asyncio.subprocess.Process) -> str:
    """Read to its end, since a file may make it talk without end, and a full pipe would stop it."""
    told = b""
    while child.stderr is not None and (piece := await child.stderr.read(65_536)):
        told = (told + piece)[:_LONGEST_TOLD]
    return told.decode(errors="replace")


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        await child.wait()


def without_network() -> tuple[str, ...]:
    """The words before a command that give it an empty network of its own; none where the kernel forbids that. What
    works is tried once, which takes 20 ms and blocks; a kernel that makes many of them at once takes seconds, and
    forbids nothing."""
    try:
        return _apart()
    except LookupError:
        return ()


@cache
def _apart() -> tuple[str, ...]:
    """Raises LookupError, which is not remembered: it may have been want of memory."""
    for words in APART:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run([*words, "true"], check=True, capture_output=True, timeout=_WALL_S)  # noqa: S603  fixed words
            return words
    raise LookupError
