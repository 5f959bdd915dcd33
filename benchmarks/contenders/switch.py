"""An Asterisk like ours, with the same modules and settings, whose dialplan is the contenders'."""

import hashlib
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pbx.asterisk import AsteriskHost, Running
from pbx.asterisk.config import TEMPLATES
from pbx.node import routes, takes_db
from pbx.settings import Settings
from tests.phone import Pcm, prompts, pseudo_speech
from tests.phone.speech import seed_of

HERE = Path(__file__).parent
PASSWORD = "bench"  # noqa: S105
USER = "outside"
DIALPLAN, VOICEMAIL = "1", "3"
PROGRAMS = {"minimal": "21", "asyncari": "22", "node": "23"}
WELCOME_S, SHORT_S = 1.0, 0.4


@dataclass(frozen=True, slots=True)
class Switch:
    running: Running
    settings: Settings

    @property
    def pid(self) -> int:
        assert self.running.pid  # noqa: S101
        return self.running.pid

    @property
    def sip(self) -> tuple[str, int]:
        return "127.0.0.1", self.settings.sip_port

    @property
    def voicemail(self) -> Path:
        return self.settings.spool / "voicemail"


@asynccontextmanager
async def switch(room: Path, first_port: int, way: str) -> AsyncIterator[Switch]:
    """`way`: docker or folder, as the product's own Asterisk is had. Nothing is left of it."""
    var = room / "contenders"
    settings = Settings.from_env(
        {
            "PBX_VAR": str(var), "PBX_ASTERISK": way, "PBX_SIP_PORT": str(first_port),
            "PBX_ARI_PORT": str(first_port + 1), "PBX_AMI_PORT": str(first_port + 2),
            "PBX_AGI_PORT": str(first_port + 3), "PBX_METRICS_PORT": str(first_port + 4),
            "PBX_RTP_START": "36000", "PBX_RTP_END": "36999", "PBX_SOUNDS": str(var / "sounds"),
            "PBX_DOCKER_STATE": os.environ.get("PBX_DOCKER_STATE", ""),
        }
    )  # fmt: skip
    write_prompts(settings.sounds / "bench")
    greeting = settings.spool / "voicemail" / "bench" / "1"
    greeting.mkdir(parents=True)
    greeting.chmod(0o777)  # Asterisk, which is not root, makes its folders in there
    prompts.write_one(greeting / "unavail", speech("welcome"))
    host = AsteriskHost(settings, _prepare, _templates(var / "dialplan"))
    running = await host.start_or_attach()
    try:
        yield Switch(running, settings)
    finally:
        await host.stop()


def write_prompts(folder: Path) -> None:
    for name in ("welcome", "goodbye"):
        prompts.write_one(folder / name, speech(name))


def speech(name: str) -> Pcm:
    return pseudo_speech(seed_of("bench", name), WELCOME_S if name == "welcome" else SHORT_S)


def _templates(folder: Path) -> Path:
    shutil.copytree(TEMPLATES, folder)
    for name, more in {
        "extensions.conf": (HERE / "dialplan.conf").read_text(),
        "modules.conf": "load=app_voicemail\nload=res_adsi\nload=func_db\n",
    }.items():
        with (folder / name).open("a") as file:
            file.write(f"\n{more}")
    shutil.copy(HERE / "voicemail.conf", folder)
    return folder


def _prepare(settings: Settings) -> None:
    routes.prepare(settings.routes_db).close()
    takes_db.prepare(settings.takes_db)
    digest = hashlib.md5(f"{USER}:{routes.REALM}:{PASSWORD}".encode(), usedforsecurity=False).hexdigest()
    routes.write(
        settings.routes_db, routes.rows_of([routes.Phone(USER, digest, "bench", "", "sv", "", "127.0.0.1")], [])
    )
