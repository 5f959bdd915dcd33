"""The files of a parcel, written as they come."""

import asyncio
import hashlib
import json
import stat
import zipfile
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pbx.audio import flac
from pbx.audio.flac import NotAudio
from pbx.audio.pcm import RATE, Pcm
from pbx.audio.sniffing import kind_of
from pbx.company.names import slug
from pbx.errors import Lost, Refused
from pbx.library.originals import Originals
from pbx.library.parcel import wav
from pbx.library.parcel.archive import LARGEST_MANIFEST, MOST_FILES
from pbx.library.parcel.gathering import Rows, caller_told, told
from pbx.library.parcel.manifest import (
    FORMAT,
    NAME,
    AudioFile,
    MessageIn,
    OriginalFile,
    PictureFile,
    TextIn,
    VersionIn,
    VoiceIn,
)
from pbx.pictures.portrait import SUFFIX
from pbx.store.messages import Heard
from pbx.store.pictures import Picture
from pbx.store.values import User, Version, VoiceMessage

_FIRST_YEAR = 1980  # before which a zip knows no time


class Packing:
    """Writes each recording and picture into the zip as it comes, and remembers what the manifest is to say of it."""

    def __init__(self, company: str, originals: Originals, file: zipfile.ZipFile) -> None:
        self._company = company
        self._originals = originals
        self._zip = file
        self.files = 0
        self.lost: list[str] = []
        self._pictures: dict[str, PictureFile] = {}

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
            await self._original(of, f"{name}-v{of.number}-original", f"{what} {of.number} original"),
            of.voice, of.script_sha256,
        )  # fmt: skip

    async def _original(self, of: Version, name: str, what: str) -> OriginalFile | None:
        """As it was uploaded."""
        if of.original is None:
            return None
        try:
            data = await self._originals.get(self._company, of.original.sha256)
        except Lost:
            self.lost.append(what)
            return None
        file = f"{name}.{kind_of(data)}"
        await asyncio.to_thread(self._write, file, data, of.created_at)
        return OriginalFile(file, of.original.sha256)

    async def voice(self, of: VoiceMessage, extension: str, name: str) -> VoiceIn:
        audio = await self._audio(of.sha256, f"{name}.wav", of.at, f"{extension} {of.at:%Y-%m-%d %H:%M}")
        return VoiceIn(
            extension, caller_told(of.caller), of.at.isoformat(), of.state, of.lang, of.first, of.last,
            of.interrupted, of.sha256, audio,
        )  # fmt: skip

    async def picture(self, of: Picture, user: User) -> None:
        name = f"pictures/{user.extension}-{slug(user.name)}{SUFFIX}"
        try:
            data = await self._originals.get(self._company, of.sha256)
        except Lost:
            self.lost.append(f"{user.extension} picture")
            return
        await asyncio.to_thread(self._write, name, data, of.made_at)
        self._pictures[user.id] = PictureFile(name, of.sha256)

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
            "format": FORMAT, "made_at": now.isoformat(), **told(rows, self._pictures), "messages": messages,
            "voice_messages": voice,
        }  # fmt: skip
        text = json.dumps(whole, ensure_ascii=False, indent=1, default=asdict)
        data = text.encode("utf-8", "replace")
        if len(data) > LARGEST_MANIFEST:
            raise Refused("archive-too-big", NAME)
        self._write(NAME, data, now)
