"""The operations that are interrupted, each with what it needs beforehand and what must be true afterwards."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from tests.crash.injector import Child
from tests.library.house import House

Told = list[dict[str, Any]]


class Operation(ABC):
    """`announces`: what it tells when nothing goes wrong. `at_start`: it happens before anything else does; where it
    fails, the service does not start."""

    name: str
    announces: str
    at_start = False

    async def prepare(self, house: House) -> None:
        """What must be there beforehand."""
        return

    def disturb(self, root: Path) -> None:
        """What is done to the files then, when all is closed."""
        return

    @abstractmethod
    async def act(self, house: House, child: Child) -> None:
        """What is interrupted; it tells what it announces, at the moment when a person would hear or see it."""

    @abstractmethod
    async def lacks(self, house: House, told: Told) -> list[str]:
        """By what was told, what is not as it must be after a restart; nothing, if all is well."""


def announced(told: Told, what: str) -> bool:
    return any(one.get(what) for one in told)
