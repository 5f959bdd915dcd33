"""A library on the two companies, with a vault of two copies, a spool, and a voice that needs no engine."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pbx.audio.pcm import Pcm, read_sln16, write_sln16
from pbx.library import Kept, Library, Playable
from pbx.library.library import Folders
from pbx.phrases import EXTENSIONS, LANGUAGES, Phrases
from pbx.rules.numbers import Caller, Extension, Number
from pbx.rules.voice_names import VoiceName
from pbx.speech import CannotSpeak
from pbx.speech.voices import Voices
from pbx.store.values import Take
from pbx.vault import Vault
from tests.audio.takes import telephone_speech
from tests.store.world import World

ALVAS_PHONE = Extension("201")
CALLER = Number("+46701740606")
NEUTRAL = ("neutral-menu-welcome", "neutral-announcement", "neutral-mailbox-greeting", "neutral-menu-choices")


class OtherVoice:
    """Says every text in its own way, at once. `said` is what it was asked for; of `mute` texts it says nothing."""

    name = "pseudo speech"

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.mute: set[str] = set()

    def recipe(self, text: str, lang: str) -> str:
        return hashlib.sha256(f"{self.name} {lang} {text}".encode("utf-8", "replace")).hexdigest()

    def about(self, lang: str) -> str:
        return f"{self.name} {lang}"

    async def speak(self, text: str, lang: str) -> Pcm:
        self.said.append((text, lang))
        if text in self.mute:
            raise CannotSpeak("mute")
        return telephone_speech(f"{lang} {text}", 0.5)


@dataclass
class House:
    """`root` holds everything; `voice` is the library's."""

    world: World
    root: Path
    library: Library
    vault: Vault
    voice: OtherVoice = field(repr=False)

    @property
    def copies(self) -> list[Path]:
        return [self.root / "a", self.root / "b"]

    @property
    def spool(self) -> Path:
        return self.root / "spool"

    async def greeting(self, *, lang: str = "sv", channel: str = "1.1", caller: Caller = ALVAS_PHONE) -> Take:
        """A take of Alva's greeting, expected and not spoken."""
        return await self.library.takes.expect(
            self.world.exempel.id,
            "greeting",
            self.world.box.id,
            lang=lang,
            channel=channel,
            caller=caller,
            by="call:201",
        )

    async def voice_message(self, *, channel: str = "2.1", caller: Caller = CALLER) -> Take:
        """A take of a message to Alva, expected and not spoken."""
        return await self.library.takes.expect(
            self.world.exempel.id, "voice", self.world.box.id, lang="sv", channel=channel, caller=caller
        )

    def speak(self, take: Take, seed: str, seconds: float = 4.0) -> Pcm:
        """What Asterisk does: the file is in the spool."""
        pcm = telephone_speech(seed, seconds)
        self.write(take.file, pcm)
        return pcm

    def write(self, file: str, pcm: Pcm) -> None:
        path = self.spool / file
        path.parent.mkdir(parents=True, exist_ok=True)
        write_sln16(path, pcm)

    async def keep(self, take: Take, *, interrupted: bool = False) -> Kept:
        return await self.library.takes.keep(take.company, take.id, interrupted=interrupted)

    async def recorded(self, seed: str, seconds: float = 4.0) -> Pcm:
        """A greeting of Alva's, spoken and kept."""
        take = await self.greeting()
        pcm = self.speak(take, seed, seconds)
        assert (await self.keep(take)).ok
        return pcm

    async def left(self, seed: str, seconds: float = 4.0, caller: Caller = CALLER) -> Pcm:
        """A message to Alva, spoken and kept."""
        take = await self.voice_message(caller=caller)
        pcm = self.speak(take, seed, seconds)
        assert (await self.keep(take)).ok
        return pcm

    async def at_alvas_mailbox(self, lang: str = "sv") -> Playable:
        """What her callers hear."""
        slot = f"{self.world.box.id}/greeting"
        return await self.library.messages.playable(self.world.exempel.id, "mailbox", slot, lang)

    def file(self, media: str, extension: str = "sln16") -> Path:
        """The file that Asterisk would open."""
        assert media.startswith("sound:/vaxel/published/")
        return self.root / "published" / f"{media.removeprefix('sound:/vaxel/published/')}.{extension}"

    def sounds(self, media: str) -> Pcm:
        return read_sln16(self.file(media))

    def said(self, text: str, lang: str = "sv") -> Pcm:
        """How the voice says it."""
        return telephone_speech(f"{lang} {text}", 0.5)

    def objects(self, copy: int = 0) -> list[Path]:
        folder = self.copies[copy]
        return sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".json" and len(p.name) == 64)

    def spooled(self) -> list[str]:
        """What is in the spool, by folder and name."""
        return sorted(str(p.relative_to(self.spool)) for p in self.spool.rglob("*") if p.is_file())


def alike(one: Pcm, other: Pcm) -> bool:
    """Whether it is the same sound, whatever the level and however much silence is around it."""
    a, b = (pcm.astype(np.float64) / max(1.0, float(np.abs(pcm).max())) for pcm in (one, other))
    size = 1 << (len(a) + len(b)).bit_length()
    together = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    return float(together.max() / np.sqrt((a @ a) * (b @ b))) > 0.9


CHOSEN = {"sv": VoiceName("pyttsx3", "sv"), "en": VoiceName("pyttsx3", "en-gb")}


def build(world: World, root: Path) -> House:
    """The library, as the service builds it, with a few neutral phrases as files."""
    sounds = root / "sounds"
    for lang in LANGUAGES:
        (sounds / lang).mkdir(parents=True, exist_ok=True)
        for key in NEUTRAL:
            for extension in EXTENSIONS:
                (sounds / lang / f"{key}.{extension}").touch()
    (root / "spool" / "recording").mkdir(parents=True, exist_ok=True)
    vault = Vault([root / "a", root / "b"], register=root / "vault.json")
    voice = OtherVoice()
    phrases = Phrases(sounds)
    folders = Folders(root / "published", root / "spool", root / "proof.json")
    library = Library(world.store, vault, folders, voice, phrases, voices=Voices(None, CHOSEN))
    return House(world, root, library, vault, voice)


async def twice_cancelled(task: asyncio.Task[object]) -> None:
    task.cancel()
    await asyncio.sleep(0.005)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
