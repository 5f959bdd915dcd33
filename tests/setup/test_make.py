"""The two commands of the README, as a person types them in a checkout that is set up."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pbx.settings import ROOT
from tests.setup.machine import environment, on_this_machine, processes_about


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`make run`, once it answers calls."""
    var = tmp_path / "var"
    said = tmp_path / "said"
    with said.open("wb") as out:
        process = subprocess.Popen(
            ["make", "run"], cwd=ROOT, env=environment(var, tmp_path / "d", "folder"), stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    limit = time.monotonic() + 50
    while not (var / "demo.json").exists():
        assert process.poll() is None, said.read_text()
        assert time.monotonic() < limit, said.read_text()
        time.sleep(0.05)
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def test_set_up_with_nothing_to_do_takes_less_than_a_second() -> None:
    limit, began = on_this_machine(1), time.monotonic()
    command = ["make", "--no-print-directory", "setup"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert time.monotonic() - began < max(limit, on_this_machine(1))
    assert not done.stdout


@pytest.mark.parametrize("how", ["SIGTERM to make", "Ctrl-C"])
def test_ended_make_run_leaves_nothing(running: subprocess.Popen[bytes], tmp_path: Path, how: str) -> None:
    began = time.monotonic()
    if how == "Ctrl-C":
        os.killpg(running.pid, signal.SIGINT)
    else:
        running.terminate()
    running.wait(20)
    assert time.monotonic() - began < on_this_machine(5)
    assert processes_about(str(tmp_path)) == []


def test_make_alone_tells_what_there_is() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {line.split()[0] for line in done.stdout.splitlines()} >= {"run", "test", "check", "setup"}


def test_no_file_names_a_registry() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    hosts = (
        "py" + "pi.org",
        "deb." + "debian.org",
        "docker." + "io/",
        "gh" + "cr.io",
        "npm" + "js.org",
        "pythonhosted" + ".org",
    )
    named = [
        name
        for name in tracked
        if (ROOT / name).is_file() and any(host in (ROOT / name).read_text(errors="ignore") for host in hosts)
    ]
    assert named == []
