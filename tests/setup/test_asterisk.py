"""A real Asterisk, in Docker and in a folder: the same in all that matters."""

import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pbx.node import routes
from tests.setup.conftest import Hold
from tests.setup.machine import Held, hold, on_this_machine, status


@pytest.fixture(scope="module", params=["docker", "folder"])
def held(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, docker_state: Path
) -> Iterator[Held]:
    """One that several tests look at."""
    held = hold(tmp_path_factory.mktemp("var"), docker_state, request.param)
    assert held.told.get("how") == request.param, held.told
    yield held
    held.end()


def test_it_is_ready_within_two_seconds(start: Hold, way: str, tmp_path: Path) -> None:
    """One try of five is enough, since others use these cores; another one keeps Docker's daemon up meanwhile."""
    start(way, tmp_path / "keeper")
    tries: list[tuple[float, float]] = []
    while not any(seconds < limit for seconds, limit in tries):
        held = start(way)
        tries.append((held.told["seconds"], on_this_machine(2)))
        held.end()
        assert len(tries) < 5, tries


def test_it_says_nothing_of_an_error_and_runs_without_root(held: Held) -> None:
    assert " ERROR[" not in held.log
    assert "undefined symbol" not in held.log
    seen = status(held.pid)
    assert seen["Name"] == "asterisk"
    assert "0" not in seen["Uid"].split()
    assert seen["CapEff"] == seen["CapBnd"] == "0" * 16
    assert seen["NoNewPrivs"] == "1"


def test_all_that_listens_is_on_loopback(held: Held) -> None:
    lines = subprocess.run(["ss", "-H", "-lntup"], capture_output=True, text=True, check=True).stdout.splitlines()
    listening = [line.split()[4] for line in lines if f"pid={held.pid}," in line and line.startswith("tcp")]
    assert len(listening) == 3  # SIP, ARI, AMI
    assert all(address.startswith("127.0.0.1:") for address in listening)
    assert f"127.0.0.1:{held.ari_port - 1}" in [line.split()[4] for line in lines if line.startswith("udp")]


def test_asterisk_reads_routes_and_cannot_change_them(held: Held) -> None:
    file = held.var / "routes" / "routes.db"
    routes.write(file, routes.rows_of([], [routes.Route("+46700", "ours", "user")]))
    field = "REALTIME_FIELD(routes,number,+46700,company)"
    assert held.variable(field) == "ours"
    held.set_variable("REALTIME(routes,number,+46700,company)", "evil")
    held.ari("POST", "asterisk/variable", variable="REALTIME(routes,number,+46700,company)", value="evil")
    assert held.variable(field) == "ours"
    assert sqlite3.connect(file).execute("SELECT company FROM routes").fetchall() == [("ours",)]


def test_asterisk_sees_the_operators_own_phrases_and_cannot_change_them(held: Held) -> None:
    file = held.var / "own-sounds" / "sv" / "goodbye.alaw"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"own")
    seen = Path(f"/proc/{held.pid}/root/vaxel/own-sounds/sv/goodbye.alaw")
    assert seen.read_bytes() == b"own"
    with pytest.raises(OSError, match="Read-only"):
        seen.write_bytes(b"evil")


def test_asterisk_can_note_a_message_that_it_took_alone(held: Held) -> None:
    held.set_variable("REALTIME_STORE(takes,id,box)", "17.1,b1")
    rows = sqlite3.connect(held.var / "takes" / "takes.db").execute("SELECT id, box FROM takes").fetchall()
    assert rows == [("17.1", "b1")]


def test_no_function_that_reads_files_or_runs_programs_is_there(held: Held) -> None:
    assert held.variable("FILTER(0-9,a1)") == "1"
    for danger in ("SHELL(id)", "FILE(/etc/passwd)", "ENV(PATH)", "CURL(x)", "DB(a/b)"):
        assert not held.variable(danger), danger


def test_ari_knows_its_password_alone(held: Held) -> None:
    assert held.ari("GET", "channels") == 200
    wrong = replace(held, told={**held.told, "ari_password": "guessed"})
    assert wrong.ari("GET", "channels") == 401


def test_its_secrets_are_readable_by_their_owner_alone(held: Held) -> None:
    assert (held.var / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert (held.var / "asterisk" / "etc").stat().st_mode & 0o007 == 0
