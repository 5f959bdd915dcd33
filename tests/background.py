"""Long tests that wait for nothing but a processor, beside those in which telephones wait for an answer.

They run as programs of their own, which take what the others leave, in two of the run's processes from its first
moment on. Run one after the other, either kind would leave half of the machine idle.
"""

import asyncio
import os
import signal
import sys
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path

_NICE = 19
_LINE = 1 << 24
_TOLD = 400

FIRST, SECOND = "beside 1", "beside 2"
"""Which of the two processes: the beginning of a test's parameter, as `scheduling` reads it."""


def step_back() -> None:
    """Called by such a program. Linux may weigh sessions instead of processes: it has its own, and is told so."""
    os.nice(_NICE)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(_NICE))


async def lines(*module: str) -> list[bytes]:
    """What `python -m …` prints. AssertionError, with what it says of itself, where it fails."""
    async with aclosing(_run(module)) as printed:
        return [line async for line in printed]


async def _run(module: tuple[str, ...]) -> AsyncGenerator[bytes]:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *module),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_LINE,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        start_new_session=True,
    )
    assert program.stdout is not None
    assert program.stderr is not None
    said = asyncio.create_task(_said(program.stderr))
    try:
        async for line in program.stdout:
            yield line
        assert await program.wait() == 0, "\n".join(await said)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        await said


async def _said(stream: asyncio.StreamReader) -> deque[str]:
    """The end of it; all of it is passed on, since an hour may be between two lines."""
    last: deque[str] = deque(maxlen=_TOLD)
    async for line in stream:
        last.append(line.decode(errors="replace").rstrip())
        print(last[-1], file=sys.stderr, flush=True)
    return last
