"""A database that is older than the vault gets back what it lacks, before anything else is done."""

import shutil
from pathlib import Path

from pbx.library import returning
from tests.crash.homes import recorded
from tests.crash.injector import Child
from tests.crash.operations import Operation, Told
from tests.crash.saved import Saved
from tests.library.house import House


class BringBack(Operation):
    name = "bring back"
    announces = "back"
    goes_on = False  # it happens before anything else does; where it fails, the service does not start

    async def prepare(self, house: House) -> None:
        database = house.world.store.path
        await house.world.store.close()
        shutil.copyfile(database, _old(database))
        await house.world.store.open()
        self._saved: list[Saved] = [await recorded(house, await house.greeting(), "what the old database lacks")]

    def disturb(self, root: Path) -> None:
        database = root / "vaxel.db"
        _old(database).replace(database)

    async def act(self, house: House, child: Child) -> None:
        await returning.bring_back(house.world.store.path, house.vault)
        child.tell(back=True)

    async def lacks(self, house: House, told: Told) -> list[str]:
        return [lack for saved in self._saved for lack in await saved.lacks(house)]


def _old(database: Path) -> Path:
    return database.with_name("old.db")
