"""A message spoken by a voice: heard at once, kept like a recording, and known to be what its script said then."""

import asyncio
import hashlib
import json

import pytest

from pbx.audio import flac
from pbx.errors import Refused
from pbx.library.overview import MessageView
from tests.library.house import House, alike

SCRIPT = "Välkommen till Exempel AB."


async def listed(house: House) -> MessageView:
    views = await house.library.messages.all(house.world.exempel.id)
    return next(view for view in views if view.id == house.world.welcome.id)


async def speak(house: House, text: str | None = None, expected: int | None = None) -> str:
    done = await house.library.speaking.speak(
        house.world.exempel.id, house.world.welcome.id, lang="sv", text=text, expected=expected, by="cli:alva"
    )
    assert done.copies == 2
    return done.version.id


async def test_the_script_is_spoken_kept_in_every_copy_and_heard(house: House) -> None:
    company, message = house.world.exempel.id, house.world.welcome.id
    await speak(house)
    playable = await house.library.messages.playable_message(company, message, "sv")
    assert playable.heard == "own"
    assert alike(house.sounds(playable.media[0]), house.said(SCRIPT))
    (version,) = await house.library.versions.all(company, message)
    assert (version.source, version.voice, version.by) == ("speech", "pseudo speech sv", "cli:alva")
    assert (version.current, version.matches, version.audio) == (True, True, "ok")
    for copy in (0, 1):
        (kept,) = house.objects(copy)
        assert hashlib.sha256(kept.read_bytes()).hexdigest() == version.sha256
        assert len(flac.decode(kept.read_bytes())) > 0
    told = json.loads(next(house.copies[0].rglob(f"{version.sha256}*.json")).read_text())
    assert told["source"] == "speech"
    assert "uploaded_by" not in told
    assert (told["script"], told["voice"], told["asked_by"]) == (SCRIPT, "pseudo speech sv", "cli:alva")


async def test_another_text_becomes_the_script(house: House) -> None:
    await speak(house, "Vi har semester.")
    view = await listed(house)
    assert view.script["sv"] == "Vi har semester."
    assert view.matches == {"sv": True, "en": None}


async def test_a_changed_script_makes_the_list_say_that_the_recording_no_longer_matches(house: House) -> None:
    company, message = house.world.exempel.id, house.world.welcome.id
    assert (await listed(house)).matches == {"sv": None, "en": None}
    await speak(house)
    await house.library.messages.set_script(company, message, "sv", "Något annat.", by="test")
    assert (await listed(house)).matches["sv"] is False
    await house.library.messages.set_script(company, message, "sv", SCRIPT, by="test")
    assert (await listed(house)).matches["sv"] is True
    await house.library.messages.set_script(company, message, "sv", "Något annat.", by="test")
    await speak(house)
    assert (await listed(house)).matches["sv"] is True


async def test_a_greeting_read_in_from_a_script_tells_when_that_changed(house: House) -> None:
    company, greeting = house.world.exempel.id, house.world.box.greeting
    await house.recorded("without a script")
    views = {view.id: view for view in await house.library.messages.all(company)}
    assert views[greeting].matches["sv"] is None
    await house.library.messages.set_script(company, greeting, "sv", "Jag är på semester.", by="test")
    await house.recorded("with a script")
    await house.library.messages.set_script(company, greeting, "sv", "Jag är tillbaka.", by="test")
    views = {view.id: view for view in await house.library.messages.all(company)}
    assert views[greeting].matches["sv"] is False


async def test_the_list_of_words_is_used(house: House) -> None:
    await house.library.pronunciations.set(house.world.exempel.id, "Exempel", "eksämpel", lang="sv", by="test")
    await speak(house)
    assert house.voice.said[-1] == ("Välkommen till eksämpel AB.", "sv")
    assert (await listed(house)).script["sv"] == SCRIPT


async def test_a_voice_that_cannot_say_it_leaves_what_was_heard(house: House) -> None:
    await speak(house)
    before = await listed(house)
    house.voice.mute.add("Stumt.")
    with pytest.raises(Refused, match="speak-failed"):
        await speak(house, "Stumt.")
    for text in ("", " … ", "?!"):
        with pytest.raises(Refused, match="speak-nothing"):
            await speak(house, text)
    with pytest.raises(Refused, match="script-too-long"):
        await speak(house, "x" * 2_001)
    assert await listed(house) == before
    assert len(house.objects()) == 1


async def test_who_edits_at_the_same_time_is_told(house: House) -> None:
    await speak(house, expected=1)
    with pytest.raises(Refused, match="edited-meanwhile"):
        await speak(house, "Nytt.", expected=1)


async def test_a_preview_changes_nothing(house: House) -> None:
    before = await listed(house)
    pcm = await house.library.speaking.preview(
        house.world.exempel.id, house.world.welcome.id, lang="sv", text="Prov, prov.", by="test"
    )
    assert alike(pcm, house.said("Prov, prov."))
    assert await listed(house) == before
    assert house.objects() == []


@pytest.mark.parametrize("voice", ["nobody", "piper:../x", "espeak:de", "pyttsx3:en-gb", "piper:none"])
async def test_a_voice_that_is_not_here_is_refused(house: House, voice: str) -> None:
    with pytest.raises(Refused, match="voice-unknown"):
        await house.library.speaking.preview(
            house.world.exempel.id, house.world.welcome.id, lang="sv", voice=voice, by="test"
        )


async def test_two_who_speak_at_once_both_have_their_version(house: House) -> None:
    await asyncio.gather(speak(house, "Ett."), speak(house, "Två."))
    found = await house.library.versions.all(house.world.exempel.id, house.world.welcome.id)
    assert [(version.number, version.current) for version in found] == [(2, True), (1, False)]
    assert (await listed(house)).matches["sv"] is True
