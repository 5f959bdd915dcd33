"""The published tree is made anew."""

import hashlib
import shutil
from pathlib import Path

from tests.crash.injector import Child
from tests.crash.operations import Operation, Told
from tests.library.house import House


class Publish(Operation):
    """Of one company everything that callers hear is gone, and made again from the vault and by the voice."""

    name = "publish"
    announces = "made"

    async def prepare(self, house: House) -> None:
        published = house.root / "published"
        shutil.rmtree(published)
        await house.library.published.mend()
        self._before = _files(published)
        shutil.rmtree(published / house.world.exempel.id)

    async def act(self, house: House, child: Child) -> None:
        child.tell(made=await house.library.published.mend())

    async def lacks(self, house: House, told: Told) -> list[str]:
        """The same, file for file."""
        now = _files(house.root / "published")
        return [f"{name} is not as it was" for name, sha256 in self._before.items() if now.get(name) != sha256]


def _files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
