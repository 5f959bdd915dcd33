"""Asterisk in a container: the normal way."""

import contextlib
import hashlib
from typing import Final

from pbx.asterisk.base import Base, find_base
from pbx.asterisk.command import CommandFailed, must, run
from pbx.asterisk.daemon import answering, daemon, end_own_daemon
from pbx.asterisk.lock import locked
from pbx.asterisk.mounts import Mount, asterisk_user, mounts
from pbx.asterisk.process import process
from pbx.asterisk.way import Found
from pbx.settings import Settings

_INSPECT: Final = '{{.State.Pid}} {{index .Config.Labels "vaxel.config"}}'


class DockerWay:
    how = "docker"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._name = f"vaxel-{hashlib.sha256(str(settings.var.resolve()).encode()).hexdigest()[:10]}"

    async def key(self) -> str:
        return f"docker {find_base(self._settings.asterisk_cache).key}"

    async def running(self) -> Found | None:
        if (there := await answering(self._settings)) is None:
            return None
        seen = await run(*there.docker, "inspect", "--type=container", f"--format={_INSPECT}", self._name)
        pid, _, config = seen.out.partition(" ")
        return self._found(pid, config) if seen.status == 0 else None

    async def start(self, config: str) -> Found:
        base = find_base(self._settings.asterisk_cache)
        async with daemon(self._settings) as there:
            image = await self._image(there.docker, base)
            await run(*there.docker, "rm", "--force", self._name)
            try:
                await must(*there.docker, *_run(self._settings, self._name, config, image), limit_s=30)
            except CommandFailed:
                with contextlib.suppress(CommandFailed):
                    await run(*there.docker, "rm", "--force", self._name)
                raise
            pid, _, label = (await must(*there.docker, "inspect", f"--format={_INSPECT}", self._name)).partition(" ")
            if (found := self._found(pid, label)) is None:
                raise CommandFailed(f"Asterisk ended at once: {await self.last_words()}")
            return found

    async def last_words(self) -> str:
        if (there := await answering(self._settings)) is None:
            return ""
        said = await run(*there.docker, "logs", "--tail=20", self._name)
        return f"{said.out}\n{said.err}".strip()

    async def stop(self) -> None:
        if there := await answering(self._settings):
            await run(*there.docker, "stop", "--time=3", self._name, limit_s=20)
            await run(*there.docker, "rm", "--force", self._name)
        await end_own_daemon(self._settings)

    def _found(self, pid: str, config: str) -> Found | None:
        there = process(int(pid)) if pid.isdigit() and pid != "0" else None
        return Found(self._name, there, config) if there else None

    async def _image(self, docker: tuple[str, ...], base: Base) -> str:
        image = f"vaxel-asterisk:{base.key}"
        if (await run(*docker, "image", "inspect", image)).status == 0:
            return image
        async with locked(self._settings.docker_state / "import.lock", limit_s=120):
            if (await run(*docker, "image", "inspect", image)).status != 0:
                script = 'set -o pipefail; file=$1 image=$2; shift 2; zstd -dcq "$file" | "$@" import - "$image"'
                await must("bash", "-c", script, "import", str(base.file), image, *docker, limit_s=120)
        return image


def _run(settings: Settings, name: str, config: str, image: str) -> list[str]:
    uid, gid = asterisk_user()
    return [
        "run", "--detach", "--pull=never", f"--name={name}", f"--label=vaxel.config={config}",
        "--network=host", "--hostname=asterisk", f"--user={uid}:{gid}", "--read-only",
        "--tmpfs=/tmp:size=16m,mode=1777", "--tmpfs=/run/asterisk:size=1m,mode=1777",
        "--cap-drop=ALL", "--security-opt=no-new-privileges",
        "--log-driver=json-file", "--log-opt=max-size=1m", "--log-opt=max-file=2",
        *(_mount(m) for m in mounts(settings)),
        image, "asterisk", "-f", "-C", "/etc/asterisk/asterisk.conf",
    ]  # fmt: skip


def _mount(m: Mount) -> str:
    return f"--mount=type=bind,source={m.source},target={m.target}" + ("" if m.writable else ",readonly")
