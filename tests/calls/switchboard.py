"""A whole Växel of a test's own: warden and service, its Asterisk, short prompts that all sound different."""

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

from pbx.asterisk.process import process
from pbx.asterisk.secrets import have_secrets
from pbx.audio import g722
from pbx.phrases import Phrases
from pbx.settings import Settings
from tests.phone import Pcm, Phone, audio, prompts

READY_S = 120.0
ENDING_S = 40.0


@dataclass
class Switchboard:
    """`number`: which of several that run side by side; ports and folders follow from it. `process`: the warden."""

    var: Path
    number: int
    asterisk: str = "auto"
    extra: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        base = 20_000 + 40 * self.number
        rtp = 30_000 + 500 * self.number
        return {
            "PBX_VAR": str(self.var), "PBX_DEMO": "yes", "PBX_ASTERISK": self.asterisk,
            "PBX_SIP_PORT": str(base), "PBX_ARI_PORT": str(base + 1), "PBX_AMI_PORT": str(base + 2),
            "PBX_AGI_PORT": str(base + 3), "PBX_WEB_PORT": str(base + 4),
            "PBX_METRICS_PORT": str(base + 5),
            "PBX_RTP_START": str(rtp), "PBX_RTP_END": str(rtp + 499),
            "PBX_SOUNDS": str(self.var / "sounds"), "PBX_DOCKER_STATE": str(docker_state()), **self.extra,
        }  # fmt: skip

    @property
    def settings(self) -> Settings:
        return Settings.from_env(self.environment)

    @property
    def sip(self) -> tuple[str, int]:
        return ("127.0.0.1", self.settings.sip_port)

    @property
    def demo(self) -> dict[str, Any]:
        card: dict[str, Any] = json.loads((self.var / "demo.json").read_text())
        return card

    def start(self) -> None:
        """Returns when calls are answered; says what the service said if it does not come up."""
        if not (self.var / "sounds").exists():
            write_prompts(self.var / "sounds")
        card = self.var / "demo.json"
        before = card.stat().st_mtime_ns if card.exists() else 0
        with (self.var / "console.log").open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pbx", "run"], env={**clean(), **self.environment}, stdout=said, stderr=said
            )
        limit = time.monotonic() + READY_S
        while not card.exists() or card.stat().st_mtime_ns == before:
            if self.process.poll() is not None or time.monotonic() > limit:
                self.process.kill()
                self.process.wait()
                said_last = (self.var / "console.log").read_text(errors="replace")[-4000:]
                raise AssertionError(f"the service did not come up:\n{said_last}")
            time.sleep(0.05)

    @property
    def service(self) -> int:
        """The process that serves now, as the card tells it."""
        return int(self.demo["pid"])

    def kill(self) -> None:
        """As a crash of both does it: no last words, and nobody who starts anything again."""
        assert self.process
        self.process.kill()
        self.process.wait()
        with suppress(ProcessLookupError):
            os.kill(self.service, signal.SIGKILL)
        _ended(self.service)

    @property
    def switch(self) -> int:
        """Asterisk's process, as the card tells it."""
        return int(self.demo["asterisk"]["pid"])

    async def again(self, before: int, within_s: float = READY_S) -> int:
        """Until another service than that one answers calls; its process."""
        async with asyncio.timeout(within_s):
            while self.service == before:  # noqa: ASYNC110  a file says so
                await asyncio.sleep(0.02)
        return self.service

    async def switched(self, before: int, within_s: float = 30.0) -> None:
        """Until the service has started another Asterisk than that one and serves on it."""
        async with asyncio.timeout(within_s):
            while self.switch == before:  # noqa: ASYNC110  a file says so
                await asyncio.sleep(0.02)

    def stop(self) -> float:
        """In order; the seconds that it took."""
        assert self.process
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(ENDING_S)
        return time.monotonic() - began

    def cli(self, *words: str, input: str = "", check: bool = True) -> subprocess.CompletedProcess[str]:
        """`vaxel …` as an administrator types it."""
        return subprocess.run(
            [sys.executable, "-m", "pbx", *words], env={**clean(), **self.environment}, input=input,
            capture_output=True, text=True, check=check, timeout=60,
        )  # fmt: skip

    async def ari(self, method: str, uri: str) -> Any:
        """What Asterisk itself answers."""
        head = {"Authorization": aiohttp.encode_basic_auth("vaxel", have_secrets(self.settings.secrets).ari_password)}
        url = f"http://127.0.0.1:{self.settings.ari_port}/ari/{uri}"
        async with aiohttp.ClientSession(headers=head) as http, http.request(method, url) as answer:
            return await answer.json()

    @asynccontextmanager
    async def phone(self, account: str = "outside") -> AsyncIterator[Phone]:
        """One of the demonstration's, registered; `outside` is the whole world's."""
        given = self.demo["accounts"][account]
        async with Phone(given["user"], given["password"], self.sip) as phone:
            await phone.register()
            yield phone

    def prompt(self, key: str, lang: str = "sv") -> Pcm:
        """What a phone hears when this phrase is played."""
        return prompts.reference(self.var / "sounds", lang, key)

    def published(self, media: str) -> Pcm:
        """What a phone hears of a published file."""
        inside = media.removeprefix("sound:/vaxel/published/")
        return audio.read(self.var / "published" / f"{inside}.alaw")

    async def knows(self, number: str, within_s: float = 10) -> None:
        """Until Asterisk can lead a call to that number; it was made by another process than the service's."""
        with closing(sqlite3.connect(f"file:{self.settings.routes_db}?mode=ro", uri=True)) as routes:
            for _ in range(int(within_s / 0.02)):
                if routes.execute("SELECT 1 FROM routes WHERE number = ?", (number,)).fetchone():
                    return
                await asyncio.sleep(0.02)
        raise AssertionError(f"the change was not noticed within {within_s} s")

    def metrics(self) -> dict[str, float]:
        """What it tells Prometheus, by name and labels."""
        url = f"http://127.0.0.1:{self.settings.metrics_port}/metrics"
        with urllib.request.urlopen(url, timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}

    @property
    def log(self) -> str:
        return (self.var / "vaxel.log").read_text(errors="replace")


def _ended(pid: int) -> None:
    """Returns when that process is no more."""
    limit = time.monotonic() + ENDING_S
    while process(pid):
        assert time.monotonic() < limit, f"process {pid} does not end"
        time.sleep(0.01)


def docker_state() -> Path:
    """One daemon for all that run side by side; a short path, since a socket's name may have 100 letters."""
    return Path("/tmp/vaxel-test-docker")  # noqa: S108


def write_prompts(folder: Path) -> None:
    """A short prompt for every phrase, in all formats that the built ones have."""
    prompts.write(folder, Phrases(folder).spoken_keys())
    wide = sorted(folder.rglob("*.sln16"))
    narrow = asyncio.run(g722.encode([file.read_bytes() for file in wide]))
    for file, data in zip(wide, narrow, strict=True):
        file.with_suffix(".g722").write_bytes(data)


def worker() -> int:
    """Which of the processes that share the tests this is."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PBX_")}


def part(pcm: Pcm, seconds: float) -> Pcm:
    """Its beginning: enough to know it by when the rest is cut off."""
    return np.asarray(pcm[: int(seconds * 8000)])


def remove(var: Path) -> None:
    shutil.rmtree(var, ignore_errors=True)
