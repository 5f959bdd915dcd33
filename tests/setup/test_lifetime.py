"""Asterisk outlives the process that started it; ended, it leaves nothing."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pbx.asterisk.daemon import run_folder
from pbx.settings import Settings
from tests.setup.conftest import Hold
from tests.setup.machine import environment, free_ports, is_free, mounts_about, on_this_machine, processes_about


def ports() -> dict[str, str]:
    """The same for every start of a test: else each start would be another configuration."""
    first = free_ports()
    return {name: str(first + at) for at, name in enumerate(("SIP_PORT", "ARI_PORT", "AMI_PORT", "AGI_PORT"))}


def test_it_survives_kill_9_of_its_starter_and_is_attached_again(start: Hold, way: str) -> None:
    same = ports()
    first = start(way, **same)
    assert not first.told["attached"]
    first.kill()
    again = start(way, **same)
    assert again.told["attached"]
    assert again.pid == first.pid
    assert again.told["seconds"] < on_this_machine(2)


def test_a_restart_that_leaves_it_finds_it_again(start: Hold, way: str) -> None:
    same = ports()
    first = start(way, **same)
    first.end("leave")
    assert start(way, **same).pid == first.pid


def test_another_configuration_starts_another(start: Hold, way: str) -> None:
    same = ports()
    first = start(way, **same)
    first.end("leave")
    again = start(way, **same, RTP_END="10500")
    assert not again.told["attached"]
    assert again.pid != first.pid


def test_killed_it_is_started_again_by_the_next(start: Hold, way: str) -> None:
    same = ports()
    first = start(way, **same)
    os.kill(first.pid, 9)
    first.kill()
    again = start(way, **same)
    assert not again.told["attached"]
    assert again.told["how"] == way


def test_the_other_way_takes_over(start: Hold) -> None:
    same = ports()
    start("folder", **same).end("leave")
    assert start("docker", **same).told["how"] == "docker"


def test_a_second_process_on_the_same_var_is_refused(start: Hold) -> None:
    first = start("folder")
    second = start("folder", refused=True)
    assert f"pid {first.process.pid}" in second.told["refused"]
    assert Path(f"/proc/{first.pid}").exists()


def test_a_taken_port_is_told_with_its_holder(start: Hold, way: str, tmp_path: Path) -> None:
    first = start("folder")
    sip = first.ari_port - 1
    other = start(way, tmp_path / "other", refused=True, SIP_PORT=str(sip))
    assert f"UDP port {sip} (PBX_SIP_PORT) is taken by asterisk (pid {first.pid})" in other.told["refused"]


def test_ended_it_leaves_no_process_port_mount_or_container(start: Hold, way: str, docker_state: Path) -> None:
    held = start(way)
    port = held.ari_port
    assert held.end() < on_this_machine(5)
    assert all(is_free(port + at) for at in (-1, 0, 1))
    assert processes_about(str(held.var)) == []
    assert processes_about(str(docker_state)) == []
    sockets = run_folder(Settings.from_env({"PBX_DOCKER_STATE": str(docker_state)}))
    assert not sockets.exists()
    assert mounts_about(str(sockets)) == mounts_about(str(docker_state)) == mounts_about(str(held.var)) == []


def test_six_at_once_share_one_daemon_and_the_last_to_end_ends_it(
    start: Hold, tmp_path: Path, docker_state: Path
) -> None:
    with ThreadPoolExecutor(6) as several:
        held = list(several.map(lambda at: start("docker", tmp_path / f"var{at}"), range(6)))
        assert [one.told.get("how") for one in held] == ["docker"] * 6
        assert len({one.pid for one in held}) == 6
        assert len([line for line in processes_about(str(docker_state)) if line.startswith("dockerd")]) == 1
        list(several.map(lambda one: one.end(), held))
    assert processes_about(str(docker_state)) == []


@pytest.fixture
def path_without_docker(tmp_path: Path) -> str:
    """All programs of this machine but docker."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for place in environment(tmp_path, tmp_path, "auto")["PATH"].split(":"):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            if not program.name.startswith("docker") and not (folder / program.name).exists():
                (folder / program.name).symlink_to(program)
    return str(folder)


def test_without_docker_auto_takes_the_folder_and_says_why(start: Hold, path_without_docker: str) -> None:
    held = start("auto", PATH=path_without_docker, CI="")
    assert held.told["how"] == "folder"
    assert "docker" in held.told["because"].lower()


def test_as_root_in_ci_auto_refuses_to_do_without_docker(start: Hold, path_without_docker: str) -> None:
    assert (
        "docker.io is not installed" in start("auto", refused=True, PATH=path_without_docker, CI="true").told["refused"]
    )
