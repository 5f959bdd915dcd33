"""What a walk begins with, made once: two companies with the same message names, empty or with recordings."""

import gc
import logging
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.model.at_once import at_once
from tests.model.premises import Premises, Sounds, engines_kept
from tests.model.scene import Scene
from tests.model.sounds import remembered
from tests.store.world import Clock, populate

_MEMORY = Path("/dev/shm")  # noqa: S108
_ROOM = 1 << 30
NAMES = ("lunch", "semester", "kö")
"""Messages that both companies have, besides `welcome`."""
FULL = 24
"""So many recordings are there in a walk that begins with some: a copy that lacks most of them is frozen."""


@dataclass(frozen=True)
class Template:
    """`folder`/empty and `folder`/full are what walks begin with."""

    folder: Path
    sounds: Sounds
    companies: tuple[str, str]

    async def scene(self, root: Path, seed: str, *, full: bool, safe: bool = True) -> Scene:
        """One to walk in, in `root`, which is made."""
        shutil.copytree(self.folder / ("full" if full else "empty"), root)
        scene = Scene(Premises(root, self.sounds, Clock()), self.companies, seed, safe=safe)
        await scene.begin()
        return scene


@contextmanager
def template() -> Iterator[Template]:
    """In memory where that has room, since an fsync costs nothing there; gone at the end."""
    memory = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    folder = Path(tempfile.mkdtemp(prefix="model-walks-", dir=_MEMORY if memory else None))
    logging.disable(logging.CRITICAL)  # of each fault there are lines enough to hide what matters
    try:
        with remembered(), engines_kept():
            made = at_once(lambda: _made(folder))
            gc.freeze()  # what is here now stays until the end, and need not be looked through again and again
            yield made
    finally:
        gc.unfreeze()
        logging.disable(logging.NOTSET)
        shutil.rmtree(folder, ignore_errors=True)


async def _made(folder: Path) -> Template:
    sounds = Sounds.made(folder / "sounds")
    premises = Premises(folder / "empty", sounds, Clock())
    await premises.start()
    await premises.store.close()
    shutil.copyfile(premises.store.path, premises.root / "none.db")
    await premises.store.open()
    world = await populate(premises.store, premises.clock)
    companies = world.exempel.id, world.annat.id
    for company in companies:
        for name in NAMES:
            await premises.library.messages.add(company, name, by="model")
    await premises.stop()
    (premises.root / "vault.json").unlink()  # it names folders; the copies are known again by their marks
    made = Template(folder, sounds, companies)
    await _filled(made)
    return made


async def _filled(template: Template) -> None:
    """The same, with recordings."""
    from tests.model.rules.recording import call_begins, hangs_up, speaks

    scene = await template.scene(template.folder / "full", "template", full=False)
    rng = random.Random("template")
    while scene.recordings < FULL:
        for step in (call_begins, speaks, hangs_up):
            await step(scene, rng)
    await scene.premises.library.takes.adopt()
    await scene.premises.stop()
    (scene.premises.root / "vault.json").unlink()
