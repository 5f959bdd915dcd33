"""Programs of the system, run with a time limit."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from pbx.errors import VaxelError


class CommandFailed(VaxelError):
    """A program ended with an error, was not there, or took too long."""


@dataclass(frozen=True, slots=True)
class Output:
    status: int
    out: str
    err: str


async def run(*argv: str, limit_s: float = 10, tell: bool = False) -> Output:
    """Runs to the end and never raises for a status; a program that is not there or too slow raises CommandFailed.

    `tell`: what it says on standard error is passed on as it comes, and is not in the answer.
    In a session of its own: Ctrl-C on our terminal is for us, who then end things in their order.
    """
    quiet = asyncio.subprocess.DEVNULL
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            *argv, stdin=quiet, stdout=pipe, stderr=None if tell else pipe, start_new_session=True
        )
    except OSError as e:
        raise CommandFailed(f"{argv[0]}: {e.strerror}") from e
    try:
        async with asyncio.timeout(limit_s):
            out, err = await process.communicate()
    except TimeoutError:
        raise CommandFailed(f"{shown(argv)}: not done after {limit_s:g} s") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return Output(
        process.returncode or 0, out.decode(errors="replace").strip(), (err or b"").decode(errors="replace").strip()
    )


async def must(*argv: str, limit_s: float = 10, tell: bool = False) -> str:
    """What it printed. Raises CommandFailed with what it said if its status is not 0."""
    done = await run(*argv, limit_s=limit_s, tell=tell)
    if done.status != 0:
        raise CommandFailed(f"{shown(argv)}: {done.err or done.out or f'status {done.status}'}")
    return done.out


def shown(argv: Sequence[str]) -> str:
    return " ".join(argv[:4]) + (" …" if len(argv) > 4 else "")
