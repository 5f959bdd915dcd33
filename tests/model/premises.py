"""The product on folders of its own, with copies that fail; closed and opened again from its files alone."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest.mock import patch

from pbx.library import Library, returning
from pbx.library.library import Folders
from pbx.library.originals import Originals
from pbx.library.returning import Returned
from pbx.library.spool import Spool
from pbx.phrases import EXTENSIONS, LANGUAGES, Phrases
from pbx.store import Store, engine
from pbx.vault import Vault
from tests.model.copies import Frail
from tests.model.sounds import Voice
from tests.model.truth import Registered, Rows, registered
from tests.store.world import Clock

DATABASE = "vaxel.db"
_BESIDE = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Running:
    """What is there between a start and an end."""

    store: Store
    vault: Vault
    library: Library
    originals: Originals


class Premises:
    """`root` holds everything: the database, copies `a` and `b`, spool, published files."""

    def __init__(self, root: Path, sounds: "Sounds", clock: Clock) -> None:
        self.root = root
        self.sounds = sounds
        self.clock = clock
        self.frail: dict[Path, Frail] = {}
        self.rows = Rows(root / DATABASE)
        self.spool = root / "spool"
        self.published = root / "published"
        self.running: Running
        for folder in ("recording", "survival"):
            (self.spool / folder).mkdir(parents=True, exist_ok=True)

    @property
    def library(self) -> Library:
        return self.running.library

    @property
    def vault(self) -> Vault:
        return self.running.vault

    @property
    def store(self) -> Store:
        return self.running.store

    async def start(self) -> list[Returned]:
        """As the service does; what an old database has got back."""
        vault = Vault(
            [self.root / "a", self.root / "b"], register=self.root / "vault.json", clock=self.clock, make=self.make,
            patience_s=0.0,
        )  # fmt: skip
        store = Store(self.root / DATABASE, clock=self.clock)
        await vault.open()
        await returning.refuse_to_begin_anew(store.path, vault)
        found = await returning.bring_back(store.path, vault)
        await store.open()
        folders = Folders(self.published, self.spool, self.root / "proof.json")
        library = Library(store, vault, folders, Voice(), self.sounds.phrases)
        self.running = Running(store, vault, library, Originals(store, vault, Spool(self.spool)))
        return found

    async def stop(self) -> None:
        self.rows.close()
        await self.library.drain()
        await self.store.close()
        self.vault.close()

    def make(self, folder: Path) -> Frail:
        """The copy in that folder; what it fails in outlives a restart."""
        if folder not in self.frail:
            self.frail[folder] = Frail(folder)
        return self.frail[folder]

    def registered(self) -> list[Registered]:
        return registered(self.root / "vault.json")

    def remember(self, name: str) -> None:
        """The database as it is now, put aside."""
        aside = self.root / name
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        for end in _BESIDE[:2]:
            if (file := self.root / f"{DATABASE}{end}").exists():
                shutil.copyfile(file, aside / file.name)

    def put_back(self, name: str) -> None:
        """While nothing runs: the database that was put aside, in place of the one that is there."""
        for end in _BESIDE:
            (self.root / f"{DATABASE}{end}").unlink(missing_ok=True)
        for file in (self.root / name).iterdir():
            shutil.copyfile(file, self.root / file.name)

    def media(self, media: Sequence[str]) -> list[Path]:
        """The files that Asterisk would open."""
        found: list[Path] = []
        for one in media:
            below, _, name = one.removeprefix("sound:/vaxel/").partition("/")
            found.append((self.published if below == "published" else self.sounds.folder) / f"{name}.sln16")
        return found


@contextmanager
def engines_kept() -> Iterator[None]:
    """One for each database's path: an engine knows the statements that it has compiled, which cost a walk a sixth."""
    with patch.object(engine, "reader", cache(engine.reader)), patch.object(engine, "writer", cache(engine.writer)):
        yield


@dataclass(frozen=True)
class Sounds:
    """The system's own phrases, as far as they are needed; they lie outside of everything that fails."""

    folder: Path
    phrases: Phrases

    @classmethod
    def made(cls, folder: Path) -> "Sounds":
        phrases = Phrases(folder)
        for key in (key for key in phrases.spoken_keys() if key.startswith("neutral-")):
            for path in (folder / lang / f"{key}.{extension}" for lang in LANGUAGES for extension in EXTENSIONS):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"\0\0")
        return cls(folder, phrases)
