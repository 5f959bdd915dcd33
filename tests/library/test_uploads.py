"""A file that an administrator uploads is heard by the next caller, and as safe as what was read in by telephone."""

import asyncio
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pbx.audio import flac
from pbx.audio.pcm import RATE
from pbx.errors import Refused
from pbx.library.files import EXTENSIONS
from pbx.library.uploads import Uploaded
from pbx.store import losses, messages, objects, removing, versions
from pbx.store.values import Message
from tests.audio.files import sound_file
from tests.audio.takes import joined, silence, telephone_speech
from tests.library import parcels
from tests.library.house import House, alike, twice_cancelled

HELLO = telephone_speech("hello", 3.0)


@pytest.fixture
async def welcome(house: House) -> Message:
    """In the place where it is heard first of all."""
    company = house.world.exempel.id
    message = await house.library.messages.add(company, "Welcome", "welcome", scripts={"sv": "Hej."}, by="alva")
    await house.library.messages.place(company, "announcement", "welcome", message.id, by="alva")
    return message


async def upload(house: House, message: Message, file: Path, expected: int | None = None) -> Uploaded:
    return await house.library.uploads.upload(
        house.world.exempel.id, message.id, file, lang="sv", expected=expected, by="alva"
    )


async def heard(house: House) -> tuple[str, str]:
    playable = await house.library.messages.playable(house.world.exempel.id, "announcement", "welcome", "sv")
    return playable.heard, playable.media[0]


async def test_what_was_uploaded_is_heard_in_its_place_once_it_is_saved(
    house: House, welcome: Message, tmp_path: Path
) -> None:
    file = await sound_file(tmp_path / "välkommen.mp3", joined(silence(2), HELLO, silence(3)))
    uploaded = await upload(house, welcome, file)
    assert (uploaded.copies, uploaded.notes, uploaded.version.source) == (2, (), "upload")
    how, media = await heard(house)
    assert how == "own"
    assert alike(house.sounds(media), HELLO)
    assert 3.0 < len(house.sounds(media)) / RATE < 3.6
    assert all(house.file(media, extension).is_file() for extension in EXTENSIONS)


async def test_master_and_file_are_in_every_copy_and_say_what_they_are(
    house: House, welcome: Message, tmp_path: Path
) -> None:
    file = await sound_file(tmp_path / "hello.m4a", HELLO)
    version = (await upload(house, welcome, file)).version
    for copy in (0, 1):
        stored = {path.name: path.read_bytes() for path in house.objects(copy)}
        assert stored.keys() == {version.sha256, version.original.sha256}
        assert stored[version.original.sha256] == file.read_bytes()
        assert alike(flac.decode(stored[version.sha256]), HELLO)
        assert soundfile.info(io.BytesIO(stored[version.sha256])).samplerate == 48_000
    told = {path.name: json.loads(path.read_text()) for path in (house.copies[1] / "companies").rglob("*.json")}
    original = next(one for one in told.values() if one["sha256"] == version.original.sha256)
    master = next(one for one in told.values() if one["sha256"] == version.sha256)
    assert original["purpose"] == "the file that a recording was uploaded as"
    assert (original["file"], original["format"], original["uploaded_by"]) == ("hello.m4a", "mp4", "alva")
    assert (master["message"], master["original_sha256"]) == ("Welcome", version.original.sha256)


async def test_a_published_file_that_is_lost_is_made_again_from_the_master_the_same(
    house: House, welcome: Message, tmp_path: Path
) -> None:
    await upload(house, welcome, await sound_file(tmp_path / "a.wav", joined(silence(1), HELLO)))
    _, media = await heard(house)
    before = {extension: house.file(media, extension).read_bytes() for extension in EXTENSIONS}
    for extension in EXTENSIONS:
        house.file(media, extension).unlink()
    assert await house.library.published.mend() >= 1
    assert {extension: house.file(media, extension).read_bytes() for extension in EXTENSIONS} == before


async def test_the_old_one_is_heard_when_the_new_one_is_refused(house: House, welcome: Message, tmp_path: Path) -> None:
    await upload(house, welcome, await sound_file(tmp_path / "a.wav", HELLO))
    before = await heard(house)
    for name, sound, says in (
        ("quiet", silence(4), "upload-silent"),
        ("short", joined(telephone_speech("x", 0.4), silence(1)), "upload-too-short"),
        ("far", (HELLO / 25).astype(np.int16), "upload-too-quiet"),
        ("loud", np.clip(HELLO.astype(np.int32) * 12, -32_768, 32_767).astype(np.int16), "upload-clipped"),
    ):
        with pytest.raises(Refused) as refused:
            await upload(house, welcome, await sound_file(tmp_path / f"{name}.wav", sound))
        assert refused.value.says == says
    assert await heard(house) == before


async def test_the_second_of_two_who_edit_is_told(house: House, welcome: Message, tmp_path: Path) -> None:
    file = await sound_file(tmp_path / "a.wav", HELLO)
    await upload(house, welcome, file, expected=1)
    with pytest.raises(Refused, match="edited-meanwhile: alva"):
        await upload(house, welcome, file, expected=1)
    await upload(house, welcome, file, expected=2)


async def test_an_upload_that_nobody_waits_for_any_more_is_saved_or_was_never_there(
    house: House, welcome: Message, tmp_path: Path
) -> None:
    file = await sound_file(tmp_path / "a.wav", HELLO)
    for delay in (0.0, 0.05, 0.3, 0.5, 0.7):
        task = asyncio.create_task(upload(house, welcome, file))
        await asyncio.sleep(delay)
        await twice_cancelled(task)
        await house.library.drain()
    found = await house.library.versions.all(house.world.exempel.id, welcome.id)
    assert all(one.audio == "ok" for one in found)
    assert ((await heard(house))[0] == "own") is bool(found)


async def test_without_the_vault_nothing_is_changed(house: House, welcome: Message, tmp_path: Path) -> None:
    file = await sound_file(tmp_path / "a.wav", HELLO)
    before = await heard(house)
    for copy in house.copies:
        copy.rename(copy.with_name(f"{copy.name}-away"))
    with pytest.raises(Refused, match="vault-away"):
        await upload(house, welcome, file)
    assert await heard(house) == before


async def test_the_file_itself_is_proved_told_when_lost_and_erased_with_its_version(
    house: House, welcome: Message, tmp_path: Path
) -> None:
    company, store = house.world.exempel.id, house.world.store
    first = (await upload(house, welcome, await sound_file(tmp_path / "a.mp3", HELLO))).version
    second = (
        await upload(house, welcome, await sound_file(tmp_path / "b.mp3", telephone_speech("other", 2.0)))
    ).version
    async with store.read(company) as tx:
        assert {one.sha256 for one in await objects.used_as_original(tx, "", 10)} == {
            first.original.sha256, second.original.sha256,
        }  # fmt: skip
    for copy in (0, 1):
        next(path for path in house.objects(copy) if path.name == first.original.sha256).unlink()
    swept = await house.library.proof.sweep()
    assert swept.lost == 1
    (line,) = await house.library.ledger.all(company, only_open=True)
    assert (line.kind, line.name, line.lost, line.of) == ("original", "Welcome", True, losses.original_id(first.id))
    assert [one.audio for one in await house.library.versions.all(company, welcome.id)] == ["ok", "ok"]
    async with store.begin(company) as tx:
        removed = await removing.version(tx, first.id)
    assert removed.objects == {first.sha256, first.original.sha256}
    assert await house.library.ledger.all(company, only_open=True) == []


async def test_what_was_erased_may_be_uploaded_again_and_is_there_then(
    house: House, welcome: Message, tmp_path: Path
) -> None:
    company = house.world.exempel.id
    file = await sound_file(tmp_path / "a.mp3", HELLO)
    first = (await upload(house, welcome, file)).version
    await upload(house, welcome, await sound_file(tmp_path / "b.mp3", telephone_speech("other", 2.0)))
    await house.library.erasing.order_version(company, first.id, by="alva", because="for good")
    assert await house.library.erasing.work(company) >= 1
    assert first.original.sha256 not in {path.name for path in house.objects()}
    again = (await upload(house, welcome, file)).version
    assert (again.sha256, again.original) == (first.sha256, first.original)
    for copy in (0, 1):
        assert {again.sha256, again.original.sha256} <= {path.name for path in house.objects(copy)}
    assert (await house.library.proof.sweep()).lost == 0
    async with house.world.store.read(company) as tx:
        seen = await messages.with_texts(tx, welcome.id)
        assert seen.texts["sv"].current == again, "and it is what is heard"
        assert len(await versions.of_message(tx, welcome.id)) == 2


async def test_the_file_itself_leaves_with_its_company_and_comes_back(
    house: House, welcome: Message, tmp_path: Path
) -> None:
    file = await sound_file(tmp_path / "hello.mp3", HELLO)
    version = (await upload(house, welcome, file)).version
    path = await parcels.export(house)
    with zipfile.ZipFile(path) as archive:
        assert archive.read(f"messages/{welcome.number:03}-welcome/sv-v1-original.mp3") == file.read_bytes()
    done = await parcels.bring_in(house, path, "Annat namn AB")
    other = done.company.id
    there = await house.library.messages.by_ref(other, "Welcome")
    async with house.world.store.read(other) as tx:
        (brought,) = await versions.of_message(tx, there.id)
    assert brought.original == version.original
    assert await house.vault.get(other, version.original.sha256) == file.read_bytes()
