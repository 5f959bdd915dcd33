"""What an operator may decide, and what is told when it cannot be."""

import re
from pathlib import Path

import pytest

from pbx.errors import CannotStart
from pbx.settings import ROOT, Settings, table


def test_without_any_setting_all_is_on_loopback_and_in_the_checkout() -> None:
    settings = Settings.from_env({"HOME": "/root"})
    assert settings.host == "127.0.0.1"
    assert settings.var == ROOT / "var"
    assert settings.vault_copies == (ROOT / "var/vault/a", ROOT / "var/vault/b")
    assert not settings.demo


def test_what_is_kept_follows_var() -> None:
    settings = Settings.from_env({"PBX_VAR": "/srv/vaxel"})
    assert settings.database == "/srv/vaxel/vaxel.db"
    assert settings.docker_state == Path("/srv/vaxel/docker")
    assert settings.routes_db == Path("/srv/vaxel/routes/routes.db")


def test_an_empty_setting_is_its_default() -> None:
    assert Settings.from_env({"PBX_SIP_PORT": ""}).sip_port == 5060


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PBX_SIPPORT", "5060"),
        ("PBX_SIP_PORT", "many"),
        ("PBX_SIP_PORT", "70000"),
        ("PBX_HOST", "localhost; rm -rf /"),
        ("PBX_ASTERISK", "podman"),
        ("PBX_DEMO", "maybe"),
        ("PBX_TRUNK", "PJSIP/outside,20,g"),
        ("PBX_TRUNK", "Local/s@evil|System(id)"),
        ("PBX_COUNTRIES", "Sweden"),
        ("PBX_LOG_LEVEL", "LOUD"),
        ("PBX_VAULT_MINIMUM", "3"),
        ("PBX_VAULT_MINIMUM", "0"),
        ("PBX_VAULT_COPIES", "/a:/a"),
        ("PBX_RTP_END", "10000"),
        ("PBX_RTP_START", "5060"),
    ],
)
def test_an_unknown_or_impossible_setting_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(CannotStart, match=name):
        Settings.from_env({name: value})


WRONG = {
    "PBX_SMTP": ["smtp://me:pass/word@host", "smtp://me:word@[host", "http://me:word@host"],
    "PBX_CARRIER": [
        "sip:me:word@host", "sips://me:word@host", "sip://me:pass;word@host", "sip://me:pass word@host", "sip://me@host",
        "sip://:word@host", "sip://m]e:word@host", "sip://me:pass%0Aword@host", "sip://me:word@host;x",
        "sip://me:word@[host", "sip://me:word@host:99999", "sip://me:word@host/x", "sip://me:word@host?x",
        "sip://me:pass%00word@host", "sip://me:word@host?options=yes", "sip://me:word@a b", "sip://_X.:word@host",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "server"), [(name, server) for name, wrong in WRONG.items() for server in wrong])
def test_what_is_wrong_with_a_server_is_told_without_its_password(name: str, server: str) -> None:
    with pytest.raises(CannotStart, match=name) as told:
        Settings.from_env({name: server, "PBX_HOST": "192.0.2.7"})
    assert not {"pass", "word"} & set(re.findall("[a-z]+", str(told.value)))


def test_a_carrier_that_loopback_cannot_reach_is_refused() -> None:
    with pytest.raises(CannotStart, match=r"sip://me:\*\*\*@host:5060 is not reached from PBX_HOST=127\.0\.0\.1"):
        Settings.from_env({"PBX_CARRIER": "sip://me:word@host"})
    for reached in ({"PBX_CARRIER": "sip://127.0.0.1:5070"}, {"PBX_CARRIER": "sip://h", "PBX_HOST": "0.0.0.0"}):  # noqa: S104
        assert Settings.from_env(reached).carrier


def test_a_password_is_shown_nowhere() -> None:
    carrier = {"PBX_CARRIER": "sip://me:word@host", "PBX_HOST": "192.0.2.7"}
    settings = Settings.from_env({**carrier, "PBX_SMTP": "smtp://me:word@host"})
    assert "word" not in repr(settings)
    assert Settings.from_env({**carrier, "PBX_CARRIER": "sip://host?options=no"}).carrier != settings.carrier
    shown = {name: value for name, value, _ in table(settings)}
    assert (shown["PBX_CARRIER"], shown["PBX_SMTP"]) == ("sip://me:***@host:5060", "smtp://me:***@host:587")


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(CannotStart, match=r"PBX_DEM0 .*PBX_SIP_PORT"):
        Settings.from_env({"PBX_DEM0": "yes", "PBX_SIP_PORT": "x"})


def test_two_services_on_one_port_are_refused() -> None:
    with pytest.raises(CannotStart, match="PBX_SIP_PORT, PBX_ARI_PORT"):
        Settings.from_env({"PBX_ARI_PORT": "5060"})


def test_every_setting_is_explained_by_a_sentence() -> None:
    rows = table(Settings.from_env({}))
    assert all(sentence.endswith(".") and len(sentence) > 15 for _, _, sentence in rows)
    assert ("PBX_COUNTRIES", "46") in [row[:2] for row in rows]
