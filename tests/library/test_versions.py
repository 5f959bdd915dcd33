"""Every recording of a message is kept, and any of them can be the one that is heard."""

import numpy as np
import pytest

from pbx.errors import Refused
from pbx.library.versions import VersionView
from pbx.store import audit
from tests.library.house import House, alike


async def greetings(house: House, lang: str | None = None) -> list[VersionView]:
    return await house.library.versions.all(house.world.exempel.id, house.world.box.greeting, lang)


async def use(
    house: House, number: int, *, lang: str = "sv", expected: int | None = None, by: str = "cli:alva"
) -> None:
    await house.library.versions.use(
        house.world.exempel.id, house.world.box.greeting, number, lang=lang, expected=expected, by=by
    )


async def test_a_message_lists_all_that_was_recorded_for_it(house: House) -> None:
    await house.recorded("old")
    house.world.clock.pass_(days=1)
    await house.recorded("new", 5.0)
    new, old = await greetings(house)
    assert (new.number, new.current, old.number, old.current) == (2, True, 1, False)
    assert (old.lang, old.source, old.by, old.audio, old.interrupted) == ("sv", "call", "call:201", "ok", False)
    assert (new.at - old.at).days == 1
    assert old.seconds == pytest.approx(4.0, abs=0.5)
    assert -40 < old.level_db < 0
    assert old.sha256 in {path.name for path in house.objects()}
    assert old.revision == new.revision == {"sv": 2, "en": 0}
    assert await greetings(house, "en") == []


async def test_a_recording_that_no_copy_holds_is_missing_and_the_others_are_not(house: House) -> None:
    await house.recorded("old")
    await house.recorded("new")
    lost = (await greetings(house))[1]
    for copy in (0, 1):
        next(path for path in house.objects(copy) if path.name == lost.sha256).unlink()
    assert [view.audio for view in await greetings(house)] == ["ok", "missing"]


async def test_what_fewer_copies_hold_than_there_are_is_shown_as_one_copy_until_all_have_it(house: House) -> None:
    await house.vault.open()
    house.copies[1].rename(house.root / "away")
    await house.recorded("hello")
    (greeting,) = await greetings(house)
    assert (greeting.audio, greeting.shown, greeting.copies) == ("ok", "one-copy", 1)
    (view,) = await house.library.overview.these(house.world.exempel.id, [house.world.box.greeting])
    assert (view.state, view.shown, view.copies, view.lagging) == ("ok", "one-copy", 1, True)
    await house.vault.refill("2")
    (greeting,) = await greetings(house)
    assert (greeting.audio, greeting.shown, greeting.copies) == ("ok", "ok", 2)
    (view,) = await house.library.overview.these(house.world.exempel.id, [house.world.box.greeting])
    assert (view.state, view.shown, view.copies, view.lagging) == ("ok", "ok", 2, False)


async def test_an_administrator_goes_back_to_an_older_recording_and_forth_again(house: House) -> None:
    old, new = await house.recorded("old"), await house.recorded("new")
    for number, expected in ((1, old), (2, new), (1, old)):
        await use(house, number)
        playable = await house.at_alvas_mailbox()
        assert playable.heard == "own"
        assert alike(house.sounds(playable.media[0]), expected)
        assert [view.number for view in await greetings(house) if view.current] == [number]
    async with house.world.store.read(house.world.exempel.id) as tx:
        newest = (await audit.recent(tx, 1))[0]
    assert (newest.actor, newest.action, newest.subject) == ("cli:alva", "version used", "greeting-201")
    assert (newest.details["lang"], newest.details["version"]) == ("sv", 1)


async def test_what_was_never_recorded_cannot_be_used(house: House) -> None:
    await house.recorded("hello")
    for number, lang in ((0, "sv"), (2, "sv"), (-1, "sv"), (1, "en")):
        with pytest.raises(Refused, match="version-unknown"):
            await use(house, number, lang=lang)
    with pytest.raises(Refused, match="language-unknown"):
        await use(house, 1, lang="de")
    theirs = house.world.annat.id
    with pytest.raises(Refused, match="message-unknown"):
        await house.library.versions.use(theirs, house.world.box.greeting, 1, lang="sv", by="test")
    with pytest.raises(Refused, match="message-unknown"):
        await house.library.versions.all(theirs, house.world.box.greeting)


async def test_of_two_who_choose_at_once_the_second_is_told_and_nothing_is_overwritten(house: House) -> None:
    await house.recorded("one")
    await house.recorded("two")
    seen = (await greetings(house))[0].revision["sv"]
    house.world.clock.pass_(minutes=5)
    await use(house, 1, expected=seen, by="cli:alva")
    with pytest.raises(Refused) as refused:
        await use(house, 2, expected=seen, by="cli:bo")
    assert (refused.value.says, refused.value.details) == ("edited-meanwhile", "cli:alva, 2026-03-02 14:10")
    assert [view.number for view in await greetings(house) if view.current] == [1]


async def test_a_recording_made_meanwhile_is_an_edit_too(house: House) -> None:
    await house.recorded("one")
    seen = (await greetings(house))[0].revision["sv"]
    await house.recorded("two")
    with pytest.raises(Refused, match="edited-meanwhile: call:201"):
        await use(house, 1, expected=seen)


async def test_what_the_judge_remarked_is_kept_with_the_recording(house: House) -> None:
    take = await house.greeting()
    loud = house.speak(take, "loud").astype(np.int32) * 26 // 10
    house.write(take.file, np.clip(loud, -32_768, 32_767).astype(np.int16))
    kept = await house.keep(take)
    assert kept.ok
    assert "clipped" in (await greetings(house))[0].notes.split(",")
