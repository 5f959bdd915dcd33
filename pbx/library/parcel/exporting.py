"""One company as a parcel: a zip of ordinary sound files, and a manifest that says what each is."""

import asyncio
import hashlib
import json
import os
import stat
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pbx.audio import flac
from pbx.audio.flac import NotAudio
from pbx.audio.pcm import RATE, Pcm
from pbx.company.names import slug
from pbx.errors import Lost, Refused
from pbx.library.originals import Originals
from pbx.library.parcel import wav
from pbx.library.parcel.archive import LARGEST_MANIFEST, MOST_FILES
from pbx.library.parcel.gathering import Rows, all_messages, caller_told, gather, told, voice_messages
from pbx.library.parcel.manifest import FORMAT, NAME, AudioFile, MessageIn, TextIn, VersionIn, VoiceIn
from pbx.store import Store, audit
from pbx.store.messages import Heard
from pbx.store.values import Version, VoiceMessage

_FIRST_YEAR = 1980  # before which a zip knows no time


@dataclass(frozen=True, slots=True)
class Exported:
    """`lost`: recordings whose audio is in no copy any more, as `3 welcome sv 2`: the manifest tells them, without
    sound."""

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
            packing = _Packing(company, self._originals, file)
            messages = [
                await packing.message(heard, versions) async for heard, versions in all_messages(self._store, company)
            ]
            voice = await self._voice(rows, packing)
            await asyncio.to_thread(packing.close, rows, messages, voice, self._store.clock())
        async with self._store.begin(company) as tx:
            await audit.write(tx, by, "company exported", rows.company.name, file=path.name, files=packing.files)
        return Exported(len(messages), len(voice), packing.files, tuple(packing.lost))

    async def _voice(self, rows: Rows, packing: "_Packing") -> list[VoiceIn]:
        found: list[VoiceIn] = []
        for box in rows.boxes:
            async with self._store.read(rows.company.id) as tx:
                left = await voice_messages(tx, box)
            user = rows.names.users[box.user]
            folder = f"voice/{user.extension}-{slug(user.name)}"
            found += [await packing.voice(one, user.extension, f"{folder}/{n:03}") for n, one in enumerate(left, 1)]
        return found


class _Packing:
    """Writes each recording into the zip as it comes, and remembers what the manifest is to say of it."""

    def __init__(self, company: str, originals: Originals, file: zipfile.ZipFile) -> None:
        self._company = company
        self._originals = originals
        self._zip = file
        self.files = 0
        self.lost: list[str] = []

    async def message(self, heard: Heard, versions: list[Version]) -> MessageIn:
        message = heard.message
        folder = f"messages/{message.number:03}-{slug(message.name)}"
        texts: dict[str, TextIn] = {}
        for lang, text in sorted(heard.texts.items()):
            mine = [version for version in versions if version.text == text.id and version.retired_at is None]
            what = f"{message.number} {message.name} {lang}"
            packed = [await self._version(version, f"{folder}/{lang}", what) for version in mine]
            texts[lang] = TextIn(text.script, text.current.number if text.current else 0, tuple(packed))
        return MessageIn(message.number, message.name, message.kind, texts)

    async def _version(self, of: Version, name: str, what: str) -> VersionIn:
        audio = await self._audio(of.sha256, f"{name}-v{of.number}.wav", of.created_at, f"{what} {of.number}")
        return VersionIn(
            of.number, of.source, of.made_by, of.from_number, of.created_at.isoformat(), of.first, of.last,
            of.level_db, of.notes, of.interrupted, of.used_at is not None, of.sha256, audio,
        )  # fmt: skip

    async def voice(self, of: VoiceMessage, extension: str, name: str) -> VoiceIn:
        audio = await self._audio(of.sha256, f"{name}.wav", of.at, f"{extension} {of.at:%Y-%m-%d %H:%M}")
        return VoiceIn(
            extension, caller_told(of.caller), of.at.isoformat(), of.state, of.lang, of.first, of.last,
            of.interrupted, of.sha256, audio,
        )  # fmt: skip

    async def _audio(self, sha256: str, name: str, at: datetime, what: str) -> AudioFile | None:
        try:
            data = await self._originals.get(self._company, sha256)
            return await asyncio.to_thread(self._write_sound, name, flac.decode(data), at)
        except (Lost, NotAudio):
            self.lost.append(what)
            return None

    def _write_sound(self, name: str, pcm: Pcm, at: datetime) -> AudioFile:
        data = wav.encode(pcm)
        self._write(name, data, at)
        return AudioFile(name, hashlib.sha256(data).hexdigest(), round(len(pcm) / RATE, 3))

    def _write(self, name: str, data: bytes, at: datetime) -> None:
        info = zipfile.ZipInfo(name, max(at, at.replace(year=_FIRST_YEAR)).timetuple()[:6])
        info.external_attr = (stat.S_IFREG | 0o600) << 16
        self._zip.writestr(info, data, zipfile.ZIP_DEFLATED if name == NAME else zipfile.ZIP_STORED)
        self.files += 1
        if self.files > MOST_FILES:
            raise Refused("archive-too-big", f"{self.files} files")

    def close(self, rows: Rows, messages: list[MessageIn], voice: list[VoiceIn], now: datetime) -> None:
        whole: dict[str, Any] = {
            "format": FORMAT, "made_at": now.isoformat(), **told(rows), "messages": messages, "voice_messages": voice,
        }  # fmt: skip
        text = json.dumps(whole, ensure_ascii=False, indent=1, default=asdict)
        data = text.encode("utf-8", "replace")
        if len(data) > LARGEST_MANIFEST:
            raise Refused("archive-too-big", NAME)
        self._write(NAME, data, now)


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
