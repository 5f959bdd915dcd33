"""The order: what Debian has, then Asterisk beside Python and the phrases: both take long, neither needs the other."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this is what tells the person with an older one
    sys.exit(f"Växel needs Python 3.11 or later; {sys.executable} is {sys.version.split()[0]}")

from pbx.errors import VaxelError
from pbx.settings import Settings
from setup import parts, python, system
from setup.steps import Failed

_SETS = {"run": ("run",), "test": ("run", "test", "interop"), "check": ("run", "test", "check")}


async def set_up(purpose: str) -> None:
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - inside asyncio.run
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, task.cancel)
    settings = Settings.from_env(os.environ)
    await system.install()
    if purpose == "check":
        await python.install(_SETS[purpose])
        return
    async with asyncio.TaskGroup() as both:
        both.create_task(parts.asterisk(settings))
        both.create_task(_python_then_phrases(purpose, settings))


async def _python_then_phrases(purpose: str, settings: Settings) -> None:
    await python.install(_SETS[purpose])
    await parts.phrases(settings)


def main() -> int:
    try:
        asyncio.run(set_up(sys.argv[1]))
    except asyncio.CancelledError:
        return 130
    except (Failed, VaxelError) as error:
        return _tell(error)
    except ExceptionGroup as group:
        known, others = group.split((Failed, VaxelError))
        if others is not None:
            raise
        return _tell(*(known.exceptions if known else ()))
    return 0


def _tell(*errors: Exception) -> int:
    for error in errors:
        print(f"set-up: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
