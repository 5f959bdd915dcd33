"""Takes that nobody holds any more, after a fault of ours or of Asterisk's."""

from datetime import UTC, datetime

import pytest

from pbx.errors import Refused
from pbx.rules.jobs import JobState
from pbx.rules.numbers import Withheld
from pbx.store import people, takes, versions
from pbx.store.values import Take
from tests.audio.takes import silence
from tests.library.house import CALLER, House, alike, build
from tests.store.world import HOSTILE


async def test_a_message_that_was_cut_by_a_fault_is_delivered_and_marked(house: House) -> None:
    take = await house.voice_message()
    spoken = house.speak(take, "cut")
    ((adopted),) = await house.library.takes.adopt()
    assert (adopted.take, adopted.kept.ok) == (take.id, True)
    (message,) = await house.library.mailboxes.messages(take.company, house.world.box.id)
    assert message.interrupted
    media = await house.library.mailboxes.media(message)
    assert media is not None
    assert alike(house.sounds(media), spoken)
    assert await house.library.takes.adopt() == []


async def test_a_cut_greeting_is_better_than_none(house: House) -> None:
    house.speak(await house.greeting(), "cut", 4.5)
    await house.library.takes.adopt()
    assert (await house.at_alvas_mailbox()).heard == "own"


async def test_a_cut_greeting_does_not_replace_a_whole_one_but_is_offered(house: House) -> None:
    whole = await house.recorded("whole")
    cut = house.speak(await house.greeting(), "cut")
    await house.library.takes.adopt()
    assert alike(house.sounds((await house.at_alvas_mailbox()).media[0]), whole)
    boxes, company, box = house.library.mailboxes, house.world.exempel.id, house.world.box.id
    offered = await boxes.offered(company, box)
    assert offered is not None
    media = await boxes.version_media(company, offered.id)
    assert media is not None
    assert alike(house.sounds(media), cut)
    await boxes.use_version(company, offered.id, by="call:201")
    assert await boxes.offered(company, box) is None
    assert alike(house.sounds((await house.at_alvas_mailbox()).media[0]), cut)


async def test_a_short_cut_greeting_is_only_offered_and_can_be_turned_down(house: House) -> None:
    house.speak(await house.greeting(), "cut", 2.0)
    await house.library.takes.adopt()
    boxes, company, box = house.library.mailboxes, house.world.exempel.id, house.world.box.id
    assert (await house.at_alvas_mailbox()).heard == "neutral"
    offered = await boxes.offered(company, box)
    assert offered is not None
    with pytest.raises(Refused, match="version-unknown"):
        await boxes.turn_down(house.world.annat.id, offered.id, by="call:201")
    await boxes.turn_down(company, offered.id, by="call:201")
    assert await boxes.offered(company, box) is None


async def test_a_new_greeting_ends_the_offer_of_an_older_cut_one(house: House) -> None:
    house.speak(await house.greeting(), "cut", 2.0)
    await house.library.takes.adopt()
    await house.recorded("new")
    assert await house.library.mailboxes.offered(house.world.exempel.id, house.world.box.id) is None


async def test_a_cut_prompt_is_a_version_that_is_not_heard_and_its_job_says_so(house: House) -> None:
    company, message = house.world.exempel.id, house.world.welcome.id
    async with house.world.store.begin(company) as tx:
        await people.add_number(tx, house.world.alva.id, CALLER)
    job = await house.library.jobs.request(company, message, "sv", CALLER.e164, asked_by="test")
    for state in (JobState.CLAIMED, JobState.DIALLING, JobState.ANSWERED, JobState.RECORDING):
        await house.library.jobs.step(company, job.id, state)
    take = await house.library.takes.expect(company, "prompt", job.id, lang="sv", channel=job.id, caller=job.speaker)
    assert (await house.library.jobs.get(company, job.id)).take == take.id
    house.speak(take, "cut", 6.0)
    await house.library.takes.adopt()
    ended = await house.library.jobs.get(company, job.id)
    assert (ended.state, ended.because) == (JobState.REJECTED, "interrupted")
    async with house.world.store.read(company) as tx:
        (version,) = await versions.of_message(tx, message)
    assert (version.interrupted, version.used_at, version.from_number) == (True, None, CALLER.e164)
    assert (await house.library.messages.playable_message(company, message, "sv")).heard != "own"


async def test_a_cut_prompt_with_nothing_in_it_ends_its_job_too(house: House) -> None:
    company, message = house.world.exempel.id, house.world.welcome.id
    async with house.world.store.begin(company) as tx:
        await people.add_number(tx, house.world.alva.id, CALLER)
    job = await house.library.jobs.request(company, message, "sv", CALLER.e164, asked_by="test")
    for state in (JobState.CLAIMED, JobState.DIALLING, JobState.ANSWERED, JobState.RECORDING):
        await house.library.jobs.step(company, job.id, state)
    take = await house.library.takes.expect(company, "prompt", job.id, lang="sv", channel=job.id, caller=job.speaker)
    house.write(take.file, silence(1))
    await house.library.takes.adopt()
    assert (await house.library.jobs.get(company, job.id)).state is JobState.NOTHING_RECORDED


async def test_a_prompt_that_its_call_keeps_just_before_we_adopt_it_is_not_called_interrupted(house: House) -> None:
    company, message = house.world.exempel.id, house.world.welcome.id
    async with house.world.store.begin(company) as tx:
        await people.add_number(tx, house.world.alva.id, CALLER)
    job = await house.library.jobs.request(company, message, "sv", CALLER.e164, asked_by="test")
    for state in (JobState.CLAIMED, JobState.DIALLING, JobState.ANSWERED, JobState.RECORDING):
        await house.library.jobs.step(company, job.id, state)
    seen = await house.library.takes.expect(company, "prompt", job.id, lang="sv", channel=job.id, caller=job.speaker)
    house.speak(seen, "whole")
    assert (await house.keep(seen)).ok
    await house.library.takes._adopt(seen)
    assert (await house.library.jobs.get(company, job.id)).state is JobState.RECORDING
    assert (await house.library.messages.playable_message(company, message, "sv")).heard == "own"


async def test_a_take_whose_call_is_alive_is_left_alone_until_it_is_over(house: House) -> None:
    takes_ = house.library.takes
    mine, before = await house.greeting(channel="alive"), await _left_before(house, "before")
    house.speak(mine, "hello")
    assert [take.id for take in await takes_.left()] == [before.id]
    assert [one.take for one in await takes_.adopt([before.id])] == [before.id]
    assert house.spooled() == [mine.file]
    takes_.released("alive")
    assert [take.id for take in await takes_.left()] == [mine.id]


async def test_what_was_left_is_adopted_though_the_clock_was_put_back_an_hour(house: House) -> None:
    takes_ = house.library.takes
    before, failed = await _left_before(house, "before"), await house.voice_message(channel="failed")
    house.speak(failed, "failed")
    house.world.clock.pass_(hours=-1)
    takes_.released("failed")
    going_on = await house.voice_message(channel="going on")
    house.speak(going_on, "going on")
    adopted = await takes_.adopt([take.id for take in await takes_.left()])
    assert {one.take for one in adopted} == {before.id, failed.id}


async def _left_before(house: House, seed: str) -> Take:
    """A take of a process before this one, which is no more."""
    other = build(house.world, house.root)
    take = await other.voice_message(channel="theirs")
    other.speak(take, seed)
    other.vault.close()
    return take


async def test_files_without_a_row_are_set_aside_and_never_removed(house: House) -> None:
    for name in ("stranger.sln16", "stranger.wav", "ÅÄÖ '\" $(id).sln16"):
        (house.spool / "recording" / name).write_bytes(b"something")
    (house.spool / "aside").mkdir()
    (house.spool / "aside" / "stranger.sln16").write_bytes(b"an older one")
    await house.library.takes.adopt()
    kept = house.spooled()
    assert all(name.startswith("aside/") for name in kept)
    assert len(kept) == 4
    assert (house.spool / "aside" / "stranger.sln16").read_bytes() == b"an older one"


async def test_one_takes_fault_keeps_no_other_from_being_adopted(house: House) -> None:
    broken, whole = await house.voice_message(), await house.voice_message()
    (house.spool / broken.file).mkdir(parents=True)
    house.speak(whole, "hello")
    assert [one.take for one in await house.library.takes.adopt()] == [whole.id]
    async with house.world.store.read(broken.company) as tx:
        assert (await takes.get(tx, broken.id)).state == "open"


async def test_takes_of_all_companies_are_adopted_each_for_its_own(house: House) -> None:
    mine = await house.voice_message()
    theirs = await house.library.takes.expect(
        house.world.annat.id, "voice", house.world.other_box.id, lang="en", channel="3", caller=Withheld()
    )
    house.speak(mine, "mine")
    house.speak(theirs, "theirs")
    assert {one.company for one in await house.library.takes.adopt()} == {mine.company, theirs.company}
    boxes = house.library.mailboxes
    assert len(await boxes.messages(mine.company, house.world.box.id)) == 1
    assert len(await boxes.messages(theirs.company, house.world.other_box.id)) == 1
    with pytest.raises(Refused, match="mailbox-unknown"):
        await boxes.get(mine.company, house.world.other_box.id)


async def test_a_message_taken_while_we_were_away_has_its_own_time_and_comes_once(house: House) -> None:
    from tests.audio.takes import telephone_speech

    spoken = telephone_speech("survival", 4)
    house.write("survival/1711-22.5.sln16", spoken)
    left_at = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    company, box = house.world.exempel.id, house.world.box.id
    for _ in range(2):
        kept = await house.library.takes.bring_in(company, box, "1711-22.5.sln16", caller=CALLER, at=left_at, lang="sv")
        assert kept.ok
    (message,) = await house.library.mailboxes.messages(company, box)
    assert (message.at, message.caller, message.interrupted) == (left_at, CALLER, False)
    assert house.spooled() == []


@pytest.mark.parametrize(
    "name", ["../recording/x.sln16", "x", "/etc/passwd", "a/b.sln16", ".sln16", HOSTILE, "..sln16"]
)
async def test_a_name_that_is_no_takes_name_is_not_looked_for(house: House, name: str) -> None:
    with pytest.raises(Refused, match="take-unknown"):
        await house.library.takes.bring_in(
            house.world.exempel.id, house.world.box.id, name, caller=CALLER, at=house.world.clock(), lang="sv"
        )


async def test_a_message_for_another_companys_mailbox_is_not_brought_in(house: House) -> None:
    house.write("survival/1.2.sln16", silence(1))
    with pytest.raises(Refused, match="mailbox-unknown"):
        await house.library.takes.bring_in(
            house.world.exempel.id,
            house.world.other_box.id,
            "1.2.sln16",
            caller=CALLER,
            at=house.world.clock(),
            lang="sv",
        )
    assert house.spooled() == ["survival/1.2.sln16"]
