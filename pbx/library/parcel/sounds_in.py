"""A parcel's sound files: proved to be what the manifest says, and put into the vault."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pbx.audio import flac
from pbx.audio.level import active_level_db
from pbx.audio.pcm import Pcm, as_samples
from pbx.errors import Refused
from pbx.library.parcel import wav
from pbx.library.parcel.archive import Archive
from pbx.library.parcel.arrival import Arrival
from pbx.library.parcel.manifest import AudioFile, OriginalFile
from pbx.store.values import Audio, Original
from pbx.vault import TooFewCopies, Vault
from pbx.vault.values import Erased

_LARGEST_ORIGINAL = 256 << 20


@dataclass(frozen=True, slots=True)
class Sound:
    """In the vault, in so many copies."""

    audio: Audio
    copies: int


class SoundsIn:
    """`erased`: what was erased for good stays so."""

    def __init__(self, archive: Archive, vault: Vault, erased: Erased, arrival: Arrival, now: datetime) -> None:
        self._archive = archive
        self._vault = vault
        self._erased = erased
        self._to = arrival
        self._now = now

    async def take(self, told: AudioFile | None, first: int, last: int, about: Mapping[str, object]) -> Sound:
        """Refused: `archive-lost` (it has no sound), `archive-file`, `archive-hash`, `archive-sound`, `archive-field`,
        `archive-too-big`, `archive-erased`, `vault-away`."""
        if told is None:
            raise Refused("archive-lost")
        pcm = await asyncio.to_thread(self._read, told)
        if not 0 <= first < last <= len(pcm):
            raise Refused("archive-field", f"first {first}, last {last}")
        level_db = await asyncio.to_thread(lambda: active_level_db(as_samples(pcm[first:last])))
        data = await asyncio.to_thread(self._encoded, pcm)
        try:
            stored = await self._vault.put(self._to.company.id, data, self._sidecar(told, about))
        except TooFewCopies:
            raise Refused("vault-away") from None
        return Sound(Audio(stored.sha256, stored.size, first, last, level_db), stored.copies)

    async def original(self, told: OriginalFile, about: Mapping[str, object]) -> Original:
        """The file that an upload came as: put aside as it is, and never opened. Refused as `take` says."""
        data = await asyncio.to_thread(self._proved, told, _LARGEST_ORIGINAL)
        if await asyncio.to_thread(self._erased, self._to.company.id, told.sha256):
            raise Refused("archive-erased")
        sidecar = self._sidecar(told, {**about, "purpose": "the file that a recording was uploaded as"})
        try:
            stored = await self._vault.put(self._to.company.id, data, sidecar)
        except TooFewCopies:
            raise Refused("vault-away") from None
        return Original(stored.sha256, stored.size)

    def _read(self, told: AudioFile) -> Pcm:
        return wav.decode(self._proved(told, wav.LARGEST))

    def _proved(self, told: AudioFile | OriginalFile, largest: int) -> bytes:
        data = self._archive.read(told.file, largest)
        if hashlib.sha256(data).hexdigest() != told.sha256:
            raise Refused("archive-hash", told.file[:80])
        return data

    def _encoded(self, pcm: Pcm) -> bytes:
        data = flac.encode(pcm)
        if self._erased(self._to.company.id, hashlib.sha256(data).hexdigest()):
            raise Refused("archive-erased")
        return data

    def _sidecar(self, told: AudioFile | OriginalFile, about: Mapping[str, object]) -> dict[str, object]:
        """What a person who has nothing but the vault wants to know of it."""
        return {
            "company_name": self._to.company.name, "source": "import", "imported_at": self._now.isoformat(),
            "imported_by": self._to.by, "imported_file": told.file[:200], **about,
        }  # fmt: skip

    def past(self, text: str) -> datetime:
        """A time that was told; nothing was recorded in the future. Refused: `archive-field`."""
        try:
            at = datetime.fromisoformat(text)
            if at.tzinfo is None:
                raise ValueError(text)
            return min(at.astimezone(UTC), self._now)
        except (ValueError, OverflowError):
            raise Refused("archive-field", text[:40]) from None
