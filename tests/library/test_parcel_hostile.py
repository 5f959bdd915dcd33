"""A parcel that somebody has had a hand in: what cannot be taken is told line by line, and all else is taken."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pbx.company import Companies, Menus
from pbx.errors import Refused
from pbx.library.parcel import Imported
from pbx.store import audit
from tests.library import parcels
from tests.library.house import House
from tests.store.world import HOSTILE

Told = dict[str, Any]
Files = dict[str, bytes]
WAV = "messages/003-welcome/sv-v2.wav"


async def brought(house: House, change: Callable[[Told, Files], object], name: str | None = "Ny AB") -> Imported:
    await parcels.furnish(house)
    path = parcels.rewritten(await parcels.export(house), change)
    return await parcels.bring_in(house, path, name)


def told(done: Imported) -> list[tuple[str, str]]:
    """Besides the numbers, which Exempel AB has."""
    return [(one.what, one.says) for one in done.left if one.says != "number-taken"]


def version(of: Told, number: int = 2) -> Told:
    """Of `welcome`."""
    welcome = next(one for one in of["messages"] if one["name"] == "welcome")
    found: Told = welcome["texts"]["sv"]["versions"][number - 1]
    return found


def named(lines: Told, kind: str, key: str, name: str) -> Told:
    return next(one for one in lines[kind] if one[key] == name)


async def test_a_sound_that_is_missing_changed_or_no_sound_is_told_and_the_one_before_is_heard(house: House) -> None:
    done = await brought(house, lambda told, files: files.pop(WAV))
    assert told(done) == [("message 3 welcome sv 2", "archive-file"), ("message 3 welcome sv", "archive-not-current")]
    views = await house.library.versions.all(done.company.id, await _welcome(house, done))
    assert [(one.number, one.current, one.audio) for one in views] == [(1, True, "ok")]

    path = await parcels.export(house, "again.zip")
    for n, (says, data) in enumerate((("archive-hash", b"x"), ("archive-sound", b"RIFF"))):

        def change(of: Told, files: Files, says: str = says, data: bytes = data) -> None:
            files[WAV] = data
            if says == "archive-sound":
                version(of)["audio"]["sha256"] = parcels.sha256(data)

        done = await parcels.bring_in(house, parcels.rewritten(path, change), f"Ny {n} AB")
        assert ("message 3 welcome sv 2", says) in told(done)


async def _welcome(house: House, done: Imported) -> str:
    return (await house.library.messages.by_ref(done.company.id, "welcome")).id


def spoil(of: Told, files: Files) -> None:
    """Something wrong of every kind."""
    good = version(of)
    welcome, closed = (named(of, "messages", "name", name) for name in ("welcome", "closed"))
    bad: list[Told] = [
        {"first": -1}, {"last": 10**9}, {"first": True}, {"made_at": "yesterday"}, {"made_at": "2026-03-02T12:00"},
        {"audio": {**good["audio"], "file": "../../../etc/passwd"}}, {"audio": None},
    ]  # fmt: skip
    welcome["texts"]["sv"]["versions"] += [{**good, "number": 10 + n, **wrong} for n, wrong in enumerate(bad)]
    welcome["texts"]["de"] = {"script": "Zu.", "current": 0, "versions": []}
    of["messages"].append({**closed, "number": 90, "name": "aria", "kind": "opera"})
    of["places"] += [
        {"kind": "moon", "owner": "", "slot": "x", "message": 3},
        {"kind": "menu", "owner": "Nowhere", "slot": "welcome", "message": 3},
        {"kind": "announcement", "owner": "", "slot": "x", "message": 99},
    ]
    main = named(of, "menus", "name", "Huvudmeny")
    main["choices"] |= {"9": {"kind": "moon", "to": ""}, "A": {"kind": "hangup", "to": ""}}
    of["menus"].append({**main, "name": "Bad", "tries": 99})
    number = {"number": "+46701740677", "kind": "voicemail", "to": "", "mailbox": "", "language": ""}
    of["numbers"] = [{**number, "number": "1"}, {**number, "kind": "moon"}, {**number, "kind": "user", "to": "999"}]
    of["users"] += ["Alva", {**of["users"][1], "extension": "209", "role": "king"}]
    of["mailboxes"][0]["max_s"] = 9_999
    voice = of["voice_messages"][0]
    of["voice_messages"] += [{**voice, **bad} for bad in ({"caller": "+46'"}, {"state": "deleted"}, {"mailbox": "9"})]


async def test_what_cannot_be_taken_is_told_by_name_and_keeps_nothing_else_out(house: House) -> None:
    done = await brought(house, spoil)
    at = "2026-03-02T14:05:00+00:00"
    assert told(done) == [
        ("message 90 aria", "message-kind"),
        ("users[2]", "archive-field"),
        ("user 209 Bo Berg", "archive-kind"),
        ("mailbox 201", "archive-differs"),
        ("menu Bad", "menu-form"),
        ("menu Huvudmeny key 9", "archive-kind"),
        ("menu Huvudmeny key A", "menu-form"),
        ("place moon  x", "archive-kind"),
        ("place menu Nowhere welcome", "archive-target"),
        ("place announcement  x", "archive-target"),
        ("number 1", "number-form"),
        ("number +46701740677", "archive-kind"),
        ("number +46701740677", "archive-target"),
        ("message 3 welcome sv[4]", "archive-field"),
        ("message 3 welcome sv 10", "archive-field"),
        ("message 3 welcome sv 11", "archive-field"),
        ("message 3 welcome sv 13", "archive-field"),
        ("message 3 welcome sv 14", "archive-field"),
        ("message 3 welcome sv 15", "archive-file"),
        ("message 3 welcome sv 16", "archive-lost"),
        ("message 3 welcome de", "language-unknown"),
        (f"voice message 201 {at}", "archive-field"),
        (f"voice message 201 {at}", "archive-kind"),
        (f"voice message 9 {at}", "archive-target"),
    ]
    assert done.made == {"messages": 2, "users": 2, "menus": 2, "places": 2, "versions": 3, "voice_messages": 1}


async def test_words_that_cannot_be_said_and_a_mark_that_is_none_are_told_and_the_recording_is_taken(
    house: House,
) -> None:
    def change(of: Told, files: Files) -> None:
        version(of).update(script_sha256="'; DROP", voice=HOSTILE * 9)
        words = [("sv", ""), ("de", "Haus"), ("sv", HOSTILE), ("sv", "Ek")]
        of["words"] = ["x", *({"lang": lang, "word": word, "spoken": "ek"} for lang, word in words)]
        of["words"].append({"lang": "sv", "word": "Alm", "spoken": "<speak/>"})

    done = await brought(house, change)
    assert [says for _, says in told(done)] == [
        "archive-field", "pronunciation-form", "language-unknown", "pronunciation-form", "archive-field",
    ]  # fmt: skip
    assert told(done)[-1][0] == "message 3 welcome sv 2 script_sha256"
    assert (done.made["words"], done.made["versions"]) == (2, 3)
    newest = (await house.library.versions.all(done.company.id, await _welcome(house, done)))[0]
    assert (newest.voice, newest.matches, newest.current) == ((HOSTILE * 9)[:160], None, True)


async def test_menus_that_lead_in_a_circle_are_made_and_the_circle_is_told(house: House) -> None:
    def change(of: Told, files: Files) -> None:
        for name, to in (("Huvudmeny", "Information"), ("Information", "Huvudmeny")):
            named(of, "menus", "name", name)["fallback"] = {"kind": "menu", "to": to}

    done = await brought(house, change)
    assert len(told(done)) == 1
    assert told(done)[0][1] == "archive-target"
    assert len(await Menus(house.world.store).all(done.company.id)) == 2


async def test_a_recording_from_the_future_was_made_now(house: House) -> None:
    done = await brought(house, lambda of, _: version(of).update(made_at="9999-12-31T23:59:59+00:00"))
    views = await house.library.versions.all(done.company.id, await _welcome(house, done))
    assert views[0].at == house.world.clock()


async def test_hostile_words_are_words_and_reach_no_path(house: House) -> None:
    def change(of: Told, files: Files) -> None:
        for one in of["messages"]:
            if one["name"] == "welcome":
                one["name"] = f"../../{HOSTILE}"
                one["texts"]["sv"]["script"] = HOSTILE
        of["users"][1]["name"] = HOSTILE
        version_ = next(one for one in of["messages"] if one["number"] == 3)["texts"]["sv"]["versions"][1]
        version_["made_by"] = version_["notes"] = version_["source"] = HOSTILE
        version_["from_number"] = "+46'; DROP"
        data = files.pop(version_["audio"]["file"])
        version_["audio"]["file"] = f"../../../../tmp/{HOSTILE}.wav".replace("\0", "")
        files[version_["audio"]["file"]] = data

    there = {path.name for path in house.root.parent.iterdir()}
    done = await brought(house, change)
    assert told(done) == []
    message = (await house.library.messages.by_ref(done.company.id, "3")).id
    newest = (await house.library.versions.all(done.company.id, message))[0]
    assert (newest.source, newest.by, newest.from_number, newest.audio) == ("import", HOSTILE[:120], "", "ok")
    assert {path.name for path in house.root.parent.iterdir()} == there
    assert all(set(path.name) <= set("0123456789abcdef.json") for path in house.copies[0].rglob("objects/*/*"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda of, _: of.update(format=2), "archive-format"),
        (lambda of, _: of.pop("format"), "archive-format"),
        (lambda of, _: of.update(messages={}), "archive-field"),
        (lambda of, _: of["company"].update(language="de"), "language-unknown"),
        (lambda of, _: of["company"].update(name=""), "name-form"),
        (lambda of, _: of["company"].update(name="X", time_zone="Mars/Base"), "time-zone-unknown"),
    ],
)
async def test_a_parcel_of_which_nothing_can_be_taken_leaves_nothing_behind(
    house: House, change: Callable[[Told, Files], object], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        await brought(house, change, name=None if "name" in says or "zone" in says else "Ny AB")
    assert len(await Companies(house.world.store).all()) == 2


async def test_without_a_vault_nothing_is_brought_in_and_later_the_rest_is(house: House, tmp_path: Path) -> None:
    await parcels.furnish(house)
    path = await parcels.export(house)
    await parcels.bring_in(house, path, "Ny AB")
    away = [copy.rename(copy.with_name(f"{copy.name}-away")) for copy in house.copies]
    with pytest.raises(Refused, match="vault-away"):
        await parcels.bring_in(house, path, "Ny 2 AB")
    for folder, copy in zip(away, house.copies, strict=True):
        if copy.exists():
            copy.rename(copy.with_name(f"{copy.name}-made"))
        folder.rename(copy)
    async with house.world.store.read(house.world.exempel.id) as tx:
        assert (await audit.recent(tx, 1))[0].action == "company exported"
