"""One step of the set-up: a program run with its output in a file, and a line at its begin, its end and each 10 s."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".cache" / "setup"
_TELL_S = 10
_began = time.monotonic()


class Failed(Exception):
    """A step did not work; the message says what to do."""


def say(line: str) -> None:
    """Told with the seconds since the start, so that a log shows where the time went."""
    print(f"[{time.monotonic() - _began:4.0f} s] {line}", flush=True)


async def step(name: str, *argv: str, env: dict[str, str] | None = None, limit_s: float = 900) -> None:
    """Raises Failed with the end of what the program said."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name.replace(' ', '-').lower()}.log"
    say(f"{name} …")
    started = time.monotonic()
    with log.open("wb") as out:
        try:
            child = await asyncio.create_subprocess_exec(
                *argv, cwd=ROOT, env={**os.environ, **(env or {})}, process_group=0,
                stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out,
            )  # fmt: skip
        except OSError as e:
            raise Failed(f"{name}: {argv[0]}: {e.strerror}") from e
        try:
            async with asyncio.timeout(limit_s), asyncio.TaskGroup() as both:
                telling = both.create_task(_tell(name, log, started))
                status = await child.wait()
                telling.cancel()
        except TimeoutError:
            raise Failed(f"{name}: not done after {limit_s:.0f} s; see {log}") from None
        finally:
            if child.returncode is None:
                os.killpg(child.pid, signal.SIGTERM)
                await child.wait()
    if status != 0:
        raise Failed(f"{name} failed; the end of {log}:\n{_end(log, 15)}")
    say(f"{name}: done in {time.monotonic() - started:.0f} s")


async def _tell(name: str, log: Path, started: float) -> None:
    while True:
        await asyncio.sleep(_TELL_S)
        say(f"{name}: {time.monotonic() - started:.0f} s … {_end(log, 1)[-70:]}")


def _end(log: Path, lines: int) -> str:
    text = log.read_text(errors="replace").replace("\r", "\n")
    return "\n".join([line for line in text.splitlines() if line.strip()][-lines:])
