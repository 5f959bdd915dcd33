"""The order: what the rest needs; then Asterisk, the other programs and Python side by side; then the phrases."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this is what tells the person with an older one
    sys.exit(f"Växel needs Python 3.11 or later; {sys.executable} is {sys.version.split()[0]}")

from pbx.errors import VaxelError
from pbx.settings import Settings
from setup import assets, parts, python, system
from setup.steps import Failed

_SETS = {"run": ("run",), "test": ("run", "test", "interop", "piper"), "check": ("run", "test", "check")}


async def set_up(purpose: str) -> None:
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - inside asyncio.run
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, task.cancel)
    settings = Settings.from_env(os.environ)
    await system.prepare(for_tests=purpose == "test")
    if purpose == "check":
        await python.install(_SETS[purpose])
        return
    settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with asyncio.TaskGroup() as both:
        both.create_task(parts.asterisk(settings))
        both.create_task(_then_phrases(purpose, settings))


async def _then_phrases(purpose: str, settings: Settings) -> None:
    async with asyncio.TaskGroup() as both:
        both.create_task(system.complete(for_tests=purpose == "test"))
        both.create_task(python.install(_SETS[purpose]))
    await assets.assets()
    await parts.phrases(settings)


def main() -> int:
    try:
        asyncio.run(set_up(sys.argv[1]))
    except asyncio.CancelledError:
        return 130
    except (Failed, VaxelError) as error:
        return _tell(error)
    except ExceptionGroup as group:
        if group.split((Failed, VaxelError))[1] is not None:
            raise
        return _tell(group)
    return 0


def _tell(error: Exception) -> int:
    for each in error.exceptions if isinstance(error, ExceptionGroup) else (error,):
        if isinstance(each, ExceptionGroup):
            _tell(each)
        else:
            print(f"set-up: {each}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
