"""The operator's own recordings of what the system says, heard in the place of the built ones.

What is heard lies in a folder of this machine, which is made again from what lies in every copy of the vault.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pbx.audio import flac, rendition
from pbx.audio import pcm as formats
from pbx.audio.decoding import RATE, Limits, decode
from pbx.audio.judge import judge
from pbx.audio.pcm import Pcm
from pbx.errors import Refused, VaxelError
from pbx.library.own_folder import MASTER, OwnFolder
from pbx.library.own_notes import Name, OwnNotes
from pbx.phrases import LANGUAGES, Phrase, Phrases
from pbx.vault import TooFewCopies, Vault

LIMITS = Limits(seconds=120)
EVERY_S = 600.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PhraseView:
    """What is heard. `seconds`: 0 where there is no file of it at all."""

    key: str
    language: str
    whose: Literal["built", "own"]
    seconds: float
    words: str


class OwnPhrases:
    """`folder`: what Asterisk sees as /vaxel/own-sounds."""

    def __init__(self, phrases: Phrases, folder: Path, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._phrases = phrases
        self._folder = OwnFolder(folder)
        self._notes = OwnNotes(vault, clock)

    async def all(self) -> list[PhraseView]:
        """Everything that can be heard, by key."""
        names = [(key, lang) for key in self._phrases.spoken_keys() for lang in LANGUAGES]
        return await asyncio.to_thread(lambda: [self._view(*name) for name in names])

    async def replace(self, key: str, lang: str, file: Path, *, by: str) -> float:
        """Heard from the next call on; how many seconds it is.

        Refused: `phrase-unknown`, what `decode` and `judge` refuse, `vault-away`. Raises CannotConvert, OSError.
        """
        phrase = self._phrase(key, lang)
        decoded = await decode(file, LIMITS)
        pcm = await asyncio.to_thread(formats.resample, decoded.pcm48, RATE, formats.RATE)
        files, seconds = await _rendered(pcm, phrase)
        await self._notes.replaced((lang, key), files[MASTER], phrase.words[lang], by)
        await asyncio.to_thread(self._folder.write, (lang, key), files)
        return seconds

    async def restore(self, key: str, lang: str, *, by: str) -> None:
        """The built one is heard again; the recording stays in the vault. Refused: `phrase-unknown`, `phrase-built`
        (it is heard already), `vault-away`."""
        self._phrase(key, lang)
        try:
            replaced = bool((await self._notes.wanted()).get((lang, key)))
        except TooFewCopies:
            raise Refused("vault-away") from None
        if not replaced and not self._folder.has_any((lang, key)):
            raise Refused("phrase-built", f"{lang}/{key}")
        await self._notes.restored((lang, key), by)
        await asyncio.to_thread(self._folder.remove, (lang, key))

    async def mend(self) -> int:
        """Makes the folder what the vault's notes say; how many phrases were made or removed. What is in no copy is
        logged: the built phrase is heard. Raises TooFewCopies."""
        done = 0
        for name, recording in (await self._notes.wanted()).items():
            if not self._is_spoken(name):
                continue
            if not recording and self._folder.has_any(name):
                await asyncio.to_thread(self._folder.remove, name)
                done += 1
            elif recording and not await asyncio.to_thread(self._folder.is_of, name, recording):
                done += await self._make_again(name, recording)
        return done

    async def run(self) -> None:
        """Until cancelled: `mend`, now and then."""
        while True:
            try:
                await self.mend()
            except TooFewCopies as error:
                log.warning("own phrases cannot be looked after now: %s", error)
            await asyncio.sleep(EVERY_S)

    async def _make_again(self, name: Name, recording: str) -> bool:
        try:
            data = await self._notes.recording(recording)
            pcm = await asyncio.to_thread(flac.decode, data)
            files, _ = await _rendered(pcm, self._phrases.phrase(name[1]))
            await asyncio.to_thread(self._folder.write, name, {**files, MASTER: data})
        except (VaxelError, OSError) as error:
            log.error("the own recording of %s/%s cannot be made again, the built one is heard: %s", *name, error)
            return False
        log.warning("the own recording of %s/%s is made again from the vault", *name)
        return True

    def _is_spoken(self, name: Name) -> bool:
        try:
            return bool(self._phrase(name[1], name[0]))
        except Refused:  # a later catalogue has it no more
            return False

    def _phrase(self, key: str, lang: str) -> Phrase:
        try:
            self._phrases.media(key, lang)
        except KeyError:
            raise Refused("phrase-unknown", f"{lang}/{key}"[:80]) from None
        return self._phrases.phrase(key)

    def _view(self, key: str, lang: str) -> PhraseView:
        seconds, words = round(self._phrases.seconds(key, lang), 2), self._phrases.words(key, lang)
        return PhraseView(key, lang, "own" if self._phrases.is_own(key, lang) else "built", seconds, words)


async def _rendered(pcm: Pcm, phrase: Phrase) -> tuple[dict[str, bytes], float]:
    """The files by extension, the whole recording among them, and the seconds that are heard of it."""
    shaped = await asyncio.to_thread(_shaped, pcm, phrase)
    files = {**await rendition.render(shaped), MASTER: await asyncio.to_thread(flac.encode, pcm)}
    return files, len(shaped) / formats.RATE


def _shaped(pcm: Pcm, phrase: Phrase) -> Pcm:
    """Trimmed and as loud as the built ones. Refused: what `judge` says, but that a word or two is too short."""
    if phrase.tone:
        return rendition.levelled(formats.as_samples(pcm))
    verdict = judge(pcm)
    shaped = rendition.spoken(pcm, joined=True) if phrase.joined else rendition.shape(pcm, verdict)
    forgiven = {None, "take-too-short", "take-silent"} if phrase.joined else {None, "take-too-short"}
    if verdict.says not in forgiven or not len(shaped):
        raise Refused(verdict.says or "take-silent")
    return shaped
