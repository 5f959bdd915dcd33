"""The file system that Asterisk runs in: made from Debian's packages by docker/base.sh, kept as a compressed tar.

Its name carries what it was made from (the recipe's hash) and what came out (Asterisk's version), so a changed recipe
makes a new one and an image or a folder made from it is found again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pbx.asterisk.command import must
from pbx.asterisk.lock import locked
from pbx.errors import CannotStart
from pbx.settings import ROOT

RECIPE: Final = ROOT / "docker" / "base.sh"
_SLOWEST_S: Final = 900
_KEPT: Final = 2


@dataclass(frozen=True, slots=True)
class Base:
    file: Path

    @property
    def key(self) -> str:
        """`<recipe's hash>-<Asterisk's version>`, fit for an image's tag."""
        return self.file.name.removeprefix("base-").removesuffix(".tar.zst")


def find_base(cache: Path) -> Base:
    """The newest base of today's recipe. Raises CannotStart if there is none."""
    if not (found := _found(cache)):
        raise CannotStart(f"no Asterisk in {cache}: run make setup")
    return found[0]


def _found(cache: Path) -> list[Base]:
    recipe = hashlib.sha256(RECIPE.read_bytes()).hexdigest()[:12]
    files = sorted(cache.glob(f"base-{recipe}-*.tar.zst"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [Base(file) for file in files]


async def make_base(cache: Path, *, anew: bool = False) -> Base:
    """Makes the base unless it is there (`anew`: in any case, with today's packages); half a minute to two.

    Raises CannotStart or CommandFailed with what the maker said.
    """
    cache.mkdir(parents=True, exist_ok=True)
    async with locked(cache / "lock", limit_s=_SLOWEST_S):
        if (found := _found(cache)) and not anew:
            return found[0]
        part = cache / f"part.{os.getpid()}"
        try:
            sudo = "" if os.geteuid() == 0 or shutil.which("sudo") is None else "sudo "
            script = 'set -o pipefail; $1"$2" | zstd -3 -T0 -q -f -o "$3"'
            await must("bash", "-c", script, "base", sudo, str(RECIPE), str(part), limit_s=_SLOWEST_S, tell=True)
            version = await must("tar", "--zstd", "-xOf", str(part), "./vaxel/version", limit_s=60)
            recipe = hashlib.sha256(RECIPE.read_bytes()).hexdigest()[:12]
            release = version.partition(":")[2].partition("+")[0] or version
            base = Base(cache / f"base-{recipe}-{release}.tar.zst")
            if not release.startswith("22."):
                raise CannotStart(f"Debian sid has Asterisk {release}, and this house is written for 22")
            part.replace(base.file)
        finally:
            part.unlink(missing_ok=True)
        for old in sorted(cache.glob("base-*.tar.zst"), key=lambda f: f.stat().st_mtime, reverse=True)[_KEPT:]:
            old.unlink()
        return base


async def tree(base: Base, cache: Path) -> Path:
    """The base unpacked, once, for running without Docker; some three seconds the first time."""
    folder = cache / f"tree-{base.key}"
    if folder.is_dir():
        return folder
    async with locked(cache / "lock", limit_s=120):
        if folder.is_dir():
            return folder
        part = cache / f"tree.part.{os.getpid()}"
        part.mkdir()
        try:
            await must("tar", "-C", str(part), "--zstd", "--exclude=./dev/*", "-xf", str(base.file), limit_s=120)
            part.chmod(0o755)
            part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return folder
