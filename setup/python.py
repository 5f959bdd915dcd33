"""The virtualenv: exactly the locked packages, wheels only, and our own folders seen from it."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from setup.steps import ROOT, Failed, say, step

VENV = ROOT / ".venv"
_SPARED = {
    "interop": "no pjsua2 for this Python: the calls with a second make of phone will be left out",
    "piper": "no piper for this Python: the tests of that voice will be left out",
}
_LAUNCHER = """#!{python}
import sys

from pbx.__main__ import main

sys.exit(main())
"""


async def install(sets: tuple[str, ...]) -> None:
    """`sets` name files of requirements/. Raises Failed."""
    if not (VENV / "bin" / "python").exists():
        await step("Virtualenv", sys.executable, "-m", "venv", "--clear", str(VENV))
    for name in sets:
        wanted, stamp = _wanted(name), VENV / f".{name}"
        if stamp.exists() and stamp.read_text() == wanted:
            continue
        pip = (str(VENV / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--no-compile")
        locked = ("--progress-bar=off", "--no-deps", "--require-hashes", "--only-binary=:all:")
        try:
            await step(f"Python packages to {name}", *pip, *locked, "-r", f"requirements/{name}.txt")
        except Failed:
            if name not in _SPARED:
                raise
            say(_SPARED[name])  # and tried again the next time: a registry may have been away
        else:
            stamp.write_text(wanted)
    see_ourselves()


def _wanted(name: str) -> str:
    locked = (ROOT / "requirements" / f"{name}.txt").read_bytes()
    return f"{sys.version_info.major}.{sys.version_info.minor} {hashlib.sha256(locked).hexdigest()}"


def see_ourselves() -> None:
    """Like an editable install, without a build: a path and the program `vaxel`."""
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    _write(site / "vaxel.pth", f"{ROOT}\n")
    _write(VENV / "bin" / "vaxel", _LAUNCHER.format(python=VENV / "bin" / "python"), 0o755)


def _write(file: Path, text: str, mode: int = 0o644) -> None:
    if not file.exists() or file.read_text() != text:
        file.write_text(text)
        file.chmod(mode)
