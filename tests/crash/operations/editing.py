"""What a person decides: done when it is in the catalogue of the vault."""

from pbx.store import messages
from tests.crash.injector import Child
from tests.crash.operations import Operation, Told, announced
from tests.library.house import House

NAME, SCRIPT, WORDS = "lunch", "Vi äter lunch.", "Welcome in other words."


class Edit(Operation):
    """A new message, and new words for one that is there."""

    name = "edit"
    announces = "added"

    async def prepare(self, house: House) -> None:
        self._company, self._welcome = house.world.exempel.id, house.world.welcome.id

    async def act(self, house: House, child: Child) -> None:
        await house.library.messages.set_script(self._company, self._welcome, "en", WORDS, by="test")
        child.tell(edited=True)
        await house.library.messages.add(self._company, NAME, scripts={"sv": SCRIPT}, by="test")
        child.tell(added=True)

    async def lacks(self, house: House, told: Told) -> list[str]:
        """Each edit is there with all its rows, or not at all."""
        async with house.world.store.read(self._company) as tx:
            welcome = await messages.with_texts(tx, self._welcome)
            there = await messages.by_name(tx, NAME)
            added = await messages.with_texts(tx, there.id) if there else None
        found: list[str] = []
        if announced(told, "edited") and welcome.texts["en"].script != WORDS:
            found.append(f"the script is {welcome.texts['en'].script!r}")
        if announced(told, "added") and added is None:
            found.append("the new message is not there")
        if added is not None and added.texts["sv"].script != SCRIPT:
            found.append(f"half a message is there: {added}")
        for heard in (welcome, added):
            lang = "en" if heard is welcome else "sv"
            if (
                heard
                and heard.message.id
                and (how := await self._heard(house, heard.message.id, lang)) != "spoken-script"
            ):
                found.append(f"of {heard.message.name} callers hear {how}")
        return found

    async def _heard(self, house: House, message: str, lang: str) -> str:
        return (await house.library.messages.playable_message(self._company, message, lang)).heard
