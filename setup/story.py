"""`make try`: the story, told with the Växel that runs, or else with one started for it that leaves nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from pbx.settings import ROOT, Settings
from setup.python import VENV

_READY_S = 120
_END_S = 20


def main() -> int:
    settings = Settings.from_env(os.environ)
    if _runs(settings.var / "demo.json"):
        return _tell(settings.var / "demo.json")
    var = settings.var / "try"
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(mode=0o700, parents=True)
    own = {"PBX_VAR": str(var), "PBX_DEMO": "yes", "PBX_DOCKER_STATE": str(settings.docker_state)}
    print("No Växel runs here: one is started for this, with a folder of its own.", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with (var / "said").open("wb") as said:
        service = subprocess.Popen([VENV / "bin" / "vaxel", "run"], env={**os.environ, **own}, stdout=said, stderr=said)
    try:
        if not _wait(service, var / "demo.json"):
            print((var / "said").read_text(errors="replace")[-2000:], file=sys.stderr)
            return 1
        return _tell(var / "demo.json")
    finally:
        service.terminate()
        service.wait(_END_S)
        shutil.rmtree(var, ignore_errors=True)


def _runs(card: Path) -> bool:
    try:
        os.kill(int(json.loads(card.read_text())["pid"]), 0)
    except (OSError, ValueError, KeyError):
        return False
    return True


def _wait(service: subprocess.Popen[bytes], card: Path) -> bool:
    limit = time.monotonic() + _READY_S
    while not card.exists():
        if service.poll() is not None or time.monotonic() > limit:
            return False
        time.sleep(0.1)
    return True


def _tell(card: Path) -> int:
    return subprocess.run(
        [VENV / "bin" / "python", "-m", "tests.journeys.story", card], cwd=ROOT, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
