"""The Asterisk beside us: attached to if it runs, started if not, ended only when told."""

import hashlib
import json
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

from pbx.asterisk import config, mounts
from pbx.asterisk.choose import choose, docker_must_be
from pbx.asterisk.command import CommandFailed
from pbx.asterisk.daemon import end_own_daemon
from pbx.asterisk.folder import FolderWay
from pbx.asterisk.owner import Owner
from pbx.asterisk.ports import must_be_free, of_asterisk
from pbx.asterisk.ready import ari_answers, wait_until_ready
from pbx.asterisk.secrets import Secrets, have_secrets
from pbx.asterisk.way import Found, Running, Way
from pbx.errors import CannotStart
from pbx.settings import Settings

log = logging.getLogger(__name__)

_READY_S = 30
_EXTERNAL_S = 60


class AsteriskHost:
    """Belongs to the one process that holds the calls; a second one on the same `var` is refused.

    `prepare(settings)` makes the tables of routes.db and takes.db where they lack, before Asterisk starts. `templates`:
    the folder of its configuration.
    """

    def __init__(
        self, settings: Settings, prepare: Callable[[Settings], None], templates: Path = config.TEMPLATES
    ) -> None:
        self._settings = settings
        self._prepare = prepare
        self._templates = templates
        self._owner = Owner(settings.var)
        self._secrets: Secrets | None = None
        self._way: Way | None = None
        self._found: Found | None = None
        self._routes: sqlite3.Connection | None = None

    def take(self) -> None:
        """Ours from now on. Raises CannotStart naming the process that holds the calls of this `var`."""
        self._owner.take()

    async def start_or_attach(self) -> Running:
        """Ready when it returns: ARI answers for channels, and SIP answers. Raises CannotStart saying what to do.

        An Asterisk of ours that runs is kept if it was started from what we would start it from now. If starting fails,
        nothing of it is left. May be called again when Asterisk has died.
        """
        self.take()
        try:
            secrets = self._make_ready_for_it()
            if self._settings.asterisk == "external":
                return await self._external(secrets)
            return await self._ours(secrets)
        except BaseException:
            await self._undo()
            raise

    async def alive(self) -> bool:
        """Cheap enough to be asked many times a second."""
        if self._found is not None:
            return self._found.process.lives()
        return self._secrets is not None and await ari_answers(self._settings, self._secrets)

    async def stop(self) -> None:
        """Ends Asterisk (calls get BYE, takes are closed whole), and our own Docker daemon if it runs nothing else."""
        if self._way is not None:
            await self._way.stop()
        self._found = None
        self.leave()

    def leave(self) -> None:
        """Lets go of it without ending it: the next process attaches, and no call drops."""
        if self._routes is not None:
            self._routes.close()
            self._routes = None
        self._owner.let_go()

    def _make_ready_for_it(self) -> Secrets:
        secrets = self._secrets = have_secrets(self._settings.secrets)
        mounts.make_folders(self._settings)
        self._prepare(self._settings)
        if self._routes is None:
            # Asterisk may not write there: it would read nothing until somebody has made -wal and -shm beside it.
            self._routes = sqlite3.connect(self._settings.routes_db, check_same_thread=False, isolation_level=None)
            self._routes.execute("PRAGMA journal_mode=WAL")
            self._routes.execute("SELECT count(*) FROM sqlite_master").fetchone()
        mounts.give_to_asterisk(self._settings)
        return secrets

    async def _ours(self, secrets: Secrets) -> Running:
        files = config.files(self._settings, secrets, self._templates)
        way, because = await choose(self._settings)
        attached = await self._attach(way, secrets, await self._fingerprint(way, files))
        if not attached:
            await must_be_free(of_asterisk(self._settings))
            config.write(files, mounts.config_folder(self._settings), mounts.asterisk_user()[1])
            self._turn_log()
            way, because = await self._start(way, because, files)
            await self._must_be_ready(way, secrets)
        log.info("Asterisk: %s (%s%s)", way.how, because, "; it ran already" if attached else "")
        assert self._found is not None  # noqa: S101 - _attach or _start has set it
        return self._running(way.how, self._found, secrets, because, attached)

    async def _attach(self, way: Way, secrets: Secrets, fingerprint: str) -> bool:
        if (found := await way.running()) is None:
            return False
        if found.config == fingerprint and await wait_until_ready(self._settings, secrets, 3):
            self._way, self._found = way, found
            return True
        log.warning("Asterisk runs with another configuration, or does not answer: it is started anew")
        await way.stop()
        return False

    async def _start(self, way: Way, because: str, files: dict[str, str]) -> tuple[Way, str]:
        self._way = way
        try:
            self._found = await way.start(await self._fingerprint(way, files))
        except CommandFailed as e:
            if way.how != "docker" or docker_must_be(self._settings):
                raise CannotStart(str(e)) from e
            await way.stop()
            self._way = way = FolderWay(self._settings)
            because = f"Docker is there, but {e}"
            self._found = await way.start(await self._fingerprint(way, files))
        return way, because

    async def _must_be_ready(self, way: Way, secrets: Secrets) -> None:
        assert self._found is not None  # noqa: S101 - _start has set it
        lives = self._found.process.lives
        if await wait_until_ready(self._settings, secrets, _READY_S, lives):
            return
        what = f"did not answer in {_READY_S} s" if lives() else "ended at once"
        raise CannotStart(f"Asterisk {what}; its last words:\n{self._log_end()}\n{await way.last_words()}")

    async def _fingerprint(self, way: Way, files: dict[str, str]) -> str:
        seen = [[str(m.source), m.target, m.writable] for m in mounts.mounts(self._settings)]
        what = [await way.key(), mounts.asterisk_user(), files, seen]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:24]

    async def _external(self, secrets: Secrets) -> Running:
        """Somebody else runs it, from the configuration that we write."""
        files = config.files(self._settings, secrets, self._templates)
        config.write(files, mounts.config_folder(self._settings), mounts.asterisk_user()[1])
        if not await wait_until_ready(self._settings, secrets, _EXTERNAL_S):
            raise CannotStart("PBX_ASTERISK=external, but no Asterisk of ours answers on PBX_ARI_PORT and PBX_SIP_PORT")
        return self._running("external", None, secrets, "PBX_ASTERISK says so", attached=True)

    async def _undo(self) -> None:
        if self._way is not None:
            await self.stop()
        else:
            await end_own_daemon(self._settings)
            self.leave()

    def _running(self, how: str, found: Found | None, secrets: Secrets, because: str, attached: bool) -> Running:
        return Running(
            how=how,
            name_or_pid=found.name_or_pid if found else "external",
            pid=found.process.pid if found else None,
            ari_url=f"http://127.0.0.1:{self._settings.ari_port}/ari",
            ari_user="vaxel",
            ari_password=secrets.ari_password,
            ami_user="warden",
            ami_password=secrets.ami_password,
            ami_watch_user="watch",
            ami_watch_password=secrets.ami_watch_password,
            because=because,
            attached=attached,
        )

    def _log_end(self) -> str:
        file = mounts.log_folder(self._settings) / "messages.log"
        return "\n".join(file.read_text(errors="replace").splitlines()[-20:]) if file.exists() else ""

    def _turn_log(self) -> None:
        """Each start begins a log of its own; the one before is kept beside it."""
        file = mounts.log_folder(self._settings) / "messages.log"
        if file.exists():
            file.replace(file.with_suffix(".log.1"))
