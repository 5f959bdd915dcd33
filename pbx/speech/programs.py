"""Programs across a pipe: each in a process group of its own, which is ended with it."""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pbx.speech import CannotSpeak, TooLate

_ENDING_S = 5.0


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    told: bytes
    complaint: str


async def run(*argv: str, given: bytes, limit_s: float, env: Mapping[str, str] | None = None) -> Ended:
    """Raises `CannotSpeak` when the program is not there, `TooLate` when it takes too long. A cancelled call
    leaves nothing behind."""
    try:
        child = await asyncio.create_subprocess_exec(
            *argv,
            env=None if env is None else {**os.environ, **env},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise CannotSpeak(f"{argv[0]}: {error.strerror}") from error
    try:
        async with asyncio.timeout(limit_s):
            told, complaint = await child.communicate(given)
    except TimeoutError:
        raise TooLate("it took too long") from None
    finally:
        await end(child)
    return Ended(child.returncode or 0, told, complaint.decode(errors="replace")[-300:])


async def end(child: asyncio.subprocess.Process) -> None:
    """With all that it has started. What it had said and nobody read would keep `wait` waiting."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_ENDING_S):
            for pipe in (child.stdout, child.stderr):
                while pipe is not None and await pipe.read(65_536):
                    pass
            await child.wait()


@cache
def espeak_version() -> str:
    """Asked for once."""
    try:
        told = subprocess.run(["espeak-ng", "--version"], capture_output=True, timeout=10, check=False).stdout.decode()  # noqa: S607
    except (OSError, subprocess.TimeoutExpired):
        told = ""
    found = re.search(r"\d+(\.\d+)+", told)
    return found.group() if found else "unknown"
