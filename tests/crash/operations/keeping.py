"""A take is kept: of a greeting, of the company's welcome, or of a message that a caller leaves."""

from pathlib import Path

from pbx.library.keeping import WAITING
from pbx.rules.jobs import JobState
from pbx.store import takes, versions
from pbx.store.values import Take, TakeKind
from tests.crash.homes import prompt
from tests.crash.injector import Child
from tests.crash.operations import Operation, Told, announced
from tests.crash.saved import Saved
from tests.library.house import House

WORDS = "hello"


class Keep(Operation):
    announces = "saved"

    def __init__(self, kind: TakeKind) -> None:
        self.kind = kind
        self.name = "voice message" if kind == "voice" else kind

    async def prepare(self, house: House) -> None:
        self._take = await self._expected(house)
        house.speak(self._take, WORDS)

    async def _expected(self, house: House) -> Take:
        if self.kind == "prompt":
            queue = await house.library.messages.add(house.world.exempel.id, "queue", "queue", by="test")
            return await prompt(house, queue.id)
        return await (house.greeting() if self.kind == "greeting" else house.voice_message())

    async def act(self, house: House, child: Child) -> None:
        """As the flows do: what the caller hears is told."""
        take, jobs = self._take, house.library.jobs
        if self.kind == "prompt":
            await jobs.step(take.company, take.owner, JobState.JUDGING)
        kept = await house.keep(take)
        if kept.ok and self.kind == "prompt":
            await jobs.step(take.company, take.owner, JobState.SAVED)
        child.tell(saved=kept.ok, waiting=kept.says == WAITING)

    async def lacks(self, house: House, told: Told) -> list[str]:
        """Kept it is in any case, since it lies whole in the spool; only a prompt that nobody was told of as saved may
        be one that is not heard."""
        saved = announced(told, "saved")
        async with house.world.store.read(self._take.company) as tx:
            take = await takes.get(tx, self._take.id)
            version = await versions.of_take(tx, take.id)
        heard = saved or self.kind != "prompt" or (version is not None and version.used_at is not None)
        found = await Saved(take.company, take.id, self.kind, WORDS, heard).lacks(house)
        if saved and take.interrupted:
            found.append("announced as saved, and marked as interrupted")
        if self.kind == "prompt":
            job = await house.library.jobs.get(take.company, take.owner)
            wanted = JobState.REJECTED if take.interrupted else JobState.SAVED
            if job.state is not wanted:
                found.append(f"the job is {job.state} {job.because}, and should be {wanted}")
        return found


class Wait(Keep):
    """The same where no copy takes an object: it is told as waiting, and lies in the spool until one does."""

    announces = "waiting"
    goes_on = False

    def __init__(self) -> None:
        super().__init__("greeting")
        self.name = "wait"

    async def prepare(self, house: House) -> None:
        self._take = await self._expected(house)

    def disturb(self, root: Path) -> None:
        for objects in _objects(root):
            objects.rename(objects.with_name("away"))
            objects.touch()

    def repair(self, root: Path) -> None:
        for objects in _objects(root):
            if objects.is_file():
                objects.unlink()
                objects.with_name("away").rename(objects)

    async def act(self, house: House, child: Child) -> None:
        """What Asterisk has written it has not synced."""
        house.speak(self._take, WORDS)
        child.tell(spoken=True)
        await super().act(house, child)

    async def lacks(self, house: House, told: Told) -> list[str]:
        return await super().lacks(house, told) if announced(told, "waiting") else []


def _objects(root: Path) -> list[Path]:
    """The folders of objects, of every company in every copy."""
    return [path for copy in ("a", "b") for path in (root / copy / "companies").glob("*/objects")]
