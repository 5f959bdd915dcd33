"""An operator's own recording is heard in the place of a built phrase, and no lost disk or bad file changes more."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from pbx.audio.pcm import RATE, Pcm, read_sln16
from pbx.errors import Refused
from pbx.library import returning
from pbx.library.own import OwnMending, OwnPhrases
from pbx.library.parcel import wav
from pbx.phrases import EXTENSIONS, LANGUAGES, Phrases
from pbx.speech.pyttsx3_voice import Pyttsx3Voice
from pbx.vault import OPERATOR, Vault
from sounds.build import build
from tests.audio.takes import telephone_speech
from tests.library.house import House, alike
from tests.store.world import Clock

BY = "cli:root"
OWN = "sound:/vaxel/own-sounds"
BUILT = "sound:/vaxel/sounds"


class Studio:
    """Phrases that are built, the operator's folder, a vault of two copies, and a clock that goes on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "own-sounds"
        self.vault = Vault([root / "a", root / "b"], register=root / "vault.json")
        self.phrases = Phrases(root / "sounds", own=self.folder)
        self.clock = Clock()
        self.own = OwnPhrases(self.phrases, self.folder, self.vault, self.now)
        self.mending = OwnMending(self.phrases, self.folder, self.vault, self.now)
        for lang in LANGUAGES:
            (root / "sounds" / lang).mkdir(parents=True)
            for extension in EXTENSIONS:
                (root / "sounds" / lang / f"goodbye.{extension}").write_bytes(bytes(32_000))

    def now(self) -> datetime:
        self.clock.pass_(seconds=1)
        return self.clock()

    def recorded(self, seed: str, seconds: float = 2.0) -> Path:
        file = self.root / f"{seed}.wav"
        file.write_bytes(wav.encode(telephone_speech(seed, seconds)))
        return file

    async def replace(self, seed: str, key: str = "goodbye", seconds: float = 2.0) -> Path:
        file = self.recorded(seed, seconds)
        await self.own.replace(key, "sv", file, by=BY)
        return file

    def heard(self, key: str = "goodbye", lang: str = "sv") -> Pcm:
        return read_sln16(self.folder / lang / f"{key}.sln16")

    async def whose(self) -> dict[tuple[str, str], str]:
        return {(one.key, one.language): one.whose for one in await self.own.all()}


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


async def test_a_replaced_phrase_is_what_calls_play_in_that_language_only(studio: Studio) -> None:
    assert studio.phrases.media("goodbye", "sv") == f"{BUILT}/sv/goodbye"
    await studio.replace("welcome")
    assert studio.phrases.media("goodbye", "sv") == f"{OWN}/sv/goodbye"
    assert studio.phrases.media("goodbye", "en") == f"{BUILT}/en/goodbye"
    assert alike(studio.heard(), telephone_speech("welcome", 2.0))
    for extension in (*EXTENSIONS, "flac"):
        assert (studio.folder / "sv" / f"goodbye.{extension}").stat().st_mode & 0o444 == 0o444


async def test_the_list_tells_whose_each_is_and_how_long(studio: Studio) -> None:
    await studio.replace("welcome")
    views = {(one.key, one.language): one for one in await studio.own.all()}
    assert views.keys() == {(key, lang) for key in studio.phrases.spoken_keys() for lang in LANGUAGES}
    own, built = views["goodbye", "sv"], views["goodbye", "en"]
    assert (own.whose, built.whose, built.seconds) == ("own", "built", 1.0)
    assert 1.0 < own.seconds < 2.5
    assert own.words == studio.phrases.words("goodbye", "sv")


async def test_a_number_may_be_replaced_by_a_short_word(studio: Studio) -> None:
    assert studio.phrases.phrase("num-7").joined
    await studio.replace("seven", "num-7", 0.4)
    assert studio.phrases.media("num-7", "sv") == f"{OWN}/sv/num-7"
    assert len(studio.heard("num-7")) < 0.6 * RATE


@pytest.mark.parametrize("extension", EXTENSIONS)
async def test_a_file_that_is_missing_or_cut_falls_back_to_the_built_phrase(studio: Studio, extension: str) -> None:
    await studio.replace("welcome")
    file = studio.folder / "sv" / f"goodbye.{extension}"
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    assert studio.phrases.media("goodbye", "sv") == f"{BUILT}/sv/goodbye"
    file.unlink()
    assert studio.phrases.media("goodbye", "sv") == f"{BUILT}/sv/goodbye"
    assert await studio.mending.mend() == 1
    assert file.read_bytes() == data
    assert studio.phrases.media("goodbye", "sv") == f"{OWN}/sv/goodbye"
    assert await studio.mending.mend() == 0


@pytest.mark.parametrize("copy", ["a", "b"])
async def test_with_the_folder_and_one_copy_lost_it_comes_back_from_the_other(studio: Studio, copy: str) -> None:
    await studio.replace("first")
    await studio.replace("second")
    shutil.rmtree(studio.folder)
    shutil.rmtree(studio.root / copy / "companies")
    assert (await studio.whose())["goodbye", "sv"] == "built"
    assert await studio.mending.mend() == 1
    assert alike(studio.heard(), telephone_speech("second", 2.0))


@pytest.mark.parametrize("copies", ["a", "b", "ab"])
async def test_what_the_vault_has_lost_is_put_into_every_copy_again(studio: Studio, copies: str) -> None:
    await studio.replace("first")
    for copy in copies:
        for file in (studio.root / copy / "companies").rglob("*"):
            if file.is_file() and not (file.name.endswith(".json") or file.read_bytes().startswith(b"{")):
                file.unlink()
    assert await studio.mending.mend() == 1
    assert await studio.mending.mend() == 0
    for copy in copies:
        shutil.rmtree(studio.root / copy / "companies")
    assert await studio.mending.mend() == 1
    assert await studio.mending.mend() == 0
    shutil.rmtree(studio.folder)
    assert await studio.mending.mend() == 1
    assert alike(studio.heard(), telephone_speech("first", 2.0))


async def test_restored_the_built_one_is_heard_and_stays_so(studio: Studio) -> None:
    with pytest.raises(Refused, match="phrase-built"):
        await studio.own.restore("goodbye", "sv", by=BY)
    await studio.replace("welcome")
    await studio.own.restore("goodbye", "sv", by=BY)
    assert studio.phrases.media("goodbye", "sv") == f"{BUILT}/sv/goodbye"
    assert await studio.mending.mend() == 0
    assert not any(file.is_file() for file in studio.folder.rglob("*"))
    with pytest.raises(Refused, match="phrase-built"):
        await studio.own.restore("goodbye", "sv", by=BY)
    await studio.replace("welcome")
    shutil.rmtree(studio.folder)
    assert await studio.mending.mend() == 1
    assert studio.phrases.media("goodbye", "sv") == f"{OWN}/sv/goodbye"


async def test_a_restore_that_was_cut_off_is_finished(studio: Studio) -> None:
    await studio.replace("welcome")
    kept = studio.root / "kept"
    shutil.copytree(studio.folder, kept)
    await studio.own.restore("goodbye", "sv", by=BY)
    shutil.copytree(kept, studio.folder, dirs_exist_ok=True)
    assert await studio.mending.mend() == 1
    assert studio.phrases.media("goodbye", "sv") == f"{BUILT}/sv/goodbye"


async def test_building_all_phrases_again_leaves_it_alone(studio: Studio) -> None:
    await studio.replace("welcome")
    before, catalogue = studio.heard(), studio.root / "catalogue"
    catalogue.mkdir()
    told = 'sv = "Hej då."\nen = "Goodbye."\nremark = "The last."\nhz = 440\nseconds = 0.5\n'
    (catalogue / "words.toml").write_text(f"[goodbye]\n{told}")
    shutil.rmtree(studio.root / "sounds")
    built = await build(studio.root / "sounds", Pyttsx3Voice(), catalogue)
    assert (built.made, built.failed) == (2, {})
    phrases = Phrases(studio.root / "sounds", catalogue, studio.folder)
    assert phrases.media("goodbye", "sv") == f"{OWN}/sv/goodbye"
    assert np.array_equal(studio.heard(), before)


async def test_what_is_no_recording_changes_nothing(studio: Studio) -> None:
    await studio.replace("welcome")
    before = {file: file.read_bytes() for file in studio.root.rglob("*") if file.is_file() and "sounds" in str(file)}
    bad = studio.root / "bad.wav"
    for data in (b"", b"<html>hello</html>", wav.encode(np.zeros(32_000, np.int16))):
        bad.write_bytes(data)
        with pytest.raises(Refused):
            await studio.own.replace("goodbye", "sv", bad, by=BY)
    for key, lang in (("no-such", "sv"), ("vault-away", "sv"), ("../../etc/passwd", "sv"), ("goodbye", "../sv")):
        with pytest.raises(Refused, match="phrase-unknown"):
            await studio.own.replace(key, lang, studio.recorded("other"), by=BY)
    for copy in ("a", "b"):
        (studio.root / copy).rename(studio.root / f"{copy}-away")
    with pytest.raises(Refused, match="vault-away"):
        await studio.own.replace("goodbye", "sv", studio.recorded("other"), by=BY)
    for file, data in before.items():
        assert file.read_bytes() == data


async def test_a_person_with_nothing_but_the_vault_can_tell_what_it_is(studio: Studio) -> None:
    await studio.replace("welcome")
    told = {one["purpose"]: one for one in await studio.vault.told(OPERATOR)}
    about = told["an own recording of a system phrase"]
    assert (about["key"], about["language"], about["by"]) == ("goodbye", "sv", BY)
    assert about["words"] == studio.phrases.words("goodbye", "sv")
    assert (
        json.loads(await studio.vault.get(OPERATOR, told["a change of a system phrase"]["sha256"]))["key"] == "goodbye"
    )


async def test_the_vault_proves_and_heals_it_and_takes_it_for_no_company(house: House, tmp_path: Path) -> None:
    (tmp_path / "studio").mkdir()
    studio = Studio(tmp_path / "studio")
    own = OwnPhrases(studio.phrases, studio.folder, house.vault, studio.now)
    await own.replace("goodbye", "sv", studio.recorded("welcome"), by=BY)
    master = next(file for file in house.objects(1) if file.read_bytes().startswith(b"fLaC"))
    whole = master.read_bytes()
    master.write_bytes(bytes(len(whole)))
    done = await house.library.proof.scrub()
    assert (done.healed, done.unhealed, master.read_bytes()) == (1, [], whole)
    assert OPERATOR not in await house.vault.catalogue.companies()
    await house.library.catalogue.export(house.world.exempel.id)
    returned = await returning.rebuild(tmp_path / "rebuilt.db", house.vault)
    assert [one.company for one in returned] == [house.world.exempel.id]
