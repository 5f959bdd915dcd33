"""A company with something of everything, and what is in its parcel."""

import hashlib
import io
import json
import wave
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from pbx.audio.pcm import Pcm
from pbx.company import Menus, Numbers, People
from pbx.library.parcel import Exported, Exporting, Imported, Importing
from pbx.store import messages, new_versions, versions
from pbx.store.values import Audio, Target
from tests.audio.takes import telephone_speech
from tests.library.house import House
from tests.store.world import COUNTRIES

WELCOME = "welcome"


async def furnish(house: House) -> dict[str, Pcm]:
    """Exempel AB with a menu below its menu, numbers, recordings in two languages, and a voice message. What was
    spoken, by what it is."""
    world, library, store = house.world, house.library, house.world.store
    company, welcome = world.exempel.id, world.welcome
    menus, people, numbers = Menus(store), People(store), Numbers(store)
    closed = await library.messages.add(company, "closed", scripts={"sv": "Vi har stängt."}, by="test")
    below = await menus.add(company, "Information", fallback=Target("message", closed.id), tries=2, by="test")
    await menus.set_choice(company, world.menu.id, "1", Target("menu", below.id), by="test")
    await menus.set_choice(company, world.menu.id, "2", Target("extension", "202"), by="test")
    await menus.set_choice(company, world.menu.id, "3", Target("message", closed.id), by="test")
    await library.messages.place(company, "menu", f"{world.menu.id}/welcome", welcome.id, by="test")
    await library.messages.place(company, "announcement", "night", closed.id, by="test")
    await numbers.add(company, "+46701740620", "menu", target=world.menu.id, mailbox=world.box.id, by="test")
    await numbers.add(company, "+46701740633", "voicemail", by="test")
    await people.add_number(company, world.alva.id, "+46701740605", COUNTRIES, by="test")
    await people.add_phone(company, world.alva.id, "Skrivbordet", by="test")
    spoken = {"sv 1": telephone_speech("welcome one", 2.0), "sv 2": telephone_speech("welcome two", 3.0)}
    for pcm in spoken.values():
        await upload(house, pcm)
    world.clock.pass_(hours=1)
    spoken["greeting"] = await house.recorded("greeting")
    spoken["voice"] = await house.left("please call back")
    return spoken


async def upload(house: House, pcm: Pcm, lang: str = "sv") -> None:
    """A recording of `welcome`, current from now on."""
    from pbx.audio import flac

    company = house.world.exempel.id
    stored = await house.vault.put(company, flac.encode(pcm), {})
    async with house.world.store.begin(company) as tx:
        text = await messages.text_id(tx, house.world.welcome.id, lang)
        audio = Audio(stored.sha256, stored.size, 100, len(pcm) - 100, -26.0)
        made = await new_versions.bring(tx, text, audio, "upload", made_by="web:alva", made_at=tx.now, notes="quiet")
        await versions.use(tx, made.id)


async def export(house: House, name: str = "exempel.zip") -> Path:
    path = house.root / name
    await exported(house, path)
    return path


async def exported(house: House, path: Path) -> Exported:
    exporting = Exporting(house.world.store, house.library.originals)
    return await exporting.export(house.world.exempel.id, path, by="cli:alva")


async def bring_in(house: House, path: Path, name: str | None = None) -> Imported:
    library = house.library
    importing = Importing(house.world.store, house.vault, library.messages, library.erased, COUNTRIES)
    return await importing.bring_in(path, name, by="cli:alva")


def manifest(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as file:
        told: dict[str, Any] = json.loads(file.read("manifest.json"))
    return told


def sound(path: Path, name: str) -> Pcm:
    """As any program would read it."""
    with zipfile.ZipFile(path) as file, wave.open(io.BytesIO(file.read(name))) as heard:
        assert heard.getparams()[:3] == (1, 2, 16_000)
        return np.frombuffer(heard.readframes(heard.getnframes()), "<i2").astype(np.int16)


def rewritten(path: Path, change: Callable[[dict[str, Any], dict[str, bytes]], object]) -> Path:
    """The same parcel after somebody has had a hand in its manifest and its files."""
    with zipfile.ZipFile(path) as file:
        files = {name: file.read(name) for name in file.namelist()}
    told = json.loads(files.pop("manifest.json"))
    change(told, files)
    changed = path.with_name(f"changed-{len(list(path.parent.iterdir()))}.zip")
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
        file.writestr("manifest.json", json.dumps(told))
    return changed


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
