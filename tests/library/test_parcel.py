"""A company leaves as an ordinary zip and comes back from it, here or elsewhere."""

import hashlib
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pbx.audio.pcm import Pcm
from pbx.company import Companies, Menus, Numbers, People
from pbx.company.pronunciations import Pronunciations
from pbx.errors import Refused
from pbx.library import MessageView
from pbx.library.parcel import Imported
from pbx.rules.numbers import Number
from pbx.store import audit
from tests.library import parcels
from tests.library.house import House, alike


async def listed(house: House, company: str) -> dict[str, MessageView]:
    return {view.name: view for view in await house.library.messages.all(company)}


async def test_a_parcel_holds_readable_sounds_and_a_list_that_says_what_each_is(house: House) -> None:
    spoken = await parcels.furnish(house)
    path = await parcels.export(house)
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
        assert file.testzip() is None
    assert sorted(names) == [
        "manifest.json", "messages/001-greeting-201/sv-v1.wav", "messages/003-welcome/sv-v1.wav",
        "messages/003-welcome/sv-v2.wav", "voice/201-alva-alm/001.wav",
    ]  # fmt: skip
    assert np.array_equal(parcels.sound(path, "messages/003-welcome/sv-v2.wav"), spoken["sv 2"])
    told = parcels.manifest(path)
    welcome = next(one for one in told["messages"] if one["name"] == "welcome")
    text = welcome["texts"]["sv"]
    assert (text["script"], text["current"]) == ("Välkommen till Exempel AB.", 2)
    assert [(one["number"], one["source"], one["made_by"]) for one in text["versions"]] == [
        (1, "upload", "web:alva"), (2, "upload", "web:alva"),
    ]  # fmt: skip
    with zipfile.ZipFile(path) as file:
        for one in text["versions"]:
            assert one["audio"]["sha256"] == hashlib.sha256(file.read(one["audio"]["file"])).hexdigest()
    (voice,) = told["voice_messages"]
    assert (voice["mailbox"], voice["caller"], voice["state"]) == ("201", "+46701740606", "new")
    assert told["company"]["name"] == "Exempel AB"


async def test_nothing_secret_and_nothing_of_another_company_is_in_it(house: House) -> None:
    from pbx.company import Pins

    await parcels.furnish(house)
    await Pins(house.world.store).set(house.world.exempel.id, house.world.alva.id, "294075", by="test")
    (phone,) = await People(house.world.store).phones(house.world.exempel.id, house.world.alva.id)
    path = await parcels.export(house)
    with zipfile.ZipFile(path) as file:
        text = file.read("manifest.json").decode()
    for secret in (phone.ha1, phone.sip_user, "argon2", "Annat", "Cilla", house.world.annat.id):
        assert secret not in text
    (alva, bo) = parcels.manifest(path)["users"]
    assert (alva["pin"], alva["phones"], bo["pin"]) == (True, ["Skrivbordet"], False)


async def test_what_was_deleted_is_not_in_it(house: House) -> None:
    await parcels.furnish(house)
    company, library = house.world.exempel.id, house.library
    gone = await library.messages.add(company, "gone", by="test")
    await library.removal.delete(company, gone.id, by="test")
    await library.mailboxes.delete_greeting(company, house.world.box.id, by="test")
    (left,) = await library.mailboxes.messages(company, house.world.box.id)
    await library.mailboxes.mark(company, left.id, "deleted", by="test")
    path = await parcels.export(house)
    told = parcels.manifest(path)
    assert "gone" not in [one["name"] for one in told["messages"]]
    assert told["messages"][0]["texts"]["sv"] == {"script": "", "current": 0, "versions": []}
    assert told["voice_messages"] == []


async def test_a_new_company_is_as_the_old_one_was(house: House) -> None:
    spoken = await parcels.furnish(house)
    old = await listed(house, house.world.exempel.id)
    done = await parcels.bring_in(house, await parcels.export(house), "Ny AB")
    assert done.company.name == "Ny AB"
    assert [one for one in done.left if one.says != "number-taken"] == []
    assert sorted(one.what for one in done.left) == ["number +46701740620", "number +46701740633"]
    assert [(one.what, one.says, one.details) for one in done.todo] == [
        ("user 201 Alva Alm", "archive-phone", "Skrivbordet")
    ]
    new = await listed(house, done.company.id)
    assert new.keys() == old.keys()
    for name, view in new.items():
        assert (view.script, view.kind, view.state, view.places) == (
            old[name].script, old[name].kind, old[name].state, old[name].places,
        )  # fmt: skip
        assert view.number == old[name].number or view.kind == "greeting"
    await _is_heard(house, done, spoken)


async def _is_heard(house: House, done: Imported, spoken: dict[str, Pcm]) -> None:
    library, company = house.library, done.company.id
    await library.published.mend()
    menus = {menu.name: menu for menu in await Menus(house.world.store).all(company)}
    welcome = await library.messages.playable(company, "menu", f"{menus['Huvudmeny'].id}/welcome", "sv")
    assert welcome.heard == "own"
    assert alike(house.sounds(welcome.media[0]), spoken["sv 2"])
    alva = await People(house.world.store).by_name(company, "201")
    box = await library.mailboxes.of_user(company, alva.id)
    greeting = await library.messages.playable(company, "mailbox", f"{box.id}/greeting", "sv")
    assert alike(house.sounds(greeting.media[0]), spoken["greeting"])
    (voice,) = await library.mailboxes.messages(company, box.id)
    (original,) = await library.mailboxes.messages(house.world.exempel.id, house.world.box.id)
    assert (voice.caller, voice.at, voice.state, voice.seconds) == (
        Number("+46701740606"), original.at, "new", original.seconds,
    )  # fmt: skip
    media = await library.mailboxes.media(voice)
    assert media is not None
    assert alike(house.sounds(media), spoken["voice"])
    main = menus["Huvudmeny"]
    assert {key: target.kind for key, target in main.choices.items()} == {"1": "menu", "2": "extension", "3": "message"}
    assert (main.choices["1"].value, menus["Information"].tries) == (menus["Information"].id, 2)
    assert main.fallback.value == box.id


async def test_an_imported_recording_says_so_in_its_list_its_sidecar_and_the_log(house: House) -> None:
    await parcels.furnish(house)
    done = await parcels.bring_in(house, await parcels.export(house), "Ny AB")
    welcome = (await listed(house, done.company.id))["welcome"]
    views = await house.library.versions.all(done.company.id, welcome.id)
    assert [(one.number, one.source, one.by, one.current, one.audio, one.notes) for one in views] == [
        (2, "import", "web:alva", True, "ok", "quiet"), (1, "import", "web:alva", False, "ok", "quiet"),
    ]  # fmt: skip
    sidecar = next((house.copies[1] / "companies" / done.company.id).rglob(f"{views[0].sha256}.json")).read_text(
        "utf-8"
    )
    for word in (
        '"source": "import"',
        '"imported_by": "cli:alva"',
        "menu Huvudmeny/welcome",
        "Välkommen till Exempel AB.",
    ):
        assert word in sidecar
    async with house.world.store.read(done.company.id) as tx:
        actions = [entry.action for entry in await audit.recent(tx, 100)]
    assert actions[0] == "company imported"
    assert {"recordings imported", "voice message imported"} <= set(actions)


async def _spoken_with_a_word(house: House) -> Path:
    """A parcel of a company with a word of its own, and with a welcome that a voice has spoken."""
    company = house.world.exempel.id
    await Pronunciations(house.world.store).set(company, "Exempel", "eksämpel", lang="sv", by="test")
    await house.library.speaking.speak(company, house.world.welcome.id, lang="sv", text="Hej, Exempel AB.", by="test")
    return await parcels.export(house)


async def test_its_own_words_come_with_it_and_who_has_spoken_what(house: House) -> None:
    path = await _spoken_with_a_word(house)
    old = await house.library.versions.all(house.world.exempel.id, house.world.welcome.id)
    done = await parcels.bring_in(house, path, "Ny AB")
    assert done.made["words"] == 1
    assert [(one.lang, one.word, one.spoken) for one in await house.library.pronunciations.all(done.company.id)] == [
        ("sv", "Exempel", "eksämpel")
    ]
    welcome = (await listed(house, done.company.id))["welcome"]
    (new,) = await house.library.versions.all(done.company.id, welcome.id)
    assert (new.voice, new.matches) == (old[0].voice, True)
    assert "pseudo speech sv" in new.voice
    await house.library.messages.set_script(done.company.id, welcome.id, "sv", "Något annat.", by="test")
    assert (await listed(house, done.company.id))["welcome"].matches["sv"] is False


async def test_a_word_that_is_said_otherwise_here_stays_and_is_told(house: House) -> None:
    path = await _spoken_with_a_word(house)
    words = Pronunciations(house.world.store)
    await words.set(house.world.exempel.id, "exempel", "äksempel", lang="sv", by="test")
    done = await parcels.bring_in(house, path)
    assert (done.made, [(one.what, one.says, one.details) for one in done.left]) == (
        {}, [("word sv Exempel", "archive-differs", "äksempel")],
    )  # fmt: skip


async def test_a_parcel_of_before_knows_no_words_and_no_voices_and_is_taken(house: House) -> None:
    def before(told: dict[str, Any], files: dict[str, bytes]) -> None:
        del told["words"]
        for message in told["messages"]:
            for text in message["texts"].values():
                for version in text["versions"]:
                    del version["voice"], version["script_sha256"]

    path = parcels.rewritten(await _spoken_with_a_word(house), before)
    done = await parcels.bring_in(house, path, "Ny AB")
    assert done.left == ()
    welcome = (await listed(house, done.company.id))["welcome"]
    assert (welcome.state, welcome.matches["sv"]) == ("ok", None)


async def test_brought_into_where_it_came_from_it_adds_nothing(house: House) -> None:
    await parcels.furnish(house)
    path = await parcels.export(house)
    before = await listed(house, house.world.exempel.id)
    done = await parcels.bring_in(house, path)
    assert (done.company.id, done.made, done.left, done.todo) == (house.world.exempel.id, {}, (), ())
    assert await listed(house, house.world.exempel.id) == before


async def test_brought_in_twice_it_adds_nothing_the_second_time(house: House) -> None:
    await parcels.furnish(house)
    path = await parcels.export(house)
    first = await parcels.bring_in(house, path, "Ny AB")
    second = await parcels.bring_in(house, path, "Ny AB")
    assert second.company == first.company
    assert second.made == {}
    assert {one.says for one in second.left} == {"number-taken"}


async def test_what_both_copies_have_lost_is_whole_again_from_a_parcel(house: House) -> None:
    await parcels.furnish(house)
    path = await parcels.export(house)
    for copy in house.copies:
        shutil.rmtree(copy / "companies" / house.world.exempel.id / "objects")
    lost = await listed(house, house.world.exempel.id)
    assert lost["welcome"].state == lost["greeting-201"].state == "missing"
    done = await parcels.bring_in(house, path)
    assert (done.made, done.left) == ({}, ())
    healed = await listed(house, house.world.exempel.id)
    assert healed["welcome"].state == healed["greeting-201"].state == "ok"
    assert all(len(house.objects(copy)) == 4 for copy in (0, 1))


async def test_what_is_lost_is_told_without_sound_and_leaves_its_script_and_places(house: House) -> None:
    await parcels.furnish(house)
    for copy in house.copies:
        shutil.rmtree(copy / "companies" / house.world.exempel.id / "objects")
    path = house.root / "exempel.zip"
    done = await parcels.exported(house, path)
    assert done.files == 1
    assert sorted(done.lost)[1:] == ["201 2026-03-02 14:05", "3 welcome sv 1", "3 welcome sv 2"]
    brought = await parcels.bring_in(house, path, "Ny AB")
    assert {one.says for one in brought.left} == {"archive-lost", "number-taken"}
    welcome = (await listed(house, brought.company.id))["welcome"]
    assert (welcome.state, welcome.places) == ("stand-in", ("menu Huvudmeny/welcome",))


async def test_nothing_that_is_there_is_overwritten(house: House) -> None:
    await parcels.furnish(house)
    path = await parcels.export(house)
    company, library = house.world.exempel.id, house.library
    other = await library.messages.add(company, "other", by="test")
    await library.messages.place(company, "menu", f"{house.world.menu.id}/welcome", other.id, by="test")
    await library.messages.set_script(company, house.world.welcome.id, "sv", "Nya ord.", by="test")
    await parcels.upload(house, await house.recorded("newer"))
    before = await listed(house, company)
    done = await parcels.bring_in(house, path)
    assert [(one.what, one.says) for one in done.left] == [
        ("message 3 welcome sv", "archive-differs"),
        ("place menu Huvudmeny welcome", "archive-differs"),
        ("message 1 greeting-201 sv", "archive-not-current"),
        ("message 3 welcome sv", "archive-not-current"),
    ]
    assert await listed(house, company) == before


async def test_what_was_erased_for_good_does_not_come_back_from_a_parcel(house: House) -> None:
    await parcels.furnish(house)
    path = await parcels.export(house)
    company, library = house.world.exempel.id, house.library
    (left,) = await library.mailboxes.messages(company, house.world.box.id)
    await library.erasing.order_voice(company, left.id, by="call:201", because="for good")
    done = await parcels.bring_in(house, path)
    assert [one.says for one in done.left] == ["archive-erased"]
    assert await library.mailboxes.messages(company, house.world.box.id) == []


async def test_an_export_overwrites_no_file_and_leaves_none_half_done(house: House, tmp_path: Path) -> None:
    await parcels.furnish(house)
    (house.root / "there.zip").write_text("something else")
    with pytest.raises(Refused, match="archive-exists"):
        await parcels.export(house, "there.zip")
    with pytest.raises(Refused, match="archive-unwritable"):
        await parcels.export(house, "no/such/folder.zip")
    assert (house.root / "there.zip").read_text() == "something else"
    assert [path.name for path in house.root.glob(".*.part")] == []


async def test_in_another_company_nobody_gets_somebody_elses_greeting_number_or_messages(house: House) -> None:
    await parcels.furnish(house)
    path = await parcels.export(house)
    annat = house.world.annat
    done = await parcels.bring_in(house, path, "annat-ab")
    assert done.company == annat
    assert ("user 201 Alva Alm", "archive-differs", "Cilla Ceder") in [
        (one.what, one.says, one.details) for one in done.left
    ]
    assert await Numbers(house.world.store).all(annat.id) == []
    assert not await house.library.mailboxes.has_greeting(annat.id, house.world.other_box.id)
    assert await house.library.mailboxes.messages(annat.id, house.world.other_box.id) == []
    assert [one.name for one in await Companies(house.world.store).all()] == ["Exempel AB", "Annat AB"]
