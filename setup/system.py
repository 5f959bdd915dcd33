"""What must be installed on the machine, found by looking for the thing itself, so that any way of having it counts."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import shutil
import subprocess

from setup.steps import Failed, say, step

_PROGRAMS = {
    "ffmpeg": "ffmpeg",
    "espeak-ng": "espeak-ng",
    "mmdebstrap": "mmdebstrap",
    "bwrap": "bubblewrap",
    "zstd": "zstd",
    "ss": "iproute2",
    "umount": "mount",
    "setsid": "util-linux",
}
_LIBRARIES = {"espeak-ng": "libespeak-ng1"}
_QUIET = {"DEBIAN_FRONTEND": "noninteractive", "APT_LISTCHANGES_FRONTEND": "none", "NEEDRESTART_MODE": "l"}


def missing() -> list[str]:
    """Debian's names of what lacks."""
    packages = [package for program, package in _PROGRAMS.items() if not shutil.which(program)]
    packages += [package for library, package in _LIBRARIES.items() if not ctypes.util.find_library(library)]
    if importlib.util.find_spec("ensurepip") is None:
        packages.append("python3-venv")
    if os.geteuid() == 0 and not shutil.which("dockerd") and not _docker_answers():
        packages.append("docker.io")
    return packages


async def install() -> None:
    """Raises Failed, naming the packages, where this is no Debian or we may not."""
    if not (packages := missing()):
        return
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise Failed(f"please install: {names} (their names in Debian)")
    sudo = _sudo(names)
    say(f"to be installed: {names}")
    await step("Package lists", *sudo, "apt-get", "update", "-q", env=_QUIET)
    keep = ("-o", "Dpkg::Options::=--force-confold", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0")
    argv = ("apt-get", "install", "-q", "-y", "--no-install-recommends", *keep, *packages)
    await step("System packages", *sudo, *argv, env=_QUIET)
    if lacking := missing():
        raise Failed(f"still missing after the installation: {' '.join(lacking)}")


def _sudo(names: str) -> tuple[str, ...]:
    if os.geteuid() == 0:
        return ()
    if not shutil.which("sudo"):
        raise Failed(f"please install as root: apt-get install {names}")
    # Asked in the foreground, where a password can be typed; the steps then use what it has granted.
    subprocess.run(["sudo", "-v"], check=False)
    return ("sudo", "-n", "--preserve-env=DEBIAN_FRONTEND,APT_LISTCHANGES_FRONTEND,NEEDRESTART_MODE")


def _docker_answers() -> bool:
    if not shutil.which("docker"):
        return False
    return subprocess.run(["docker", "version"], capture_output=True, timeout=10, check=False).returncode == 0
