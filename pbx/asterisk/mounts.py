"""What Asterisk sees of this machine: the same absolute paths in a container and in a folder, and who owns them."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pbx.settings import Settings

_NOBODYS: Final = 65533
"""User and group of Asterisk where we are root: owns nothing else, and is in no passwd file."""


@dataclass(frozen=True, slots=True)
class Mount:
    source: Path
    target: str
    writable: bool


def asterisk_user() -> tuple[int, int]:
    """(uid, gid) that Asterisk runs as: never root; without root, our own."""
    return (_NOBODYS, _NOBODYS) if os.geteuid() == 0 else (os.geteuid(), os.getegid())


def config_folder(settings: Settings) -> Path:
    return settings.var / "asterisk" / "etc"


def log_folder(settings: Settings) -> Path:
    return settings.var / "asterisk" / "log"


def mounts(settings: Settings) -> tuple[Mount, ...]:
    """In the order in which they are made."""
    return (
        Mount(config_folder(settings), "/etc/asterisk", writable=False),
        Mount(settings.sounds, "/vaxel/sounds", writable=False),
        Mount(settings.own_sounds, "/vaxel/own-sounds", writable=False),
        Mount(settings.published, "/vaxel/published", writable=False),
        Mount(settings.routes_db.parent, "/vaxel/routes", writable=False),
        Mount(settings.takes_db.parent, "/vaxel/takes", writable=True),
        Mount(settings.spool, "/var/spool/asterisk", writable=True),
        Mount(settings.var / "asterisk" / "lib", "/var/lib/asterisk", writable=True),
        Mount(log_folder(settings), "/var/log/asterisk", writable=True),
    )


def make_folders(settings: Settings) -> None:
    """Every source of a mount, and the two that Asterisk records into (a recording fails where they lack)."""
    for mount in mounts(settings):
        mount.source.mkdir(parents=True, exist_ok=True)
    for name in ("recording", "survival"):
        (settings.spool / name).mkdir(exist_ok=True)


def give_to_asterisk(settings: Settings) -> None:
    """Makes what Asterisk may write its own, and what it may only read readable. Nothing changes hands twice."""
    uid, gid = asterisk_user()
    if os.geteuid() != 0:
        return
    for mount in mounts(settings):
        if not mount.writable:
            continue
        for path in (mount.source, *_top(mount.source)):
            if path.lstat().st_uid != uid:
                os.chown(path, uid, gid, follow_symlinks=False)
    for path in (settings.routes_db.parent, settings.sounds, settings.own_sounds, settings.published):
        path.chmod(path.stat().st_mode | 0o555)


def _top(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not path.is_symlink() and path.name != "aside"]
