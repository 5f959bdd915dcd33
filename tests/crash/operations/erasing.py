"""A message is erased for good, with its recordings."""

import shutil
from dataclasses import replace
from pathlib import Path

from pbx.store import messages, versions
from tests.crash.homes import prompt, recorded
from tests.crash.injector import Child
from tests.crash.operations import Operation, Told, announced
from tests.library.house import House

SCRIPT = "Lunchrummet har stängt."


class Erase(Operation):
    """The order, and its carrying out: in every copy, in the catalogue, which begins anew, and in the files here."""

    name = "erase"
    announces = "obeyed"

    async def prepare(self, house: House) -> None:
        self._company = house.world.exempel.id
        message = await house.library.messages.add(self._company, "lunch", scripts={"sv": SCRIPT}, by="test")
        self._message = message.id
        older, newest = [await recorded(house, await prompt(house, message.id), words) for words in ("closed", "open")]
        self._saved = (replace(older, heard=False), newest)
        async with house.world.store.read(self._company) as tx:
            self._names = [version.sha256 for version in await versions.of_message(tx, message.id)]

    def disturb(self, root: Path) -> None:
        """What a migration has left."""
        shutil.copyfile(root / "vaxel.db", root / "vaxel.db.0001")

    async def act(self, house: House, child: Child) -> None:
        await house.library.erasing.order_message(self._company, self._message, by="test", because="test")
        child.tell(ordered=True)
        await house.library.erasing.work()
        child.tell(obeyed=not await house.library.erasing.orders(self._company))

    async def lacks(self, house: House, told: Told) -> list[str]:
        async with house.world.store.read(self._company) as tx:
            there = await messages.by_name(tx, "lunch")
        if there is None:
            return await self._left(house)
        if announced(told, "ordered"):
            return ["what was ordered to be erased is still there"]
        return [lack for saved in self._saved for lack in await saved.lacks(house)]

    async def _left(self, house: House) -> list[str]:
        """What still tells of it anywhere."""
        found = [f"an order is open: {order}" for order in await house.library.erasing.orders(self._company)]
        for folder in (*house.copies, house.root / "published", house.spool):
            for path in filter(Path.is_file, folder.rglob("*")):
                text = str(path).encode() + path.read_bytes()
                found += [f"{path} tells of {name}" for name in (*self._names, SCRIPT) if name.encode() in text]
        found += [f"{path} is there" for path in house.root.glob("vaxel.db.[0-9]*")]
        return found
