"""A company leaves as a zip, and comes in again as another one."""

from pbx.company import Companies
from pbx.library.parcel import Exporting, Importing
from pbx.library.parcel.importing import Imported
from pbx.store import mailboxes, messages, people
from tests.crash.homes import recorded
from tests.crash.injector import Child
from tests.crash.operations import Operation, Told, announced
from tests.library.house import House
from tests.store.world import COUNTRIES

NAME = "Tredje AB"


class Import(Operation):
    """With a prompt, a greeting and a voice message; the parcel itself lies where nothing fails."""

    name = "import"
    announces = "imported"

    async def prepare(self, house: House) -> None:
        await recorded(house, await house.greeting(), "not at my desk")
        self._parcel = house.root.with_name("parcel.zip")
        await Exporting(house.world.store, house.library.originals).export(
            house.world.exempel.id, self._parcel, by="test"
        )
        self._wanted = await _sounds(house, house.world.exempel.id)

    async def act(self, house: House, child: Child) -> None:
        done = await self._bring_in(house)
        child.tell(imported=not done.left)

    async def lacks(self, house: House, told: Told) -> list[str]:
        """What did not come to its end is done again; then everything is there once."""
        found: list[str] = []
        if not announced(told, "imported"):
            found = [f"not taken: {left}" for left in (await self._bring_in(house)).left]
            await house.library.published.mend()
        company = next((one for one in await Companies(house.world.store).all() if one.name == NAME), None)
        if company is None:
            return [*found, "the company is not there"]
        there = await _sounds(house, company.id)
        if there != self._wanted:
            found.append(f"there is {there}, and should be {self._wanted}")
        for one in {sha256 for names in there.values() for sha256 in names}:
            await house.vault.get(company.id, one)
        return [*found, *await self._unheard(house, company.id)]

    async def _bring_in(self, house: House) -> Imported:
        library = house.library
        importing = Importing(house.world.store, house.vault, library.messages, library.erased, COUNTRIES)
        return await importing.bring_in(self._parcel, NAME, by="test")

    async def _unheard(self, house: House, company: str) -> list[str]:
        """Recordings that callers do not hear."""
        views = await house.library.messages.all(company)
        return [
            f"{one.name} is heard as {one.heard}" for one in views if one.name in self._wanted and one.heard != "own"
        ]


async def _sounds(house: House, company: str) -> dict[str, list[str]]:
    """By message, or a user's name, the recordings that are current or lie in the mailbox."""
    found: dict[str, list[str]] = {}
    async with house.world.store.read(company) as tx:
        for heard in await messages.page(tx, 0, 500):
            if current := [text.current.sha256 for text in heard.texts.values() if text.current]:
                found[heard.message.name] = current
        for user in await people.everybody(tx):
            box = await mailboxes.of_user(tx, user.id)
            if left := [one.sha256 for one in await mailboxes.messages(tx, box.id)]:
                found[user.name] = left
    return found
