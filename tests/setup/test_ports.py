"""A port that is taken is told in a sentence that names its setting and who has it, by the doctor and at the start."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.setup.machine import environment, processes_about
from tests.setup.vaxel import running, vaxel

OURS = ("AGI_PORT", "METRICS_PORT", "WEB_PORT")


@contextmanager
def taken(*ports: str) -> Iterator[None]:
    """By this process."""
    with ExitStack() as all_of_them:
        for port in ports:
            listener = all_of_them.enter_context(socket.create_server(("127.0.0.1", int(port))))
            assert listener.getsockname()[1] == int(port)
        yield


def sentence(env: dict[str, str], name: str) -> str:
    return f"TCP port {env[f'PBX_{name}']} (PBX_{name}) is taken by"


def who() -> str:
    return f"(pid {os.getpid()})"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path / "var", tmp_path / "d", "folder", DEMO="yes")


def test_the_doctor_tells_every_port_that_is_taken(env: dict[str, str]) -> None:
    names = (*OURS, "SIP_PORT", "ARI_PORT", "AMI_PORT")
    with taken(*(env[f"PBX_{name}"] for name in names)):
        done = vaxel(env, "doctor", check=False)
    [line] = [line for line in done.stdout.splitlines() if line.startswith("bad     ports: ")]
    assert done.returncode == 1
    for name in names:
        assert sentence(env, name) in line
    assert line.count(who()) == len(names)
    assert "ok      ports: free" in vaxel(env, "doctor", check=False).stdout


def test_a_process_that_only_shows_pages_needs_no_other_port(env: dict[str, str]) -> None:
    with taken(*(env[f"PBX_{name}"] for name in ("AGI_PORT", "METRICS_PORT", "SIP_PORT"))):
        assert "ok      ports: free" in vaxel({**env, "PBX_ROLE": "web"}, "doctor", check=False).stdout
    with taken(env["PBX_WEB_PORT"]):
        assert sentence(env, "WEB_PORT") in vaxel({**env, "PBX_ROLE": "web"}, "doctor", check=False).stdout
        refused = vaxel({**env, "PBX_ROLE": "web"}, "run", check=False)
    assert refused.returncode == 1
    assert f"vaxel: {sentence(env, 'WEB_PORT')}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_dialplans_questions_cannot_be_answered_and_nothing_is_started(env: dict[str, str], tmp_path: Path) -> None:
    with taken(env["PBX_AGI_PORT"]):
        refused = vaxel(env, "run", check=False)
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith(f"vaxel: {sentence(env, 'AGI_PORT')}")
    assert who() in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "var" / "demo.json").exists()
    assert processes_about(str(tmp_path)) == []


@pytest.mark.timeout(120)
def test_without_pages_and_figures_calls_are_answered_and_the_start_says_why(
    env: dict[str, str], tmp_path: Path
) -> None:
    with taken(env["PBX_WEB_PORT"], env["PBX_METRICS_PORT"]), running(env, tmp_path / "said") as service:
        told = service.says("Växel answers calls")
    assert f"There are no pages: {sentence(env, 'WEB_PORT')}" in told
    assert f"no figures and no `vaxel status`: {sentence(env, 'METRICS_PORT')}" in told
    assert (tmp_path / "var" / "demo.json").exists()
