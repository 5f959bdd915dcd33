"""Folder and vault made to agree: what one has lost of the operator's own phrases comes back from the other."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pbx import fresh
from pbx.audio import flac
from pbx.errors import Refused, VaxelError
from pbx.library.own.folder import MASTER, OwnFolder
from pbx.library.own.notes import Name, OwnNotes
from pbx.library.own.shaping import rendered
from pbx.phrases import Phrases
from pbx.vault import TooFewCopies, Vault

EVERY_S = 600.0

log = logging.getLogger(__name__)


class OwnMending:
    def __init__(self, phrases: Phrases, folder: Path, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._phrases = phrases
        self._folder = OwnFolder(folder)
        self._notes = OwnNotes(vault, clock)

    async def mend(self) -> int:
        """How many phrases were made, removed or put into the vault again. What is nowhere is logged, and the built
        phrase is heard. Raises TooFewCopies."""
        done, wanted = 0, await self._notes.wanted()
        there = await asyncio.to_thread(self._folder.names)
        for name in sorted(wanted.keys() | there):
            if not self._phrases.is_spoken(name[1], name[0]):  # a later catalogue has it no more
                continue
            recording = wanted.get(name)
            if recording == "":
                done += await asyncio.to_thread(self._folder.remove, name)
            elif recording is None or await asyncio.to_thread(self._folder.is_of, name, recording):
                done += await self._put_again(name, recording)
            else:
                done += await self._make_again(name, recording)
        return done

    async def run(self) -> None:
        """Until cancelled: `mend`, now and then."""
        while True:
            try:
                await self.mend()
                fresh.done("own phrases")
            except (TooFewCopies, Refused) as error:
                log.warning("own phrases cannot be looked after now: %s", error)
            await asyncio.sleep(EVERY_S)

    async def _put_again(self, name: Name, recording: str | None) -> bool:
        """`recording`: what the newest note says; None if there is no note."""
        data = await asyncio.to_thread(self._folder.master, name)
        if data is None or (recording and await self._notes.in_every_copy(recording, len(data))):
            return False
        words = self._phrases.words(name[1], name[0])
        if recording is None:
            await self._notes.replaced(name, data, words, "service")
        else:
            await self._notes.keep(name, data, words, "service")
        log.warning("the own recording of %s/%s is put into the vault again", *name)
        return True

    async def _make_again(self, name: Name, recording: str) -> bool:
        try:
            data = await self._notes.recording(recording)
            pcm = await asyncio.to_thread(flac.decode, data)
            files, _ = await rendered(pcm, self._phrases.phrase(name[1]))
            await asyncio.to_thread(self._folder.write, name, {**files, MASTER: data})
        except (VaxelError, OSError) as error:
            log.error("the own recording of %s/%s cannot be made again, the built one is heard: %s", *name, error)
            return False
        log.warning("the own recording of %s/%s is made again from the vault", *name)
        return True
