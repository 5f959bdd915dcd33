"""The recordings of a parcel's messages: each becomes a version; what is heard well here stays what is heard."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pbx.company.languages import known
from pbx.library.evidence import Evidence
from pbx.library.parcel.arrival import Arrival
from pbx.library.parcel.decoding import decode
from pbx.library.parcel.manifest import MessageIn, OriginalFile, TextIn, VersionIn
from pbx.library.parcel.sounds_in import Sound, SoundsIn
from pbx.rules.numbers import Number
from pbx.store import Store, audit, messages, new_versions, uses, versions
from pbx.store.tx import Writing
from pbx.store.values import Original


@dataclass(frozen=True, slots=True)
class _Taken:
    """A version whose sound is in the vault. `script_sha256`: of the script that it was made from, or empty."""

    told: VersionIn
    sound: Sound
    made_at: datetime
    original: Original | None
    script_sha256: str


class VersionsIn:
    def __init__(self, store: Store, evidence: Evidence, sounds: SoundsIn, arrival: Arrival) -> None:
        self._store = store
        self._evidence = evidence
        self._sounds = sounds
        self._to = arrival

    async def take(self, told: MessageIn) -> None:
        """All recordings of one message, each language's in one transaction."""
        if told.number not in self._to.messages:
            return
        for lang, text in told.texts.items():
            what = f"message {told.number} {told.name} {lang}"[:80]
            with self._to.telling(what):
                await self._text(told, known(lang), text, what)

    async def _text(self, told: MessageIn, lang: str, text: TextIn, what: str) -> None:
        message_id = self._to.messages[told.number]
        about = await self._about(told, message_id, lang, text)
        taken: list[_Taken] = []
        for version in self._to.each(VersionIn, text.versions, what):
            with self._to.telling(f"{what} {version.number}"):
                made_at = self._sounds.past(version.made_at)
                of_this = {"recorded_at": version.made_at, "recorded_by": version.made_by}
                sound = await self._sounds.take(version.audio, version.first, version.last, about | of_this)
                original = await self._original(version, about | of_this, f"{what} {version.number}")
                mark = self._script_mark(version, f"{what} {version.number} script_sha256")
                taken.append(_Taken(version, sound, made_at, original, mark))
        if taken and not await self._write(message_id, lang, text.current, taken):
            self._to.leave(what, "archive-not-current", str(text.current))

    async def _original(self, told: VersionIn, about: dict[str, object], what: str) -> Original | None:
        """Without it the version is heard as well as with it."""
        if told.original is not None:
            with self._to.telling(f"{what} original"):
                return await self._sounds.original(decode(OriginalFile, told.original, what), about)
        return None

    def _script_mark(self, told: VersionIn, what: str) -> str:
        """Without it nobody knows whether the recording says what its script does."""
        mark = told.script_sha256
        if mark and not re.fullmatch("[0-9a-f]{64}", mark):
            self._to.leave(what, "archive-field", mark[:20])
            return ""
        return mark

    async def _about(self, told: MessageIn, message_id: str, lang: str, text: TextIn) -> dict[str, object]:
        async with self._store.read(self._to.company.id) as tx:
            places = [str(use) for use in await uses.used(tx, message_id)]
        purpose = "a personal greeting" if told.kind == "greeting" else "a message of the company"
        return {
            "purpose": purpose, "message": told.name, "message_number": told.number, "language": lang,
            "script": text.script, "places": places,
        }  # fmt: skip

    async def _write(self, message_id: str, lang: str, current: int, taken: Sequence[_Taken]) -> bool:
        """False if what was current there is not current here, since another recording is heard here, or it was not
        among those that could be taken: then it is the last one that was heard before."""
        kept = await self._heard_well(message_id, lang)
        async with self._store.edit(self._to.company.id) as tx:
            text_id = await messages.text_id(tx, message_id, lang)
            before = {one.sha256: one.id for one in await versions.of_message(tx, message_id) if one.text == text_id}
            ids: dict[int, str] = {}
            for one in taken:
                there = before.get(one.sound.audio.sha256)
                ids[one.told.number] = there or await self._add(tx, text_id, one)
            heard = [one.told.number for one in taken if one.told.heard]
            wanted = current if current in ids or not current else max(heard, default=0)
            if wanted and kept is None:
                await versions.use(tx, ids[wanted])
            name = (await messages.get(tx, message_id)).name
            await audit.write(
                tx, self._to.by, "recordings imported", name, message=message_id, lang=lang, versions=sorted(ids)
            )
        return not current or (wanted == current and kept in {None, ids[wanted]})

    async def _add(self, tx: Writing, text_id: str, one: _Taken) -> str:
        told = one.told
        made = await new_versions.bring(
            tx, text_id, one.sound.audio, "import", made_by=told.made_by, made_at=one.made_at, notes=told.notes[:200],
            from_number=_number(told.from_number), interrupted=told.interrupted, heard=told.heard,
            voice=told.voice[:160], script_sha256=one.script_sha256, original=one.original,
        )  # fmt: skip
        self._to.count("versions")
        return made.id

    async def _heard_well(self, message_id: str, lang: str) -> str | None:
        """The version that is current here, if its audio can be had."""
        async with self._store.read(self._to.company.id) as tx:
            heard = await messages.with_texts(tx, message_id)
        current = heard.texts[lang].current if lang in heard.texts else None
        if current is None:
            return None
        audio = await self._evidence.of(self._to.company.id, [current])
        return current.id if audio[current.id] in {"ok", "healing"} else None


def _number(text: str) -> Number | None:
    try:
        return Number(text)
    except ValueError:
        return None
