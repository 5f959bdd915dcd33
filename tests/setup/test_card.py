"""var/demo.json, the card of the demonstration: for a stranger's program it is all that there is to know."""

import json
import os
import signal
import stat
import subprocess
import time
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.setup.machine import environment
from tests.setup.vaxel import running

KEYS = {
    "sip": {"host", "port", "transport"},
    "accounts": {"201", "202", "outside"},
    "numbers": {"company", "voicemail", "anna_mobile"},
    "dial": {"voicemail"},
    "pins": {"201", "202"},
    "menu": {"submenu", "anna", "closed"},
    "web": {"url", "admin", "user", "operator"},
    "asterisk": {"how", "name_or_pid", "pid", "ari_url", "ari_user", "ari_password"},
    "vault": {"copies"},
}
PATHS = ("var", "database", "published", "sounds", "log")
LASTING = ("sip", "accounts", "numbers", "dial", "pins", "menu", "web", *PATHS, "vault", "cli")


class Card:
    """As somebody reads it who does not know when it is written."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self) -> dict[str, Any]:
        """All of it, whenever that is: half of it would be no JSON."""
        told: dict[str, Any] = json.loads(self.file.read_text())
        return told

    def next(self, before: int | None, within_s: float = 60.0) -> dict[str, Any]:
        """The first that tells another process than that one; read again and again until then."""
        limit = time.monotonic() + within_s
        while time.monotonic() < limit:
            if self.file.exists() and (told := self.read())["pid"] != before:
                return told
            time.sleep(0.002)
        raise AssertionError("no other card was written")

    @property
    def inode(self) -> int:
        return self.file.stat().st_ino


def serves(card: dict[str, Any]) -> bool:
    """Whether Asterisk has somebody now to whom it gives the calls that we hold."""
    switch = card["asterisk"]
    login = b64encode(f"{switch['ari_user']}:{switch['ari_password']}".encode()).decode()
    ask = Request(f"{switch['ari_url']}/applications", headers={"Authorization": f"Basic {login}"})
    with urlopen(ask, timeout=5) as answer:
        return "vaxel" in {one["name"] for one in json.load(answer)}


def lasting(card: dict[str, Any]) -> dict[str, Any]:
    """What is the same at every start, secrets above all."""
    return {**{name: card[name] for name in LASTING}, "ari": card["asterisk"]["ari_password"]}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path / "var", tmp_path / "d", "folder", DEMO="yes")


@pytest.mark.timeout(150)
def test_the_card_tells_all_is_for_its_owner_alone_and_is_renewed_at_every_start(
    env: dict[str, str], tmp_path: Path
) -> None:
    card = Card(tmp_path / "var" / "demo.json")
    with running(env, tmp_path / "said"):
        first = card.next(None)
        assert serves(first)
        tells_all(first, tmp_path / "var")
        assert stat.S_IMODE(card.file.stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "var" / "demo-secrets.json").stat().st_mode) == 0o600
        before = card.inode
        os.kill(first["pid"], signal.SIGKILL)
        second = card.next(first["pid"])
        assert serves(second)
        assert card.inode != before
        assert second["asterisk"]["pid"] == first["asterisk"]["pid"]
    with running(env, tmp_path / "said again"):
        third = card.next(second["pid"])
        assert serves(third)
        assert stat.S_IMODE(card.file.stat().st_mode) == 0o600
    assert lasting(first) == lasting(second) == lasting(third)


def tells_all(card: dict[str, Any], var: Path) -> None:
    assert {name: set(card[name]) for name in KEYS} == KEYS
    assert all(set(account) == {"user", "password"} for account in card["accounts"].values())
    assert all(account["password"] for account in card["accounts"].values())
    assert all(set(card["web"][who]) == {"email", "password"} for who in ("admin", "user", "operator"))
    assert all(Path(path).is_absolute() for path in (*(card[name] for name in PATHS), *card["vault"]["copies"]))
    assert all(Path(path).exists() for path in (*(card[name] for name in PATHS), *card["vault"]["copies"]))
    assert card["var"] == str(var)
    assert card["dial"]["voicemail"] == "333"
    assert card["asterisk"]["how"] == "folder"
    for pid in (card["pid"], card["asterisk"]["pid"]):
        assert Path(f"/proc/{pid}").exists()
    assert "--beat" in Path(f"/proc/{card['pid']}/cmdline").read_text()
    nothing = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(
        [*card["cli"], "companies", "--json"], cwd="/", env=nothing, capture_output=True, check=True, timeout=60
    )
    assert [company["name"] for company in json.loads(done.stdout)] == ["Exempel AB", "Annat AB"]
