"""Asterisk in a folder: the same base unpacked, without a container daemon, behind bubblewrap.

It is nobody's child and in a session of its own, so it outlives us; its number and start time lie in var/asterisk.
"""

import asyncio
import contextlib
import json
import os
import resource
import shutil
import signal
from pathlib import Path

from pbx.asterisk.base import find_base, tree
from pbx.asterisk.command import CommandFailed
from pbx.asterisk.mounts import asterisk_user, mounts
from pbx.asterisk.process import Process, process
from pbx.asterisk.way import Found
from pbx.errors import CannotStart
from pbx.settings import Settings

_FILES = 65536


class FolderWay:
    how = "folder"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._note = settings.var / "asterisk" / "running.json"
        self._said = settings.var / "asterisk" / "console.log"

    async def key(self) -> str:
        return f"folder {find_base(self._settings.asterisk_cache).key}"

    async def running(self) -> Found | None:
        try:
            note = json.loads(self._note.read_text())
            there = Process(int(note["pid"]), int(note["started"]))
            return Found(str(there.pid), there, str(note["config"])) if there.lives() else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    async def start(self, config: str) -> Found:
        if shutil.which("bwrap") is None:
            raise CannotStart("bubblewrap is not installed: run make setup")
        root = await tree(find_base(self._settings.asterisk_cache), self._settings.asterisk_cache)
        there = await self._launch(str(root))
        beside = self._note.with_suffix(".new")
        beside.write_text(json.dumps({"pid": there.pid, "started": there.started, "config": config}))
        beside.replace(self._note)
        return Found(str(there.pid), there, config)

    async def last_words(self) -> str:
        return self._said.read_text(errors="replace")[-1000:].strip() if self._said.exists() else ""

    async def stop(self) -> None:
        if found := await self.running():
            found.process.signal(signal.SIGTERM)
            if not await found.process.gone(3):
                found.process.signal(signal.SIGKILL)
                await found.process.gone(1)
        self._note.unlink(missing_ok=True)

    async def _launch(self, root: str) -> Process:
        """setsid forks, so that Asterisk's parent is init from the start, whoever of us dies later."""
        read, write = os.pipe()
        try:
            with self._said.open("wb") as out:
                child = await asyncio.create_subprocess_exec(
                    *("setsid", "--fork", "prlimit", f"--nofile={_files()}", *_bwrap(self._settings, root, write)),
                    stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, pass_fds=(write,),
                )  # fmt: skip
                await child.wait()
        finally:
            os.close(write)
        try:
            async with asyncio.timeout(5):
                told = await asyncio.to_thread(_read_all, read)
        except TimeoutError:
            told = b""
        with contextlib.suppress(ValueError, KeyError):
            if there := process(int(json.loads(told)["child-pid"])):
                return there
        raise CommandFailed(f"Asterisk did not start: {await self.last_words()}")


def _read_all(fd: int) -> bytes:
    with os.fdopen(fd, "rb") as end:
        return end.read()


def _files() -> str:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    count = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    return f"{count}:{count}"


def _bwrap(settings: Settings, root: str, info_fd: int) -> list[str]:
    uid, gid = asterisk_user()
    binds = [
        word for m in mounts(settings) for word in ("--bind" if m.writable else "--ro-bind", str(m.source), m.target)
    ]
    names = Path("/etc/resolv.conf")  # of today: the base has what was there as it was made
    if names.exists() and Path(f"{root}{names}").exists():
        binds += ["--ro-bind", str(names), str(names)]
    drop = [
        "setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups",
        "--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all", "--no-new-privs",
    ]  # fmt: skip
    return [
        "bwrap", "--info-fd", str(info_fd), "--ro-bind", root, "/", "--proc", "/proc", "--dev", "/dev",
        "--tmpfs", "/tmp", "--tmpfs", "/run", "--perms", "1777", "--dir", "/run/asterisk", "--tmpfs", "/vaxel", *binds,  # noqa: S108 - inside Asterisk's own root
        "--unshare-ipc", "--unshare-uts", "--hostname", "asterisk",
        "--clearenv", "--setenv", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "--chdir", "/",
        *(drop if os.geteuid() == 0 else []),
        "asterisk", "-f", "-C", "/etc/asterisk/asterisk.conf",
    ]  # fmt: skip
