"""Making published files: many at once, since starting a program is nearly all that speaking or converting costs."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from pbx.audio import flac, g722, rendition
from pbx.audio.flac import NotAudio
from pbx.audio.g722 import CannotConvert
from pbx.audio.judge import Verdict
from pbx.audio.pcm import Pcm
from pbx.errors import Lost
from pbx.library import files
from pbx.library.locks import Locks
from pbx.library.originals import Originals
from pbx.library.seals import Seals
from pbx.library.sources import Failure, Recorded, Spoken, Wanted
from pbx.speech import CannotSpeak, Voice, speak_all

_AT_ONCE = 24
_FAILURES = (Lost, NotAudio, CannotConvert, CannotSpeak, OSError)

log = logging.getLogger(__name__)


class Maker:
    def __init__(self, originals: Originals, voice: Voice, seals: Seals) -> None:
        self._originals = originals
        self._voice = voice
        self._seals = seals
        self._locks = Locks()

    async def make(self, company: str, wanted: Sequence[Wanted], *, read: bool = False) -> list[Failure]:
        """What is not there yet, or not what it was, in order; what fails is told, and stops nothing. `read`: what is
        there is read, to know."""
        failures: list[Failure] = []
        for at in range(0, len(wanted), _AT_ONCE):
            failures += await self._batch(company, wanted[at : at + _AT_ONCE], read)
        return failures

    async def from_samples(self, base: Path, pcm: Pcm, verdict: Verdict) -> bool:
        """A recording whose samples are in hand. False if it failed."""
        try:
            async with self._locks.of(base):
                if not await asyncio.to_thread(self._seals.intact, base):
                    shaped = await asyncio.to_thread(rendition.shape, pcm, verdict)
                    written = await rendition.write_rendition(base, shaped)
                    await asyncio.to_thread(self._seals.set, base, written)
                    files.tell(base)
        except (CannotConvert, OSError) as error:
            log.error("%s could not be published yet: %s", base, error)
            return False
        return True

    async def _batch(self, company: str, wanted: Sequence[Wanted], read: bool) -> list[Failure]:
        async with AsyncExitStack() as held:
            for base in sorted({one.base for one in wanted}):
                await held.enter_async_context(self._locks.of(base))
            missing = await asyncio.to_thread(self._missing, {one.base: one for one in wanted}, read)
            failures: list[Failure] = []
            sounds: list[tuple[Wanted, Pcm]] = []
            for one, sound in zip(missing, await self._sounds(company, missing), strict=True):
                if isinstance(sound, Exception):
                    failures.append(Failure(one.base, one.source, str(sound)))
                else:
                    sounds.append((one, sound))
            unwritten = await self._write(sounds)
            if len(unwritten) < len(sounds):
                files.tell(sounds[0][0].base)
            return failures + unwritten

    def _missing(self, wanted: Mapping[Path, Wanted], read: bool) -> list[Wanted]:
        return [one for base, one in wanted.items() if not self._seals.intact(base, read=read)]

    async def _sounds(self, company: str, wanted: list[Wanted]) -> list[Pcm | Exception]:
        texts = [(one.source.words, one.source.lang) for one in wanted if isinstance(one.source, Spoken)]
        said = iter(await self._say(texts))
        return [
            next(said) if isinstance(one.source, Spoken) else await self._recorded(company, one.source)
            for one in wanted
        ]

    async def _recorded(self, company: str, source: Recorded) -> Pcm | Exception:
        cut = Verdict(True, None, 0.0, source.first, source.last, source.level_db)
        try:
            data = await self._originals.get(company, source.sha256)
            return await asyncio.to_thread(lambda: rendition.shape(flac.decode(data), cut))
        except _FAILURES as error:
            return error

    async def _say(self, texts: list[tuple[str, str]]) -> list[Pcm | Exception]:
        said = await speak_all(self._voice, texts)
        return [await asyncio.to_thread(_trimmed, sound) for sound in said]

    async def _write(self, sounds: list[tuple[Wanted, Pcm]]) -> list[Failure]:
        """All by one program; if that fails, one by one, so that one bad sound does not keep the others away."""
        if not sounds:
            return []
        try:
            rendered = await asyncio.to_thread(lambda: [rendition.without_g722(pcm) for _, pcm in sounds])
            encoded = await g722.encode([formats["sln16"] for formats in rendered])
            for (wanted, _), formats, wide in zip(sounds, rendered, encoded, strict=True):
                in_order = {"g722": wide, **formats}  # sln16 last: it proves the others
                await asyncio.to_thread(self._lay, wanted.base, in_order)
        except (CannotConvert, OSError) as error:
            if len(sounds) > 1:
                return [failure for one in sounds for failure in await self._write([one])]
            wanted = sounds[0][0]
            return [Failure(wanted.base, wanted.source, str(error))]
        return []

    def _lay(self, base: Path, rendered: dict[str, bytes]) -> None:
        rendition.write_files(base, rendered)
        self._seals.set(base, rendered)


def _trimmed(said: Pcm | CannotSpeak) -> Pcm | Exception:
    if isinstance(said, CannotSpeak):
        return said
    sound = rendition.spoken(said)
    return sound if len(sound) else CannotSpeak("nothing was said")
