"""One company as a parcel: a zip of ordinary sound files, and a manifest that says what each is."""

import asyncio
import os
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pbx.company.names import slug
from pbx.errors import Refused
from pbx.library.originals import Originals
from pbx.library.parcel.gathering import Rows, all_messages, gather, voice_messages
from pbx.library.parcel.manifest import VoiceIn
from pbx.library.parcel.packing import Packing
from pbx.store import Store, audit


@dataclass(frozen=True, slots=True)
class Exported:
    """`lost`: recordings whose audio is in no copy any more, as `3 welcome sv 2`: the manifest tells them, without
    sound; and pictures, as `201 picture`."""

    messages: int
    voice_messages: int
    files: int
    lost: tuple[str, ...]


class Exporting:
    def __init__(self, store: Store, originals: Originals) -> None:
        self._store = store
        self._originals = originals

    async def export(self, company: str, path: Path, *, by: str) -> Exported:
        """Written beside `path` and put there when it is whole. One recording at a time is in memory.

        Refused: `company-unknown`, `archive-exists`, `archive-too-big`, `archive-unwritable`.
        """
        rows = await gather(self._store, company)
        async with _new_zip(path) as file:
            packing = Packing(company, self._originals, file)
            messages = [
                await packing.message(heard, versions) async for heard, versions in all_messages(self._store, company)
            ]
            voice = await self._voice(rows, packing)
            for user, picture in rows.pictures.items():
                await packing.picture(picture, rows.names.users[user])
            await asyncio.to_thread(packing.close, rows, messages, voice, self._store.clock())
        async with self._store.begin(company) as tx:
            await audit.write(tx, by, "company exported", rows.company.name, file=path.name, files=packing.files)
        return Exported(len(messages), len(voice), packing.files, tuple(packing.lost))

    async def _voice(self, rows: Rows, packing: Packing) -> list[VoiceIn]:
        found: list[VoiceIn] = []
        for box in rows.boxes:
            async with self._store.read(rows.company.id) as tx:
                left = await voice_messages(tx, box)
            user = rows.names.users[box.user]
            folder = f"voice/{user.extension}-{slug(user.name)}"
            found += [await packing.voice(one, user.extension, f"{folder}/{n:03}") for n, one in enumerate(left, 1)]
        return found


@asynccontextmanager
async def _new_zip(path: Path) -> AsyncIterator[zipfile.ZipFile]:
    """For its owner only: there are people's voices in it. Nothing half is ever found under its name."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    if os.path.lexists(path):
        raise Refused("archive-exists", path.name)
    try:
        with os.fdopen(_private(beside), "wb") as raw, zipfile.ZipFile(raw, "w") as file:
            yield file
        await asyncio.to_thread(_put, beside, path)
    except OSError as error:
        raise Refused("archive-unwritable", f"{path.name}: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)


def _private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


def _put(beside: Path, path: Path) -> None:
    """On the disk, whole, under its name."""
    for one in (beside, path.parent):
        opened = os.open(one, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(opened)
            if one == beside:
                beside.rename(path)
        finally:
            os.close(opened)
