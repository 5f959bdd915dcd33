"""A Docker daemon: the machine's, or, where none answers and we are root, one of our own with its own state.

Several of our processes may share one (`docker_state`): who uses it holds the lock shared until its container runs, and
who would start or end it holds it alone.
"""

import asyncio
import contextlib
import hashlib
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pbx.asterisk.command import CommandFailed, run
from pbx.asterisk.lock import locked
from pbx.asterisk.process import process_in
from pbx.errors import CannotStart
from pbx.settings import Settings

_LOCK_S = 60
_START_S = 20
_LAUNCH_S = 5


class NoDocker(CannotStart):
    """There is no daemon and none can be started; the message says why."""


@dataclass(frozen=True, slots=True)
class Daemon:
    docker: tuple[str, ...]
    """The words before each docker command."""
    because: str


@asynccontextmanager
async def daemon(settings: Settings) -> AsyncIterator[Daemon]:
    """A daemon that nobody ends while the block runs. Raises NoDocker."""
    for _ in range(3):
        async with locked(_lock(settings), limit_s=_LOCK_S, shared=True):
            if there := await answering(settings):
                yield there
                return
        async with locked(_lock(settings), limit_s=_LOCK_S):
            if not await answering(settings):
                await _start_own(settings)
    raise NoDocker(f"our own Docker daemon does not stay; see {_log(settings)}")


async def answering(settings: Settings) -> Daemon | None:
    """The daemon that answers now: our own, else the machine's."""
    if shutil.which("docker") is None:
        return None
    if (run_folder(settings) / "s").exists() and await _answers(_own(settings)):
        return _own(settings)
    machines = Daemon(("docker",), "a Docker daemon answers")
    return machines if await _answers(machines) else None


def _own(settings: Settings) -> Daemon:
    return Daemon(("docker", "-H", f"unix://{run_folder(settings)}/s"), "a Docker daemon of our own runs")


async def _answers(there: Daemon) -> bool:
    with contextlib.suppress(CommandFailed):
        return (await run(*there.docker, "version", "--format", "{{.Server.Version}}", limit_s=5)).status == 0
    return False


async def _start_own(settings: Settings) -> None:
    if os.geteuid() != 0:
        raise NoDocker("no Docker daemon answers, and only root can start one")
    if shutil.which("dockerd") is None or shutil.which("docker") is None:
        raise NoDocker("no Docker daemon answers, and docker.io is not installed (make setup installs it)")
    if process_in(run_folder(settings) / "pid") is None:
        await _launch(settings)
    if not await _answers_within(settings, _START_S):
        if process_in(run_folder(settings) / "pid") is None:
            await _end(settings)
        raise NoDocker(f"our own Docker daemon does not answer: {_last_words(settings)}")


async def _launch(settings: Settings) -> None:
    """It is nobody's child, so that it and what runs in it outlive us."""
    home, state = run_folder(settings), settings.docker_state
    home.mkdir(parents=True, exist_ok=True)
    (state / "data").mkdir(parents=True, exist_ok=True)
    (home / "pid").unlink(missing_ok=True)
    argv = [
        "dockerd", f"--data-root={state}/data", f"--exec-root={home}/exec", f"--host=unix://{home}/s",
        f"--pidfile={home}/pid",
        "--bridge=none", "--iptables=false", "--ip-forward=false", "--live-restore", "--group=root", "--log-level=warn",
    ]  # fmt: skip
    with _log(settings).open("ab") as log:
        child = await asyncio.create_subprocess_exec(
            "setsid", "--fork", *argv, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
        )
        await child.wait()


async def _answers_within(settings: Settings, limit_s: float) -> bool:
    """False as well when it has gone; it writes its number within moments of its start."""
    home = run_folder(settings)
    began = time.monotonic()
    while not ((home / "s").exists() and await _answers(_own(settings))):
        waited = time.monotonic() - began
        if waited > limit_s or (waited > _LAUNCH_S and process_in(home / "pid") is None):
            return False
        await asyncio.sleep(0.05)
    return True


async def end_own_daemon(settings: Settings) -> None:
    """Ends our own daemon if no container runs in it, and leaves no process, mount or file outside its state."""
    if not run_folder(settings).exists():
        return
    async with locked(_lock(settings), limit_s=_LOCK_S):
        if not await _is_used(settings):
            await _end(settings)


async def _is_used(settings: Settings) -> bool:
    if process_in(run_folder(settings) / "pid") is None or not await _answers_within(settings, _START_S):
        return False
    return bool((await run(*_own(settings).docker, "ps", "--quiet", limit_s=_START_S)).out)


async def _end(settings: Settings) -> None:
    home = run_folder(settings)
    pid_files = (home / "pid", home / "exec" / "containerd" / "containerd.pid")
    for ours in [there for file in pid_files if (there := process_in(file))]:
        ours.signal(signal.SIGTERM)
        if not await ours.gone(4):
            ours.signal(signal.SIGKILL)
            await ours.gone(1)
    for mounted in _mounted_under(home, settings.docker_state):
        with contextlib.suppress(CommandFailed):
            await run("umount", "--lazy", mounted, limit_s=3)
    shutil.rmtree(home, ignore_errors=True)
    with contextlib.suppress(OSError):
        home.parent.rmdir()


def _mounted_under(*folders: Path) -> list[str]:
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return [point for point in reversed(points) if any(Path(point).is_relative_to(folder) for folder in folders)]


def run_folder(settings: Settings) -> Path:
    """Sockets, pid and run state: short, since a socket's path may have 107 bytes at most, and gone after a reboot."""
    return Path("/run/vaxel") / hashlib.sha256(str(settings.docker_state.resolve()).encode()).hexdigest()[:10]


def _lock(settings: Settings) -> Path:
    return settings.docker_state / "lock"


def _log(settings: Settings) -> Path:
    return settings.docker_state / "dockerd.log"


def _last_words(settings: Settings) -> str:
    lines = _log(settings).read_text(errors="replace").splitlines()[-3:]
    return " / ".join(lines) or "it said nothing"
