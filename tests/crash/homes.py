"""The library on which everything is tried: two companies, two copies, everything published, something recorded."""

import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pbx.company import People
from pbx.library import Library
from pbx.library.library import Folders
from pbx.phrases import Phrases
from pbx.rules.jobs import JobState
from pbx.rules.numbers import Number
from pbx.store import Store, catalogue, engine, redo
from pbx.store.values import Take
from pbx.vault import Vault
from tests.crash.saved import Saved
from tests.library.house import House, OtherVoice
from tests.store.world import COUNTRIES, Clock, World, populate

NODE = "node"
ALVAS_NUMBER = "+46701740605"


@dataclass(frozen=True)
class Home:
    """`root` is where it stands whenever it is used, since the register of copies tells whole paths; `template` is how
    it is at the beginning. `saved`: what has been announced as saved by then."""

    world: World
    root: Path
    template: Path
    saved: tuple[Saved, ...]

    def restore(self) -> None:
        """Everything as in the template. What lies in folders is never written in place, so that it need not be
        copied."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.template, self.root, copy_function=self._copied)

    def _copied(self, source: str, target: str) -> None:
        if Path(source).parent == self.template:
            shutil.copy2(source, target)
        else:
            os.link(source, target)

    def kept(self, name: str) -> "Home":
        """The same with what is there now as its template."""
        template = self.root.with_name(name)
        shutil.copytree(self.root, template)
        return replace(self, template=template)

    async def opened(self) -> House:
        store = Store(self.root / "vaxel.db")
        await store.open()
        return self.house(store)

    def house(self, store: Store) -> House:
        vault = Vault([self.root / "a", self.root / "b"], register=self.root / "vault.json")
        voice = OtherVoice()
        folders = Folders(self.root / "published", self.root / "spool", self.root / "proof.json")
        library = Library(store, vault, folders, voice, _phrases(self.root / "sounds"))
        return House(replace(self.world, store=store), self.root, library, vault, voice)


_phrases = cache(Phrases)
# Statements are compiled once, by the process that is forked; the connections are each child's own.
engine.reader, engine.writer = cache(engine.reader), cache(engine.writer)


async def settle(folder: Path) -> Home:
    """The first state, in a folder that is empty."""
    root = folder / "home"
    for part in ("spool/recording", "sounds", "tmp"):
        (root / part).mkdir(parents=True)
    tempfile.tempdir = str(root / "tmp")  # what a rendition leaves half done is among what may fail
    store = Store(root / "vaxel.db")
    await store.open()
    world = await populate(store, Clock())
    home = Home(world, root, root, ())
    house = home.house(store)
    await People(store).add_number(world.exempel.id, world.alva.id, ALVAS_NUMBER, COUNTRIES, by="test")
    saved = (
        await recorded(house, await prompt(house), "welcome to us"),
        await recorded(house, await house.voice_message(), "please call back"),
    )
    await house.library.published.mend()
    known = [await one.known(house) for one in saved]
    for company in (world.exempel.id, world.annat.id):
        image = redo.image(store.path, company)
        await house.library.catalogue.export_to_all(company)
        await house.vault.catalogue.trim(company, image)
        async with store.begin(company) as tx:
            await catalogue.forget(tx, image)
    await closed(house)
    return replace(home, saved=tuple(known)).kept("template")


async def closed(house: House) -> None:
    await house.library.drain()
    await house.world.store.close()
    house.vault.close()


async def prompt(house: House, message: str | None = None) -> Take:
    """A take of a message, the welcome if no other is named; its call is at the point where it is spoken."""
    company, jobs = house.world.exempel.id, house.library.jobs
    job = await jobs.request(company, message or house.world.welcome.id, "sv", ALVAS_NUMBER, asked_by="test")
    await jobs.claim(NODE)
    for state in (JobState.DIALLING, JobState.ANSWERED, JobState.RECORDING):
        await jobs.step(company, job.id, state)
    return await house.library.takes.expect(
        company, "prompt", job.id, lang="sv", channel=job.id, caller=Number(ALVAS_NUMBER), by="test"
    )


async def recorded(house: House, take: Take, words: str) -> Saved:
    """Spoken, kept and told as saved."""
    house.speak(take, words)
    assert (await house.keep(take)).ok
    if take.kind == "prompt":
        for state in (JobState.JUDGING, JobState.SAVED):
            await house.library.jobs.step(take.company, take.owner, state)
    return Saved(take.company, take.id, take.kind, words)
