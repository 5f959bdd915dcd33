"""What the vault knows of the operator's own phrases: the recordings, and a note of each change.

They are objects that belong to no company. A note is never changed: the newest of a phrase says whose it is.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from pbx.errors import Refused
from pbx.vault import OPERATOR, Stored, TooFewCopies, Vault

_RECORDING, _CHANGE = "an own recording of a system phrase", "a change of a system phrase"
Name = tuple[str, str]
"""Language and key."""


class OwnNotes:
    def __init__(self, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._vault = vault
        self._clock = clock

    async def replaced(self, name: Name, recording: bytes, words: str, by: str) -> None:
        """`recording`: FLAC, the whole of it. In every copy that works, before the note. Refused: `vault-away`."""
        await self._note(name, (await self.keep(name, recording, words, by)).sha256, by)

    async def keep(self, name: Name, recording: bytes, words: str, by: str) -> Stored:
        """In every copy that works, without a note. Refused: `vault-away`."""
        return await self._put(recording, {"purpose": _RECORDING, "words": words, "by": by, **self._told(name)})

    async def restored(self, name: Name, by: str) -> None:
        """Refused: `vault-away`."""
        await self._note(name, "", by)

    async def wanted(self) -> dict[Name, str]:
        """Of all that were ever changed: the name of the recording; empty for the built one. Raises TooFewCopies."""
        notes = [note for note in await self._vault.told(OPERATOR) if note.get("purpose") == _CHANGE]
        return {(note["language"], note["key"]): note["recording"] for note in sorted(notes, key=lambda one: one["at"])}

    async def in_every_copy(self, sha256: str, size: int) -> bool:
        """By looking, not by reading."""
        return await self._vault.holders(OPERATOR, [(sha256, size)]) == [self._vault.copies]

    async def recording(self, sha256: str) -> bytes:
        """Raises Lost."""
        return await self._vault.get(OPERATOR, sha256)

    async def _note(self, name: Name, recording: str, by: str) -> None:
        told = {**self._told(name), "recording": recording, "by": by}
        data = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
        await self._put(data, {"purpose": _CHANGE, **told})

    def _told(self, name: Name) -> dict[str, object]:
        return {"language": name[0], "key": name[1], "at": self._clock().isoformat(timespec="microseconds")}

    async def _put(self, data: bytes, about: Mapping[str, object]) -> Stored:
        try:
            return await self._vault.put(OPERATOR, data, about)
        except TooFewCopies:
            raise Refused("vault-away") from None
