"""What must be installed on the machine, found by looking for the thing itself, so that any way of having it counts."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import partial

from setup.steps import Failed, say, step

_FIRST = {"mmdebstrap": "mmdebstrap", "zstd": "zstd"}
_THEN = {
    "ffmpeg": "ffmpeg",
    "espeak-ng": "espeak-ng",
    "bwrap": "bubblewrap",
    "ss": "iproute2",
    "umount": "mount",
    "setsid": "util-linux",
}
_TESTS = {
    "chromium": "chromium",
    "chromium-headless-shell": "chromium-headless-shell",
    "cc": "gcc libc6-dev",
    "sipp": "sip-tester",
}
_LIBRARIES = {"espeak-ng": "libespeak-ng1"}
QUIET = {"DEBIAN_FRONTEND": "noninteractive", "APT_LISTCHANGES_FRONTEND": "none", "NEEDRESTART_MODE": "l"}


def first_missing() -> list[str]:
    """Debian's names of what the other long steps need, which therefore comes first."""
    packages = [package for program, package in _FIRST.items() if not shutil.which(program)]
    return packages if importlib.util.find_spec("ensurepip") else [*packages, "python3-venv"]


def then_missing(for_tests: bool = False) -> list[str]:
    """The rest, with a browser and a compiler for tests; a Docker daemon's program only for root where none answers."""
    programs = {**_THEN, **(_TESTS if for_tests else {})}
    packages = [name for program, names in programs.items() if not shutil.which(program) for name in names.split()]
    packages += [package for library, package in _LIBRARIES.items() if not ctypes.util.find_library(library)]
    if os.geteuid() == 0 and not shutil.which("dockerd") and not _docker_answers():
        packages.append("docker.io")
    return packages


async def prepare(*, for_tests: bool = False) -> None:
    """What must be there before anything else; asks for a password here, if at all."""
    if packages := [*first_missing(), *then_missing(for_tests)]:
        names = " ".join(packages)
        if not shutil.which("apt-get"):
            raise Failed(f"please install: {names} (their names in Debian)")
        say(f"to be installed: {names}")
        await step("Package lists", *sudo(names), "apt-get", "update", "-q", env=QUIET)
        await _install("First system packages", first_missing)


async def complete(*, for_tests: bool = False) -> None:
    await _install("System packages", partial(then_missing, for_tests))


async def _install(name: str, missing: Callable[[], list[str]]) -> None:
    """Raises Failed, naming the packages, where we may not or it did not help."""
    if not (packages := missing()):
        return
    keep = ("-o", "Dpkg::Options::=--force-confold", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0")
    argv = ("apt-get", "install", "-q", "-y", "--no-install-recommends", *keep, *packages)
    await step(name, *sudo(" ".join(packages)), *argv, env=QUIET)
    if lacking := missing():
        raise Failed(f"still missing after the installation: {' '.join(lacking)}")


def sudo(names: str) -> tuple[str, ...]:
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
