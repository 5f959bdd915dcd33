"""A file that somebody hands in for a message: decoded, judged, and kept as safe as what was read in by telephone."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pbx.audio import decoding, flac
from pbx.audio.decoding import Decoded, Limits, decode
from pbx.audio.judge import judge
from pbx.audio.pcm import RATE, Pcm, resample
from pbx.company.languages import known
from pbx.errors import Refused
from pbx.heap import give_back
from pbx.library.editing import as_seen
from pbx.library.finishing import Finishing
from pbx.library.securing import Securing, Sound, Thing
from pbx.library.sidecars import about_file
from pbx.store import Store, audit, messages, new_versions, versions
from pbx.store.tx import Writing
from pbx.store.values import Audio, Original, Version
from pbx.vault import Stored

_AT_ONCE = 2  # each takes up to 250 MB for a moment


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Saved, and heard by the next caller. `copies`: how many have proved to hold it. `notes`: what is doubtful about
    it, each a phrase `note-…`."""

    version: Version
    copies: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _New:
    """The master (FLAC, 48 kHz), the file itself, and what was remarked."""

    sound: Sound
    master: Thing
    original: Thing
    notes: tuple[str, ...]


class Uploads:
    def __init__(self, store: Store, secure: Securing, finish: Finishing, limits: Limits) -> None:
        self._store = store
        self._secure = secure
        self._finish = finish
        self._limits = limits
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def upload(
        self, company: str, message_id: str, path: Path, *, lang: str, expected: int | None = None, by: str
    ) -> Uploaded:
        """The sound of the file is what is heard of the message from now on; until then, what was heard before.
        `expected`: the text's revision that the person saw. Once decoded, it runs to its end even if we are cancelled.

        Refused: `message-unknown`, `message-deleted`, `language-unknown`, `edited-meanwhile`, as `decode` says;
        `upload-silent`, `upload-too-short`, `upload-too-quiet`, `upload-noisy`, `upload-clipped`; `upload-erasing`,
        and as edits are.
        """
        lang = known(lang)
        async with self._store.read(company) as tx:
            heard = await messages.with_texts(tx, message_id)
            await as_seen(tx, heard, lang, expected)
            about = await about_file(tx, heard, lang, by)
        async with self._free:
            try:
                judged = _judged(await decode(path, self._limits), about, path.name)
                return await self._finish(self._keep(company, message_id, lang, expected, by, await judged))
            except Refused as refused:
                raise refused.with_traceback(None) from None  # which holds on to all that was in hand
            finally:
                await self._finish(asyncio.to_thread(give_back))

    async def _keep(
        self, company: str, message_id: str, lang: str, expected: int | None, by: str, new: _New
    ) -> Uploaded:
        async def write(tx: Writing, stored: Sequence[Stored]) -> Uploaded:
            heard = await messages.with_texts(tx, message_id)
            await as_seen(tx, heard, lang, expected)
            version = await _write(tx, await messages.text_id(tx, message_id, lang), new, stored, by)
            await audit.write(
                tx, by, "message uploaded", heard.message.name, message=message_id, lang=lang, version=version.number
            )
            return Uploaded(version, min(one.copies for one in stored), new.notes)

        try:
            return await self._secure(company, [new.master, new.original], new.sound, self._store.edit, write)
        except Refused as refused:
            raise Refused("upload-erasing") if refused.says == "erase-ordered" else refused from None


async def _judged(decoded: Decoded, about: Mapping[str, object], name: str) -> _New:
    """Refused, in the words for files, as the judge says."""
    master, pcm = await asyncio.to_thread(_converted, decoded.pcm48)
    decoded = replace(decoded, pcm48=pcm[:0])  # ten minutes of it are 58 MB
    verdict = await asyncio.to_thread(judge, pcm)
    if verdict.says is not None:
        raise Refused(verdict.says.replace("take-", "upload-"))
    notes = (*decoded.notes, *verdict.notes)
    original = await asyncio.to_thread(lambda: hashlib.sha256(decoded.original).hexdigest())
    told = {**about, "file": name[:200], "format": decoded.kind}
    return _New(
        Sound(pcm, verdict),
        Thing(master, {**told, "original_sha256": original, "notes": list(notes)}),
        Thing(decoded.original, {**told, "purpose": "the file that a recording was uploaded as"}),
        notes,
    )


def _converted(pcm48: Pcm) -> tuple[bytes, Pcm]:
    """The master, and what is measured and heard, at 16 kHz: what decoding the master gives again."""
    return flac.encode(pcm48, decoding.RATE), resample(pcm48, decoding.RATE, RATE)


async def _write(tx: Writing, text_id: str, new: _New, stored: Sequence[Stored], by: str) -> Version:
    """Refused `vault-away`: not enough copies have them."""
    master, original = stored
    if not master.copies or not original.copies:
        raise Refused("vault-away")
    verdict = new.sound.verdict
    version = await new_versions.bring(
        tx, text_id, Audio(master.sha256, master.size, verdict.start, verdict.end, verdict.level_db), "upload",
        made_by=by, made_at=tx.now, notes=",".join(new.notes), original=Original(original.sha256, original.size),
    )  # fmt: skip
    await versions.use(tx, version.id)
    return await versions.get(tx, version.id)
