"""Commands as an administrator types them, one after the other, and what a program reads of each."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pbx.__main__ import parser
from pbx.company import PinOk, Pins
from pbx.library.parcel import wav
from pbx.settings import Settings, table
from tests.audio.takes import telephone_speech
from tests.cli.desk import typed
from tests.library.house import House
from tests.pictures.shots import photo

Capture = pytest.CaptureFixture[str]


async def told(house: House, capsys: Capture, *words: str, code: int = 0, stdin: str = "") -> Any:
    """What a program reads: one piece of JSON, and nothing beside it."""
    capsys.readouterr()
    ended = await typed(house, *words, "--json", stdin=stdin)
    out, err = capsys.readouterr()
    assert (ended, err) == (code, "")
    return json.loads(out)


async def said(house: House, capsys: Capture, *words: str, code: int = 0, stdin: str = "") -> str:
    """What a person reads."""
    capsys.readouterr()
    ended = await typed(house, *words, stdin=stdin)
    out, err = capsys.readouterr()
    assert ended == code, err
    return out + err


async def test_a_user_is_added_with_number_phone_and_pin(house: House, capsys: Capture) -> None:
    new = await told(house, capsys, "users", "add", "Doris Dahl", "203", "--lang", "en", "--role", "admin")
    assert (new["name"], new["extension"], new["language"], new["role"]) == ("Doris Dahl", "203", "en", "admin")
    added = await told(house, capsys, "users", "number", "add", "doris", "070-174 06 07")
    assert added == {"user": "Doris Dahl", "number": "+46701740607"}
    phone = await told(house, capsys, "users", "phone", "203", "--label", "Skrivbordet")
    assert (phone["user"], phone["label"]) == ("Doris Dahl", "Skrivbordet")
    assert len(phone["sip_user"]) == 12
    assert len(phone["password"]) == 24
    assert await said(house, capsys, "users", "pin", "doris", stdin="582714\n") == ""
    answer = await Pins(house.world.store).check(house.world.exempel.id, new["id"], "582714", "ext:203")
    assert answer == PinOk()
    rows = {row["name"]: row for row in await told(house, capsys, "users")}
    doris = rows["Doris Dahl"]
    assert (doris["numbers"], doris["phones"], doris["pin"]) == (["+46701740607"], 1, True)
    assert rows["Bo Berg"]["pin"] is False
    assert await said(house, capsys, "users", "number", "remove", "203", "+46701740607") == ""
    listed = await said(house, capsys, "users")
    assert "Doris Dahl" in listed
    assert "+46701740607" not in listed
    [cilla] = await told(house, capsys, "users", "--company", "Annat AB")
    assert cilla["name"] == "Cilla Ceder"


async def test_a_number_is_added_led_elsewhere_and_removed(house: House, capsys: Capture) -> None:
    for number, *where in (
        ("08-466 599 01", "--menu", "huvudmeny", "--otherwise", "202"),
        ("+46846659902", "--user", "bo", "--lang", "en"),
        ("+46846659903", "--mailbox", "Alva Alm"),
        ("+46846659904", "--voicemail"),
    ):
        added = await told(house, capsys, "numbers", "add", number, *where)
        assert added["number"].startswith("+4684665990")
    before = {row.pop("number"): row for row in await told(house, capsys, "numbers")}
    assert before == {
        "+46846659901": {"leads": "menu", "to": "Huvudmeny", "otherwise": "Bo Berg", "language": "sv"},
        "+46846659902": {"leads": "user", "to": "Bo Berg", "otherwise": None, "language": "en"},
        "+46846659903": {"leads": "mailbox", "to": "Alva Alm", "otherwise": None, "language": "sv"},
        "+46846659904": {"leads": "voicemail", "to": None, "otherwise": None, "language": "sv"},
    }
    assert await said(house, capsys, "numbers", "lead", "+46846659901", "--user", "201") == ""
    assert await said(house, capsys, "numbers", "remove", "+46846659902") == ""
    after = {row.pop("number"): row for row in await told(house, capsys, "numbers")}
    assert after.keys() == before.keys() - {"+46846659902"}
    assert after["+46846659901"] == {"leads": "user", "to": "Alva Alm", "otherwise": None, "language": "sv"}
    listed = await said(house, capsys, "numbers")
    assert "Alva Alm" in listed
    assert "+46846659902" not in listed
    entries = await told(house, capsys, "audit", "--limit", "2")
    assert [entry["action"] for entry in entries] == ["number removed", "number led"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(("lead", "+46846659999", "--user", "201"), "none of the company's"),
     (("remove", "+46846659999"), "none of the company's"),
     (("remove", "08"), "not a telephone number"),
     (("add", "08", "--user", "201"), "not a telephone number"),
     (("add", "+46846659901", "--user", "999"), "no such user"),
     (("add", "+46846659901", "--menu", "Undermeny"), "no such menu"),
     (("add", "+46846659901", "--user", "201", "--otherwise", "202"), "Only a number that leads to a menu")],
)  # fmt: skip
async def test_what_a_number_cannot_do_is_said(
    house: House, capsys: Capture, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in await said(house, capsys, "numbers", *words, code=1)


async def test_a_number_of_another_company_is_not_there_and_not_to_be_had(house: House, capsys: Capture) -> None:
    theirs = "+46846659901"
    await told(house, capsys, "numbers", "add", theirs, "--user", "201", "--company", "Annat AB")
    assert "already in use" in await said(house, capsys, "numbers", "add", theirs, "--user", "201", code=1)
    for words in (("lead", theirs, "--voicemail"), ("remove", theirs)):
        assert "none of the company's" in await said(house, capsys, "numbers", *words, code=1)
    [row] = await told(house, capsys, "numbers", "--company", "Annat AB")
    assert (row["number"], row["to"]) == (theirs, "Cilla Ceder")


async def test_a_company_is_added_and_gets_its_first_user(house: House, capsys: Capture) -> None:
    new = await told(house, capsys, "companies", "add", "Tredje AB", "--lang", "en", "--outgoing", "checked")
    assert (new["name"], new["language"], new["outgoing"]) == ("Tredje AB", "en", "checked")
    assert [row["name"] for row in await told(house, capsys, "companies")][-1] == "Tredje AB"
    await told(house, capsys, "users", "add", "Dora Dahl", "201", "--company", "tredje ab")
    [dora] = await told(house, capsys, "users", "--company", "Tredje AB")
    assert (dora["name"], dora["language"]) == ("Dora Dahl", "en")
    assert "already" in await said(house, capsys, "companies", "add", "tredje AB", code=1)
    assert "time zone" in await said(house, capsys, "companies", "add", "Fjärde AB", "--time-zone", "Mars", code=1)


@pytest.mark.parametrize(
    ("words", "stdin", "sentence"),
    [
        (("users", "add", "Någon", "201"), "", "extension"),
        (("users", "number", "add", "201", "112"), "", "number"),
        (("users", "pin", "201"), "1234\n", "PIN"),
        (("users", "phone", "nobody"), "", "user"),
        (("users", "--company", "No such"), "", "company"),
    ],
)
async def test_what_is_refused_is_told_in_a_sentence(
    house: House, capsys: Capture, words: tuple[str, ...], stdin: str, sentence: str
) -> None:
    told = await said(house, capsys, *words, code=1, stdin=stdin)
    assert sentence.casefold() in told.casefold()
    assert "Traceback" not in told


async def test_who_changed_what_is_read_newest_first(house: House, capsys: Capture) -> None:
    await said(house, capsys, "users", "add", "Doris Dahl", "203")
    [newest] = await told(house, capsys, "audit", "--limit", "1")
    assert (newest["action"], newest["subject"]) == ("user added", "Doris Dahl")
    assert newest["actor"].startswith("cli:")
    assert "Doris Dahl" in await said(house, capsys, "audit")
    assert "Doris Dahl" not in await said(house, capsys, "audit", "--company", "Annat AB")


async def test_companies_and_settings_are_listed(house: House, capsys: Capture) -> None:
    assert [company["name"] for company in await told(house, capsys, "companies")] == ["Exempel AB", "Annat AB"]
    assert "Annat AB" in await said(house, capsys, "companies")
    settings = {row["setting"]: row for row in await told(house, capsys, "settings")}
    assert set(settings) == {name for name, _, _ in table(Settings.from_env({}))}
    assert settings["PBX_VAR"]["value"] == str(house.root)
    assert settings["PBX_COUNTRIES"]["what"].endswith(".")
    assert "PBX_SIP_PORT" in await said(house, capsys, "settings")


async def test_calls_are_asked_of_asterisk_which_may_be_away(house: House, capsys: Capture) -> None:
    assert "Asterisk does not answer on port 8088" in await said(house, capsys, "calls", code=1)


async def test_the_doctor_tells_programs_what_it_tells_people(house: House, capsys: Capture) -> None:
    ended = await typed(house, "doctor", "--json")
    findings = json.loads(capsys.readouterr().out)
    assert ended == any(finding["how"] == "bad" for finding in findings)
    assert {"ports", "disk", "ffmpeg", "phrases", "copies"} <= {finding["what"] for finding in findings}
    words = (await said(house, capsys, "doctor", code=ended)).splitlines()
    for finding in findings:
        if finding["what"] not in {"disk", "clock", "time zone"}:  # which change meanwhile
            assert f"{finding['how']:7} {finding['what']}: {finding['words']}" in words


async def test_what_callers_hear_is_made_anew(house: House, capsys: Capture) -> None:
    await house.recorded("hello")
    made = (await told(house, capsys, "publish", "--all"))["made"]
    assert made >= 1
    published = sorted((house.root / "published").rglob("*.sln16"))
    assert published
    published[0].unlink()
    assert await said(house, capsys, "publish") == "1 files made\n"
    assert published[0].exists()
    assert await told(house, capsys, "publish") == {"made": 0, "failed": 0}


async def test_a_copy_is_added_filled_and_retired(house: House, capsys: Capture, tmp_path: Path) -> None:
    await house.recorded("hello")
    third = tmp_path / "elsewhere" / "c"
    added = await told(house, capsys, "vault", "add-copy", str(third))
    assert (added["objects"], added["lacking"]) == (1, 0)
    assert added["entries"] > 0
    assert len([path for path in third.rglob("*") if len(path.name) == 64]) == 1
    copies = {copy["name"]: copy for copy in (await told(house, capsys, "vault", "status"))["copies"]}
    assert copies[added["copy"]]["folder"] == str(third)
    again = await told(house, capsys, "vault", "refill", added["copy"])
    assert (again["objects"], again["copy"]) == (0, added["copy"])
    scrubbed = await told(house, capsys, "vault", "scrub")
    assert (scrubbed["healed"], scrubbed["unhealed"], scrubbed["frozen"], scrubbed["lost"]) == (0, [], [], 0)
    assert scrubbed["files"] >= 3
    assert scrubbed["bytes"] > 0
    assert "is used no more" in await said(house, capsys, "vault", "retire-copy", added["copy"])
    left = (await told(house, capsys, "vault", "status"))["copies"]
    assert added["copy"] not in {copy["name"] for copy in left}
    assert len([path for path in third.rglob("*") if len(path.name) == 64]) == 1


async def test_a_scrub_tells_what_it_healed_and_what_is_lost(house: House, capsys: Capture) -> None:
    await house.recorded("hello")
    damaged = house.objects()[0]
    damaged.chmod(0o600)
    damaged.write_bytes(bytes(damaged.stat().st_size))
    assert (await told(house, capsys, "vault", "scrub"))["healed"] == 1
    for copy in (0, 1):
        house.objects(copy)[0].unlink()
    lost = await told(house, capsys, "vault", "scrub", code=1)
    assert lost["lost"] == 1
    assert "1 recordings are lost" in await said(house, capsys, "vault", "scrub", code=1)


@pytest.mark.parametrize("program", [True, False], ids=["to a program", "to a person"])
async def test_a_lost_database_is_made_anew(house: House, capsys: Capture, program: bool) -> None:
    await house.recorded("hello")
    for company in (house.world.exempel, house.world.annat):
        await house.library.catalogue.export_to_all(company.id)
    assert await told(house, capsys, "vault", "rebuild", "--dry-run") == []
    assert "move it away first" in await said(house, capsys, "vault", "rebuild", code=1)
    database = house.world.store.path
    await house.world.store.close()
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()
    if program:
        rows = await told(house, capsys, "vault", "rebuild", "--from", "1")
        assert {row["company"] for row in rows} == {house.world.exempel.id, house.world.annat.id}
        assert all(row["rows"] > 0 and row["first"] == 1 for row in rows)
    else:
        words = await said(house, capsys, "vault", "rebuild")
        assert f"company {house.world.annat.id}: entries 1 to " in words
        assert "vaxel operators invite" in words
    assert {row["name"] for row in await told(house, capsys, "users")} == {"Alva Alm", "Bo Berg"}
    assert (await told(house, capsys, "messages", "--state", "ok"))[0]["name"] == "greeting-201"


async def test_a_program_reads_of_messages_what_was_done(house: House, capsys: Capture, tmp_path: Path) -> None:
    new = await told(house, capsys, "messages", "add", "summer", "--script", "Vi har stängt.")
    assert new["name"] == "summer"
    deleted = await told(house, capsys, "messages", "delete", str(new["number"]))
    assert (deleted["number"], deleted["erased"]) == (new["number"], False)
    assert deleted["restorable_until"] > "2026"
    assert await said(house, capsys, "messages", "undelete", "summer") == ""
    preview = tmp_path / "summer.wav"
    spoken = await told(house, capsys, "speak", "summer", "--preview", str(preview))
    assert spoken["file"] == str(preview)
    assert spoken["seconds"] > 0.5
    assert preview.read_bytes()[:4] == b"RIFF"
    erased = await told(house, capsys, "messages", "delete", "summer", "--for-good")
    assert (erased["name"], erased["erased"]) == ("summer", True)


async def test_a_program_reads_what_else_was_done(house: House, capsys: Capture, tmp_path: Path) -> None:
    assert "/link/" in (await told(house, capsys, "operators", "invite"))["link"]
    file = tmp_path / "mine.wav"
    file.write_bytes(wav.encode(telephone_speech("mine", 2.0)))
    replaced = await told(house, capsys, "sounds", "replace", "vm-main", str(file), "--lang", "en")
    assert (replaced["key"], replaced["language"]) == ("vm-main", "en")
    assert 1.5 < replaced["seconds"] < 2.5
    face = tmp_path / "face.jpg"
    face.write_bytes(photo(640, 480))
    shown = await told(house, capsys, "users", "picture", "alva", str(face))
    assert shown["user"] == "Alva Alm"
    assert shown["picture"]["state"] == "ok"
    assert (await told(house, capsys, "users", "picture", "alva", "--remove"))["picture"] is None
    back = await told(house, capsys, "users", "picture", "alva", "--undo")
    assert back["picture"]["sha256"] == shown["picture"]["sha256"]
    released = await told(house, capsys, "vault", "release", "--company", "Exempel AB")
    assert (released["company"], released["was_stopped"]) == ("Exempel AB", None)
    assert released["released_until"] > "2026"


def commands(one: argparse.ArgumentParser, words: str = "") -> Iterator[tuple[str, bool]]:
    """Each with whether it takes --json."""
    if one.get_default("begin"):
        yield words.strip(), "--json" in one._option_string_actions
    for action in one._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from commands(below, f"{words} {name}")


def test_only_a_command_that_has_something_to_tell_takes_json() -> None:
    assert {words for words, tells in commands(parser()) if not tells} == {
        "run", "init", "messages undelete", "use", "script", "users number remove", "users pin", "numbers lead",
        "numbers remove", "sounds restore", "vault retire-copy",
    }  # fmt: skip
