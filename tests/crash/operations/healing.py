"""What is wrong in one copy of the vault comes back from the other."""

import shutil
from pathlib import Path

from tests.crash.injector import Child
from tests.crash.operations import Operation, Told, announced
from tests.crash.restart import exported
from tests.library.house import House


class Sweep(Operation):
    """An object that is gone from one copy, and another that is gone from the other."""

    name = "heal"
    announces = "healed"

    async def prepare(self, house: House) -> None:
        house.objects(0)[0].unlink()
        house.objects(1)[1].unlink()

    async def act(self, house: House, child: Child) -> None:
        swept = await house.library.proof.sweep()
        child.tell(healed=swept.healed == 2 and not swept.lost)

    async def lacks(self, house: House, told: Told) -> list[str]:
        """The ledger knows of both, once."""
        return [*_unlike(house), *await _ledger(house, 2)]


class Scrub(Operation):
    """An object and an entry that are damaged, a sidecar and an entry that are gone."""

    name = "scrub"
    announces = "healed"

    async def prepare(self, house: House) -> None:
        first, second = house.copies
        for words in ("Two entries", "behind the image."):
            await house.library.messages.set_script(
                house.world.exempel.id, house.world.welcome.id, "en", words, by="test"
            )
        _damage(house.objects(0)[0])
        house.objects(1)[1].with_suffix(".json").unlink()
        entries = sorted((first / "companies" / house.world.exempel.id / "catalogue").iterdir())
        _damage(entries[-1])
        (second / entries[-2].relative_to(first)).unlink()

    async def act(self, house: House, child: Child) -> None:
        result = await house.library.proof.scrub()
        child.tell(healed=result.healed == 4 and not result.unhealed)

    async def lacks(self, house: House, told: Told) -> list[str]:
        found: list[str] = []
        if not announced(told, "healed"):
            found = [f"not healed: {one}" for one in (await house.library.proof.scrub()).unhealed]
        return [*found, *_unlike(house), *await _ledger(house, 1)]


class Refill(Operation):
    """A copy whose content is gone is filled again by a person's command."""

    name = "refill"
    announces = "refilled"

    async def prepare(self, house: House) -> None:
        for path in list(house.copies[1].iterdir()):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        await house.vault.states()

    async def act(self, house: House, child: Child) -> None:
        await self._refill(house)
        child.tell(refilled=True)

    async def lacks(self, house: House, told: Told) -> list[str]:
        """The command may be given again, and then it is done."""
        frozen = [state.frozen for state in await house.vault.states() if state.frozen]
        if announced(told, "refilled"):
            return [*map(str, frozen), *_unlike(house)]
        await self._refill(house)
        return _unlike(house)

    async def _refill(self, house: House) -> None:
        await house.vault.refill("2", None, house.library.erased)
        await exported(house)


def _damage(file: Path) -> None:
    """One bit, the length as before; the file is a new one, since it may have a name in the template too."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.unlink()
    file.write_bytes(data)


async def _ledger(house: House, lines: int) -> list[str]:
    """So many losses are told, each once, and all are over."""
    known = await house.library.ledger.all()
    return [] if len(known) == lines and all(line.healed_at for line in known) else [f"the ledger says {known}"]


def _unlike(house: House) -> list[str]:
    """What one copy holds, and the other not so."""
    first, second = (_files(copy) for copy in house.copies)
    return [
        f"{name} differs between the copies" for name in first.keys() | second if first.get(name) != second.get(name)
    ]


def _files(copy: Path) -> dict[str, bytes]:
    paths = [path for path in (copy / "companies").rglob("*") if path.is_file() and not path.name.startswith(".new-")]
    return {str(path.relative_to(copy)): path.read_bytes() for path in paths}
