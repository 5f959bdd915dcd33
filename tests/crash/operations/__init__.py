"""The operations that are interrupted, each with what it needs beforehand and what must be true afterwards."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from tests.crash.injector import Child
from tests.library.house import House

Told = list[dict[str, Any]]


class Operation(ABC):
    """`announces`: what it tells when nothing goes wrong. `goes_on`: the service lives on afterwards, as it does
    when the fault is over."""

    name: str
    announces: str
    goes_on = True

    async def prepare(self, house: House) -> None:
        """What must be there beforehand."""
        return

    def disturb(self, root: Path) -> None:
        """What is done to the files then, when all is closed."""
        return

    def repair(self, root: Path) -> None:
        """What a person does before the restart."""
        return

    @abstractmethod
    async def act(self, house: House, child: Child) -> None:
        """What is interrupted; it tells what it announces, at the moment when a person would hear or see it."""

    @abstractmethod
    async def lacks(self, house: House, told: Told) -> list[str]:
        """By what was told, what is not as it must be after a restart; nothing, if all is well."""


def announced(told: Told, what: str) -> bool:
    return any(one.get(what) for one in told)
