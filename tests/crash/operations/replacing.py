"""The operator replaces what the system says by a recording of their own."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pbx.audio.pcm import read_sln16
from pbx.library.own import OwnMending, OwnPhrases
from pbx.library.parcel import wav
from pbx.phrases import Phrases
from pbx.store.clock import Clock, utc_now
from pbx.vault import OPERATOR, Vault
from tests.audio.takes import telephone_speech
from tests.crash.injector import Child
from tests.crash.operations import Operation, Told, announced
from tests.library.house import House, alike

KEY, LANG = "goodbye", "sv"
BEFORE, NOW = (telephone_speech(words, 2.0) for words in ("see you", "until next time"))


class Replace(Operation):
    """Where one of their own is heard already."""

    name = "own phrase"
    announces = "replaced"

    async def prepare(self, house: House) -> None:
        self._file = house.root.with_name("phrase.wav")
        self._file.write_bytes(wav.encode(BEFORE))
        await self._replace(house)
        self._file.write_bytes(wav.encode(NOW))

    async def act(self, house: House, child: Child) -> None:
        with _elsewhere(house):
            await self._replace(house)
        child.tell(replaced=True)

    async def lacks(self, house: House, told: Told) -> list[str]:
        with _elsewhere(house):
            await OwnMending(*_parts(house)).mend()
        phrases, folder, vault, _ = _parts(house)
        if not phrases.is_own(KEY, LANG):
            return ["the built phrase is heard"]
        heard, master = (folder / LANG / f"{KEY}.{extension}" for extension in ("sln16", "flac"))
        pcm, data = read_sln16(heard), master.read_bytes()
        if not alike(pcm, NOW) and (announced(told, "replaced") or not alike(pcm, BEFORE)):
            return ["something else is heard"]
        copies = await vault.holders(OPERATOR, [(hashlib.sha256(data).hexdigest(), len(data))])
        return [] if copies == [vault.copies] else [f"what is heard is in {copies} copies"]

    async def _replace(self, house: House) -> None:
        await OwnPhrases(*_parts(house)).replace(KEY, LANG, self._file, by="test")


def _parts(house: House) -> tuple[Phrases, Path, Vault, Clock]:
    """Of which both are made."""
    folder = house.root / "own-sounds"
    return Phrases(house.root / "sounds", own=folder), folder, house.vault, utc_now


@contextmanager
def _elsewhere(house: House) -> Iterator[None]:
    """What is made by the way lies where nothing fails: decoding alone writes more often than all that is tried."""
    usual, tempfile.tempdir = tempfile.tempdir, str(house.root.parent)
    try:
        yield
    finally:
        tempfile.tempdir = usual
