"""The contenders' programs: installed as locked, started, and ended."""

import asyncio
import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.installing import step
from pbx.asterisk import Running
from setup.steps import Failed

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "bench"
READY_S = 20


@asynccontextmanager
async def program(name: str, running: Running, app: str) -> AsyncIterator[int]:
    """Its process id, once it serves: `minimal`, `asyncari` or `node`."""
    command = await _COMMANDS[name]()
    path = {"NODE_PATH": str(CACHE / "node" / "node_modules")}
    process = await asyncio.create_subprocess_exec(
        *command, running.ari_url, running.ari_user, running.ari_password, app,
        env={**os.environ, **path},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout  # noqa: S101
    try:
        async with asyncio.timeout(READY_S):
            while (line := await process.stdout.readline()).strip() != b"ready":
                if not line:
                    raise Failed(f"{name} has ended at once")
        yield process.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _minimal() -> list[str]:
    return [sys.executable, str(HERE / "minimal_ari.py")]


async def _asyncari() -> list[str]:
    venv, locked = CACHE / "asyncari", HERE / "asyncari.txt"
    python = str(venv / "bin" / "python")
    if _is_old(venv, locked):
        await step("asyncari's virtualenv", sys.executable, "-m", "venv", "--clear", str(venv))
        pip = (python, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off", "--no-deps")
        await step("asyncari", *pip, "--require-hashes", "-r", str(locked))
        _stamp(venv, locked)
    return [python, str(HERE / "with_asyncari.py")]


async def _node() -> list[str]:
    folder, locked = CACHE / "node", HERE / "node.json"
    if not shutil.which("npm"):
        raise Failed("Node's contender is left out: install nodejs and npm")
    if _is_old(folder, locked):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        root = {"name": "bench", "dependencies": {"ari-client": "*"}}
        packages = {"": root, **json.loads(locked.read_text())}
        lock = {"name": "bench", "lockfileVersion": 3, "requires": True, "packages": packages}
        (folder / "package.json").write_text(json.dumps(root))
        (folder / "package-lock.json").write_text(json.dumps(lock))
        quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder))
        await step("Node's ari-client", "npm", "ci", *quiet)
        _stamp(folder, locked)
    return ["node", str(HERE / "with_node.js")]


_COMMANDS = {"minimal": _minimal, "asyncari": _asyncari, "node": _node}


def _is_old(folder: Path, locked: Path) -> bool:
    """Whether it is to be installed anew."""
    stamp = folder / ".installed"
    return not stamp.exists() or stamp.read_text() != _digest(locked)


def _stamp(folder: Path, locked: Path) -> None:
    (folder / ".installed").write_text(_digest(locked))


def _digest(locked: Path) -> str:
    return hashlib.sha256(locked.read_bytes()).hexdigest()
