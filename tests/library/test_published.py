"""The published files are made what the rows say they should be, from nothing if need be."""

import json
import os
import shutil
from pathlib import Path

import pytest

from pbx.audio.pcm import read_sln16
from pbx.library.files import EXTENSIONS
from pbx.library.seals import SHARES, Seals
from pbx.store import mailboxes, messages
from tests.library.house import House, alike, build
from tests.store.world import HOSTILE


async def test_everything_that_is_spoken_is_made_once(house: House) -> None:
    made = await house.library.published.mend()
    assert made == len(house.voice.said) == len(set(house.voice.said))
    assert await house.library.published.mend() == 0
    files = [path for path in (house.root / "published").rglob("*.*") if path.suffix != ".seal"]
    assert len(files) == made * len(EXTENSIONS)
    assert all(read_sln16(path).any() for path in files if path.suffix == ".sln16")
    assert {path.stat().st_mode & 0o444 for path in files} == {0o444}


async def test_a_changed_script_is_spoken_anew_and_the_rest_is_left(house: House) -> None:
    await house.library.published.mend()
    house.voice.said.clear()
    await house.library.messages.set_script(
        house.world.exempel.id, house.world.welcome.id, "sv", "Något annat.", by="test"
    )
    assert await house.library.published.mend() == 1
    assert house.voice.said == [("Något annat.", "sv")]
    playable = await house.library.messages.playable_message(house.world.exempel.id, house.world.welcome.id, "sv")
    assert alike(house.sounds(playable.media[0]), house.said("Något annat."))


async def test_all_files_gone_all_files_are_made_again(house: House) -> None:
    spoken = await house.recorded("hello")
    await house.library.published.mend()
    before = sorted(path.name for path in (house.root / "published").rglob("*.*"))
    shutil.rmtree(house.root / "published")
    assert (await house.at_alvas_mailbox()).heard == "neutral"
    await house.library.published.publish(
        house.world.exempel.id, await house.library.published.wanted(house.world.exempel.id)
    )
    assert alike(house.sounds((await house.at_alvas_mailbox()).media[0]), spoken)
    await house.library.published.publish(
        house.world.annat.id, await house.library.published.wanted(house.world.annat.id)
    )
    assert sorted(path.name for path in (house.root / "published").rglob("*.*")) == before


async def test_one_format_gone_is_noticed(house: House) -> None:
    await house.recorded("hello")
    await house.library.published.mend()
    media = (await house.at_alvas_mailbox()).media[0]
    house.file(media, "g722").unlink()
    (wanted,) = await house.library.published.wanted(house.world.exempel.id)
    assert await house.library.published.publish(house.world.exempel.id, [wanted]) == []
    assert house.file(media, "g722").is_file()


async def test_what_the_vault_has_lost_is_told_and_what_was_heard_before_is_published(house: House) -> None:
    old = await house.recorded("old")
    await house.recorded("new")
    new = house.sounds((await house.at_alvas_mailbox()).media[0])
    for copy in (0, 1):
        newest = max(house.objects(copy), key=lambda path: path.stat().st_mtime_ns)
        newest.unlink()
    shutil.rmtree(house.root / "published")
    wanted = await house.library.published.wanted(house.world.exempel.id)
    failures = await house.library.published.publish(house.world.exempel.id, wanted)
    assert len(failures) == 1
    playable = await house.at_alvas_mailbox()
    assert playable.heard == "earlier-version"
    assert alike(house.sounds(playable.media[0]), old)
    assert not alike(house.sounds(playable.media[0]), new)
    (greeting,) = [
        view for view in await house.library.messages.all(house.world.exempel.id) if view.name == "greeting-201"
    ]
    assert (greeting.state, greeting.heard) == ("missing", "earlier-version")


async def test_one_copy_is_enough_to_publish_from(house: House) -> None:
    spoken = await house.recorded("hello")
    shutil.rmtree(house.root / "published")
    shutil.rmtree(house.copies[0])
    await house.library.published.mend()
    assert alike(house.sounds((await house.at_alvas_mailbox()).media[0]), spoken)


async def test_a_text_that_cannot_be_spoken_stops_nothing_and_is_not_tried_at_every_change(house: House) -> None:
    house.voice.mute.add("Välkommen till Exempel AB.")
    await house.library.published.mend()
    tried = house.voice.said.count(("Välkommen till Exempel AB.", "sv"))
    async with house.world.store.begin(house.world.exempel.id) as tx:
        await messages.set_script(tx, house.world.welcome.id, "en", "Changed.")
    await house.library.published.mend()
    assert house.voice.said.count(("Välkommen till Exempel AB.", "sv")) == tried == 1
    assert ("Changed.", "en") in house.voice.said
    playable = await house.library.messages.playable_message(house.world.exempel.id, house.world.welcome.id, "sv")
    assert alike(house.sounds(playable.media[0]), house.said("Changed.", "en"))


async def test_the_same_words_in_two_companies_are_two_files(house: House) -> None:
    for company, message in (
        (house.world.exempel, house.world.welcome),
        (house.world.annat, house.world.other_welcome),
    ):
        await house.library.messages.set_script(company.id, message.id, "sv", "Samma ord.", by="test")
    await house.library.published.mend()
    one = await house.library.messages.playable_message(house.world.exempel.id, house.world.welcome.id, "sv")
    two = await house.library.messages.playable_message(house.world.annat.id, house.world.other_welcome.id, "sv")
    assert one.media != two.media
    assert one.media[0].rsplit("/", 1)[1] == two.media[0].rsplit("/", 1)[1]


async def test_a_hostile_script_becomes_a_file_with_an_ordinary_name(house: House) -> None:
    await house.library.messages.set_script(house.world.exempel.id, house.world.welcome.id, "sv", HOSTILE, by="test")
    await house.library.published.mend()
    playable = await house.library.messages.playable_message(house.world.exempel.id, house.world.welcome.id, "sv")
    assert playable.heard == "spoken-script"
    assert set(playable.media[0].rsplit("/", 1)[1]) <= set("0123456789abcdef")


@pytest.mark.parametrize("extension", EXTENSIONS)
@pytest.mark.parametrize("left", [0, 100])
async def test_a_published_file_that_was_cut_off_is_made_anew(house: House, extension: str, left: int) -> None:
    await house.library.published.mend()
    playable = await house.library.messages.playable_message(house.world.exempel.id, house.world.welcome.id, "sv")
    file = house.file(playable.media[0], extension)
    whole = file.read_bytes()
    with file.open("r+b") as cut:
        cut.truncate(left)
    assert [one.base.name for one in await house.library.published.wanted(house.world.exempel.id)] == [file.stem]
    await house.library.published.publish(
        house.world.exempel.id, await house.library.published.wanted(house.world.exempel.id)
    )
    assert file.read_bytes() == whole


async def test_an_empty_file_is_not_played_and_something_else_is(house: House) -> None:
    await house.library.published.mend()
    playable = await house.library.messages.playable_message(house.world.exempel.id, house.world.welcome.id, "sv")
    house.file(playable.media[0], "sln16").write_bytes(b"")
    instead = await house.library.messages.playable_message(house.world.exempel.id, house.world.welcome.id, "sv")
    assert instead.media
    assert instead.media != playable.media


def flipped(file: Path) -> bytes:
    """A bit in its middle, without a change of its length or of the time that it carries. What it was."""
    was, status = file.read_bytes(), file.stat()
    at = len(was) // 2
    with file.open("r+b") as damaged:
        damaged.seek(at)
        damaged.write(bytes([was[at] ^ 0x40]))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert file.stat().st_size == len(was)
    assert file.read_bytes() != was
    return was


@pytest.mark.parametrize("extension", EXTENSIONS)
async def test_a_published_file_damaged_at_the_same_length_is_made_anew(house: House, extension: str) -> None:
    await house.recorded("hello")
    await house.library.published.mend()
    company, file = house.world.exempel.id, house.file((await house.at_alvas_mailbox()).media[0], extension)
    was = flipped(file)
    wanted = await house.library.published.wanted(company)
    assert [one.base.name for one in wanted] == [file.stem]
    assert await house.library.published.publish(company, wanted) == []
    assert file.read_bytes() == was
    assert await house.library.published.wanted(company) == []


async def test_what_was_damaged_while_we_were_away_is_made_anew_at_the_start_and_nothing_else(house: House) -> None:
    await house.library.published.mend()
    playable = await house.library.messages.playable_message(house.world.exempel.id, house.world.welcome.id, "sv")
    file = house.file(playable.media[0])
    was = flipped(file)
    again = build(house.world, house.root)
    await again.vault.open()
    assert await again.library.published.mend() == 1
    assert file.read_bytes() == was
    await again.library.drain()
    again.vault.close()


async def test_files_that_somebody_copied_elsewhere_are_read_and_not_made_anew(house: House) -> None:
    await house.library.published.mend()
    published = house.root / "published"
    shutil.copytree(published, house.root / "copied")
    shutil.rmtree(published)
    (house.root / "copied").rename(published)
    assert await house.library.published.wanted(house.world.exempel.id) == []


async def test_a_bit_that_a_disk_lost_by_itself_is_found_by_reading_in_turn(house: House) -> None:
    await house.library.published.mend()
    playable = await house.library.messages.playable_message(house.world.exempel.id, house.world.welcome.id, "sv")
    file = house.file(playable.media[0])
    base, seals = file.with_suffix(""), Seals()
    flipped(file)
    seal = base.with_name(f".{base.name}.seal")
    stands = " ".join(
        f"{one.st_size} {one.st_mtime_ns} {one.st_ctime_ns} {one.st_ino}"
        for one in (base.with_suffix(f".{extension}").stat() for extension in EXTENSIONS)
    )
    seal.write_text(json.dumps(json.loads(seal.read_bytes()) | {"stood": stands}))  # as if nobody had written
    looks = 0
    while seals.intact(base):
        seals.turn()
        looks += 1
    assert looks <= SHARES
    assert [one.base for one in await house.library.published.wanted(house.world.exempel.id)] == [base]


async def test_a_damaged_voice_message_is_made_anew_when_it_is_played(house: House) -> None:
    await house.left("call me")
    async with house.world.store.read(house.world.exempel.id) as tx:
        (message,) = await mailboxes.messages(tx, house.world.box.id)
    media = await house.library.mailboxes.media(message)
    assert media is not None
    was = flipped(house.file(media))
    assert await house.library.mailboxes.media(message) == media
    assert house.file(media).read_bytes() == was


async def test_all_of_it_is_made_anew_from_the_vault_if_somebody_asks_for_that(house: House) -> None:
    await house.recorded("hello")
    await house.library.published.mend()
    kept = sorted((house.root / "published").rglob("*.sln16"))
    before = {file: (file.read_bytes(), file.stat().st_ino) for file in kept}
    house.voice.said.clear()
    made = await house.library.published.anew()
    assert made == len(before) == len(house.voice.said) + 1
    assert sorted((house.root / "published").rglob("*.sln16")) == sorted(before)
    for file, (was, inode) in before.items():
        assert file.read_bytes() == was
        assert file.stat().st_ino != inode
    assert await house.library.published.mend() == 0
