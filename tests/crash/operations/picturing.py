"""A user gets another picture."""

from tests.crash.injector import Child
from tests.crash.operations import Operation, Told, announced
from tests.library.house import House
from tests.pictures import shots

BEFORE, NOW = (shots.saved(shots.scene().rotate(angle), "PNG") for angle in (0, 180))


class Picture(Operation):
    """The one before can still be brought back."""

    name = "picture"
    announces = "shown"

    async def prepare(self, house: House) -> None:
        self._company, self._user = house.world.exempel.id, house.world.alva.id
        pictures = house.library.pictures
        await pictures.set(self._company, self._user, BEFORE, by="test")
        self._before, self._now = [await pictures.would_be(data) for data in (BEFORE, NOW)]

    async def act(self, house: House, child: Child) -> None:
        await house.library.pictures.set(self._company, self._user, NOW, by="test")
        child.tell(shown=True)

    async def lacks(self, house: House, told: Told) -> list[str]:
        there = [one.sha256 for one in await house.library.pictures.of_user(self._company, self._user)]
        right = [[self._now, self._before], [self._before]]
        if there not in right[: 1 if announced(told, "shown") else 2]:
            return [f"the pictures are {there}, of {self._before} and then {self._now}"]
        for one in there:
            await house.vault.get(self._company, one)
        view = (await house.library.pictures.all(self._company))[self._user]
        return [] if (view.sha256, view.state) == (there[0], "ok") else [f"{view} is shown, of {there}"]
