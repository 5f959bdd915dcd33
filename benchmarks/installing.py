"""What only benchmarks need is installed when they first run."""

import asyncio
import shutil

from setup import steps, system


async def step(name: str, *argv: str, env: dict[str, str] | None = None) -> None:
    """As set-up's; uvloop, on which benchmarks run, cannot start a program in a group of its own. Raises Failed."""
    await asyncio.to_thread(lambda: asyncio.run(steps.step(name, *argv, env=env)))


async def program(name: str, package: str) -> None:
    """A program of Debian's. Raises Failed where it cannot be installed."""
    if not shutil.which(name):
        install = ("apt-get", "install", "-q", "-y", "--no-install-recommends", package)
        await step(name, *system.sudo(package), *install, env=system.QUIET)
