"""A take is kept: only then is it announced, and from then on it cannot be lost."""

import asyncio
import json
import shutil

import pytest

from pbx.audio import flac
from pbx.audio.pcm import Pcm
from pbx.errors import Refused
from pbx.library.files import EXTENSIONS
from pbx.rules.numbers import caller
from pbx.store import messages, takes, versions
from tests.audio.takes import at_level, joined, key, noise, silence, telephone_speech
from tests.library.house import House, alike, twice_cancelled
from tests.store.world import HOSTILE


async def test_a_greeting_is_heard_by_the_next_caller_once_it_is_kept(house: House) -> None:
    take = await house.greeting()
    spoken = house.speak(take, "hello")
    assert (await house.at_alvas_mailbox()).heard == "neutral"
    kept = await house.keep(take)
    assert (kept.ok, kept.says, kept.copies) == (True, None, 2)
    assert kept.seconds == pytest.approx(4.0, abs=0.5)
    playable = await house.at_alvas_mailbox()
    assert playable.heard == "own"
    assert alike(house.sounds(playable.media[0]), spoken)
    assert all(house.file(playable.media[0], extension).is_file() for extension in EXTENSIONS)


async def test_what_was_said_is_in_every_copy_whole_and_the_spool_is_empty(house: House) -> None:
    spoken = await house.recorded("hello")
    for copy in (0, 1):
        (stored,) = house.objects(copy)
        assert (flac.decode(stored.read_bytes()) == spoken).all()
    assert house.spooled() == []


async def test_the_vault_alone_tells_what_the_object_is(house: House) -> None:
    await house.recorded("hello")
    (sidecar,) = (house.copies[1] / "companies").rglob("*.json")
    told = json.loads(sidecar.read_text("utf-8"))
    expected = {
        "company_name": "Exempel AB",
        "owner": "Alva Alm",
        "extension": "201",
        "purpose": "a personal greeting",
        "language": "sv",
        "recorded_by": "call:201",
        "message": "greeting-201",
    }
    assert expected.items() <= told.items()


async def test_the_old_greeting_is_heard_until_the_new_one_is_kept(house: House) -> None:
    old = await house.recorded("old")
    take = await house.greeting()
    assert alike(house.sounds((await house.at_alvas_mailbox()).media[0]), old)
    new = house.speak(take, "new")
    assert (await house.keep(take)).ok
    sound = house.sounds((await house.at_alvas_mailbox()).media[0])
    assert alike(sound, new)
    assert not alike(sound, old)
    async with house.world.store.read(take.company) as tx:
        assert len(await versions.of_message(tx, house.world.box.greeting)) == 2


@pytest.mark.parametrize(
    ("sound", "says"),
    [
        (silence(3), "take-silent"),
        (silence(0), "take-silent"),
        (noise(3, -45), "take-silent"),
        (joined(silence(1), key("0", 0.06)), "take-silent"),
        (joined(silence(0.5), telephone_speech("ja", 0.4), silence(0.5)), "take-too-short"),
        (at_level(telephone_speech("whisper", 3), -50), "take-too-quiet"),
    ],
)
async def test_a_take_without_speech_is_not_kept_and_not_thrown_away(house: House, sound: Pcm, says: str) -> None:
    old = await house.recorded("old")
    take = await house.greeting()
    house.write(take.file, sound)
    kept = await house.keep(take)
    assert (kept.ok, kept.says, kept.result) == (False, says, None)
    assert alike(house.sounds((await house.at_alvas_mailbox()).media[0]), old)
    assert house.spooled() == [f"aside/{take.id}.sln16"]
    assert await house.keep(take) == kept
    assert len(house.objects()) == 1


async def test_no_tone_of_the_ending_key_is_heard(house: House) -> None:
    take = await house.greeting()
    spoken = telephone_speech("hello", 4)
    house.write(take.file, joined(spoken, silence(0.1), key("0", 0.06)))
    assert (await house.keep(take)).ok
    sound = house.sounds((await house.at_alvas_mailbox()).media[0])
    assert len(sound) <= len(spoken) + 16_000 * 0.1


async def test_keeping_again_gives_the_same_answer_and_no_second_version(house: House) -> None:
    take = await house.greeting()
    house.speak(take, "hello")
    answers = await asyncio.gather(*(house.keep(take) for _ in range(6)))
    answers.append(await house.keep(take))
    assert len(set(answers)) == 1
    assert answers[0].ok
    async with house.world.store.read(take.company) as tx:
        assert len(await versions.of_message(tx, house.world.box.greeting)) == 1


async def test_a_voice_message_is_new_in_its_mailbox_and_counted(house: House) -> None:
    spoken = await house.left("please call back")
    boxes, company = house.library.mailboxes, house.world.exempel.id
    assert await boxes.new_count(company, house.world.box.id) == 1
    (message,) = await boxes.messages(company, house.world.box.id)
    assert (message.state, message.interrupted, message.lang) == ("new", False, "sv")
    media = await boxes.media(message)
    assert media is not None
    assert alike(house.sounds(media), spoken)


async def test_a_hostile_name_is_in_the_sidecar_as_text_and_nowhere_in_a_path(house: House) -> None:
    async with house.world.store.begin(house.world.exempel.id) as tx:
        await messages.set_script(tx, house.world.box.greeting, "sv", HOSTILE)
    take = await house.library.takes.expect(
        house.world.exempel.id,
        "greeting",
        house.world.box.id,
        lang="sv",
        channel=HOSTILE,
        caller=caller(HOSTILE),
        by=HOSTILE,
    )
    house.speak(take, "hello")
    assert (await house.keep(take)).ok
    (sidecar,) = (house.copies[0] / "companies").rglob("*.json")
    told = json.loads(sidecar.read_text("utf-8"))
    assert (told["script"], told["recorded_by"]) == (HOSTILE, HOSTILE)


async def test_a_take_that_was_never_written_is_silent(house: House) -> None:
    take = await house.greeting()
    kept = await house.keep(take)
    assert (kept.ok, kept.says) == (False, "take-silent")


async def test_a_spool_that_is_away_says_nothing_about_a_take(house: House) -> None:
    take = await house.greeting()
    house.speak(take, "hello")
    away = house.spool.rename(house.root / "away")
    with pytest.raises(FileNotFoundError):
        await house.keep(take)
    away.rename(house.spool)
    assert (await house.keep(take)).ok


async def test_the_speaker_may_try_again_and_the_first_take_is_set_aside(house: House) -> None:
    first, second = await house.voice_message(), await house.voice_message()
    house.speak(first, "first")
    assert await house.library.takes.replace(first.company, first.id)
    assert house.spooled() == [f"aside/{first.id}.sln16"]
    assert not (await house.keep(first)).ok
    house.speak(second, "second")
    assert (await house.keep(second)).ok
    assert not await house.library.takes.replace(second.company, second.id)
    assert await house.library.mailboxes.new_count(second.company, house.world.box.id) == 1


async def test_with_one_copy_away_it_is_saved_and_the_spool_holds_it_until_all_copies_have_it(house: House) -> None:
    house.copies[0].write_text("a file where the folder should be")
    take = await house.greeting()
    house.speak(take, "hello")
    kept = await house.keep(take)
    assert (kept.ok, kept.copies) == (True, 1)
    assert house.spooled() == [take.file]
    await house.library.takes.adopt()
    assert house.spooled() == [take.file]
    house.copies[0].unlink()
    ((adopted),) = await house.library.takes.adopt()
    assert (adopted.kept.ok, adopted.kept.copies) == (True, 2)
    assert house.spooled() == []
    assert len(house.objects(0)) == len(house.objects(1)) == 1
    assert await house.library.takes.adopt() == []


async def test_the_spool_lets_go_of_a_take_when_the_only_copy_that_lacked_it_is_retired(house: House) -> None:
    await house.vault.open()
    (house.copies[1] / "vaxel-copy.json").unlink()
    take = await house.greeting()
    house.speak(take, "hello")
    assert (await house.keep(take)).copies == 1
    assert house.spooled()
    await house.vault.retire_copy("2")
    await house.library.takes.adopt()
    assert house.spooled() == []
    assert await house.library.takes.spooled(house.world.exempel.id) == 0


async def test_with_no_copy_it_waits_in_the_spool_and_is_not_called_saved(house: House) -> None:
    for copy in house.copies:
        copy.write_text("a file where the folder should be")
    take = await house.greeting()
    spoken = house.speak(take, "hello")
    kept = await house.keep(take)
    assert (kept.ok, kept.says) == (False, "take-waiting")
    assert house.spooled() == [take.file]
    await house.library.published.mend()
    shutil.rmtree(house.root / "published")
    await house.library.published.mend()
    waiting = await house.at_alvas_mailbox()
    assert waiting.heard == "own"
    assert alike(house.sounds(waiting.media[0]), spoken)
    for copy in house.copies:
        copy.unlink()
    ((adopted),) = await house.library.takes.adopt([])
    assert adopted.kept.ok
    playable = await house.at_alvas_mailbox()
    assert alike(house.sounds(playable.media[0]), spoken)
    async with house.world.store.read(take.company) as tx:
        assert not (await takes.get(tx, take.id)).interrupted


async def test_who_is_cancelled_twice_has_kept_the_take_all_the_same(house: House) -> None:
    take = await house.greeting()
    house.speak(take, "hello")
    task = asyncio.create_task(house.keep(take))
    await asyncio.sleep(0.01)
    await twice_cancelled(task)
    assert task.cancelled()
    assert (await house.at_alvas_mailbox()).heard == "own"
    assert house.spooled() == []


async def test_a_take_belongs_to_its_company(house: House) -> None:
    take = await house.greeting()
    house.speak(take, "hello")
    with pytest.raises(Refused, match="take-unknown"):
        await house.library.takes.keep(house.world.annat.id, take.id)
    with pytest.raises(Refused, match="mailbox-unknown"):
        await house.library.takes.expect(
            house.world.exempel.id, "voice", house.world.other_box.id, lang="sv", channel="1", caller=take.caller
        )


async def test_a_full_disk_at_the_published_files_loses_nothing(house: House) -> None:
    (house.root / "published").write_text("a file where the folder should be")
    take = await house.greeting()
    spoken = house.speak(take, "hello")
    assert (await house.keep(take)).ok
    assert (await house.at_alvas_mailbox()).heard == "neutral"
    (house.root / "published").unlink()
    await house.library.published.mend()
    assert alike(house.sounds((await house.at_alvas_mailbox()).media[0]), spoken)
