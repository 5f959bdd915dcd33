"""What starts Växel with the machine: it names what there is, and lets calls go on when ours must be started anew."""

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

from pbx.__main__ import parser
from pbx.settings import ROOT, Settings

UNIT = ROOT / "docker" / "vaxel.service"
IMAGE = ROOT / "docker" / "service.Dockerfile"
COMPOSE = ROOT / "docker" / "compose.yaml"


def unit() -> dict[str, list[str]]:
    """What it says, by section and key, as in Service.ExecStart."""
    said, section = defaultdict(list), ""
    for line in UNIT.read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            said[f"{section}.{key}"].append(value)
    return said


def test_the_unit_starts_a_command_that_there_is_with_settings_that_there_are() -> None:
    said = unit()
    [folder], [started] = said["Service.WorkingDirectory"], said["Service.ExecStart"]
    program, *words = started.removeprefix(f"{folder}/").split()
    assert (ROOT / program).is_file()
    assert parser().parse_args(words).begin
    settings = Settings.from_env(dict(line.split("=", 1) for line in said["Service.Environment"]))
    assert settings.asterisk_stays
    assert f"cp {UNIT.relative_to(ROOT)} " in UNIT.read_text()


def test_the_unit_starts_it_again_whatever_ended_it_and_ends_nothing_but_the_warden() -> None:
    said = unit()
    assert said["Service.Restart"] == ["always"]
    assert said["Unit.StartLimitIntervalSec"] == ["0"]
    assert said["Service.KillMode"] == ["process"]


def test_systemd_where_there_is_one_finds_no_fault_with_it(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        return
    here = tmp_path / UNIT.name
    here.write_text(UNIT.read_text().replace("/opt/vaxel", str(ROOT)))
    done = subprocess.run(["systemd-analyze", "verify", here], capture_output=True, text=True, check=False, timeout=60)
    assert [line for line in done.stderr.splitlines() if UNIT.name in line] == []


def test_the_image_has_a_first_process_that_adopts_orphans() -> None:
    said = IMAGE.read_text()
    [first] = re.findall(r'^ENTRYPOINT \["(\S+)", "--"\]$', said, re.MULTILINE)
    installed = re.findall(r"apt-get install -y --no-install-recommends ([^\\]+)", said)[-1].split()
    assert first in installed


def test_compose_sets_nothing_that_is_no_setting() -> None:
    named = set(re.findall(r"^ +(PBX_[A-Z_]+):", COMPOSE.read_text(), re.MULTILINE))
    assert "PBX_ASTERISK" in named
    Settings.from_env(dict.fromkeys(named, ""))
