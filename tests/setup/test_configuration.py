"""Asterisk's files: only ports, addresses, passwords and the trunk are filled in."""

import re
from pathlib import Path

import pytest

from pbx.asterisk import config
from pbx.asterisk.secrets import Secrets
from pbx.errors import CannotStart
from pbx.settings import Settings

SECRETS = Secrets("a" * 32, "b" * 32)
GIVEN = config.values(Settings.from_env({"PBX_TRUNK": "PJSIP/{number}@carrier"}), SECRETS)


def test_every_mark_is_filled_in_and_the_dialplans_own_variables_are_left() -> None:
    files = config.render(GIVEN)
    assert not [name for name, text in files.items() if "@@" in text]
    assert "${EXTEN}" in files["extensions.conf"]
    assert "PJSIP/${N}@carrier" in files["extensions.conf"]
    assert "bind=127.0.0.1:5060" in files["pjsip.conf"]


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_a_missing_value_is_refused_by_name(name: str) -> None:
    with pytest.raises(CannotStart, match=name):
        config.render({**GIVEN, name: ""})
    with pytest.raises(CannotStart, match=name):
        config.render({key: value for key, value in GIVEN.items() if key != name})


@pytest.mark.parametrize("value", ["1\n[evil]", "a;b", "a b", "x]", "\\"])
def test_a_value_cannot_say_more_than_itself(value: str) -> None:
    with pytest.raises(CannotStart, match="ari_password"):
        config.render({**GIVEN, "ari_password": value})


def test_a_mark_that_is_misspelt_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("port=@@ari_prt@@")
    with pytest.raises(CannotStart, match="ari_prt"):
        config.render(GIVEN, tmp_path)


def test_a_carrier_stands_where_it_is_named_and_nowhere_else() -> None:
    named = Settings.from_env({"PBX_CARRIER": "sip://46850:s%40cret@sip.example.com", "PBX_HOST": "192.0.2.7"})
    files = config.files(named, SECRETS)
    told = re.findall(r"^(type|contact|server_uri|client_uri|password|media_address|match)=(.*)$",
                      files["carrier.conf"], re.MULTILINE)  # fmt: skip
    assert told == [
        ("type", "endpoint"), ("media_address", "192.0.2.7"),
        ("type", "aor"), ("contact", r"sip:sip.example.com:5060\;transport=udp"),
        ("type", "identify"), ("match", "sip.example.com"),
        ("type", "endpoint"), ("media_address", "192.0.2.7"),
        ("type", "aor"), ("contact", r"sip:sip.example.com:5060\;transport=udp"),
        ("type", "auth"), ("password", "s@cret"),
        ("type", "registration"), ("server_uri", r"sip:sip.example.com:5060\;transport=udp"),
        ("client_uri", "sip:46850@sip.example.com"),
    ]  # fmt: skip
    assert "Dial(PJSIP/${N}@carrier" in files["extensions.conf"]
    by_address = Settings.from_env({"PBX_CARRIER": "sip+tcp://192.0.2.9:5070", "PBX_HOST": "0.0.0.0"})  # noqa: S104
    types = re.findall(r"^type=(.*)$", config.files(by_address, SECRETS)["carrier.conf"], re.MULTILINE)
    assert types == ["endpoint", "aor", "identify", "endpoint", "aor"]
    assert "sip:192.0.2.9:5070\\;transport=tcp" in config.files(by_address, SECRETS)["carrier.conf"]
    without = config.files(Settings.from_env({}), SECRETS)
    assert "carrier.conf" not in without
    assert "Dial(PJSIP/outside" in without["extensions.conf"]


def test_files_with_passwords_are_for_asterisk_alone_and_old_ones_go(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "old.conf").touch()
    config.write({"ari.conf": "x"}, tmp_path / "etc", 65533)
    assert [path.name for path in (tmp_path / "etc").iterdir()] == ["ari.conf"]
    assert (tmp_path / "etc" / "ari.conf").stat().st_mode & 0o007 == 0


def test_nothing_that_runs_programs_or_reads_files_is_loaded() -> None:
    loaded = set(re.findall(r"^(?:pre)?load=(\S+)", config.render(GIVEN)["modules.conf"], re.MULTILINE))
    assert not loaded & {
        "func_shell", "app_system", "func_curl", "func_env", "func_db", "res_pjsip_endpoint_identifier_anonymous",
    }  # fmt: skip


def test_the_wardens_account_may_lead_calls_and_nothing_else() -> None:
    warden = config.render(GIVEN)["manager.conf"].partition("[warden]")[2].partition("[watch]")[0]
    assert re.findall(r"^(read|write|deny|permit)=(.*)$", warden, re.MULTILINE) == [
        ("deny", "0.0.0.0/0.0.0.0"), ("permit", "127.0.0.1/255.255.255.255"), ("read", ""), ("write", "call"),
    ]  # fmt: skip


def test_the_watching_account_may_ask_and_change_nothing() -> None:
    watch = config.render(GIVEN)["manager.conf"].partition("[watch]")[2]
    assert re.findall(r"^(read|write|deny|permit)=(.*)$", watch, re.MULTILINE) == [
        ("deny", "0.0.0.0/0.0.0.0"), ("permit", "127.0.0.1/255.255.255.255"),
        ("read", "call,system"), ("write", "reporting"),
    ]  # fmt: skip
