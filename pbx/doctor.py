"""What commonly breaks, looked at before it does: each finding says what to do."""

import asyncio
import os
import shutil
import socket
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pbx.asterisk import ports
from pbx.asterisk.base import find_base
from pbx.asterisk.mounts import asterisk_user, mounts
from pbx.audio.child import without_network
from pbx.errors import CannotStart, VaxelError
from pbx.library.building import open_vault, progress_of, register_of, voices_of
from pbx.phrases import Phrases
from pbx.settings import Settings
from pbx.speech.programs import espeak_version

LEAST_FREE = 1_000_000_000
# No recording can be older than the program that made it; a clock before this would date them all wrongly.
NOT_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
MISSING_SHOWN = 5


class Unwise(VaxelError):
    """It works, but somebody should know."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`how`: ok, bad (it will not work), or unwise (it works until something else breaks)."""

    what: str
    how: Literal["ok", "unwise", "bad"]
    words: str


async def examine(settings: Settings) -> list[Finding]:
    """Everything that can be looked at without changing anything."""
    checks: tuple[tuple[str, Callable[[Settings], Awaitable[str]]], ...] = (
        ("ports", _ports),
        ("disk", _disk),
        ("owners", _owners),
        ("ffmpeg", _ffmpeg),
        ("uploads", _uploads),
        ("voices", _voices),
        ("Asterisk", _asterisk),
        ("carrier", _carrier),
        ("clock", _clock),
        ("time zone", _time_zone),
        ("phrases", _phrases),
        ("vault", _vault),
        ("copies", _copies),
    )
    findings = []
    for what, check in checks:
        try:
            findings.append(Finding(what, "ok", await check(settings)))
        except CannotStart as bad:
            findings.append(Finding(what, "bad", str(bad)))
        except Unwise as unwise:
            findings.append(Finding(what, "unwise", str(unwise)))
    return findings


async def _ports(settings: Settings) -> str:
    owner = settings.var / "asterisk" / "owner"
    if owner.exists() and _runs(owner.read_text()):
        return f"held by Växel itself (pid {owner.read_text()})"
    wanted = [] if settings.role == "calls" else [ports.of_pages(settings)]
    if settings.role != "web":
        wanted += [ports.of_questions(settings), ports.of_figures(settings)]
        if settings.asterisk != "external":
            wanted += ports.of_asterisk(settings)
    await ports.must_be_free(wanted)
    return "free"


def _runs(pid: str) -> bool:
    return pid.isdigit() and Path(f"/proc/{pid}").exists()


async def _disk(settings: Settings) -> str:
    least = None
    for folder in (settings.var, *settings.vault_copies):
        free = shutil.disk_usage(_there(folder)).free
        if free < LEAST_FREE:
            raise CannotStart(f"only {free // 1_000_000} MB are free at {folder}: make room, or recordings will fail")
        least = free if least is None else min(least, free)
    return f"{(least or 0) // 1_000_000_000} GB free"


async def _owners(settings: Settings) -> str:
    uid, _ = asterisk_user()
    for mount in mounts(settings):
        if mount.writable and mount.source.exists() and mount.source.stat().st_uid != uid:
            raise CannotStart(f"{mount.source} does not belong to Asterisk's user: chown -R {uid} {mount.source}")
    for folder in (settings.var, *settings.vault_copies):
        if not os.access(_there(folder), os.W_OK):
            raise CannotStart(f"{folder} cannot be written: give it to the user that runs Växel")
    return "right"


async def _ffmpeg(settings: Settings) -> str:
    if not shutil.which("ffmpeg"):
        raise CannotStart("ffmpeg is not installed, without it nothing is published: apt-get install ffmpeg")
    return "installed"


async def _uploads(settings: Settings) -> str:
    if not shutil.which("prlimit"):
        raise CannotStart("prlimit is not installed, without it every upload is refused: apt-get install util-linux")
    if not await asyncio.to_thread(without_network):
        raise Unwise(
            "what decodes uploads can reach the network, since this kernel gives it none of its own: allow unshare"
            " (sysctl kernel.unprivileged_userns_clone=1, or in a container CAP_SYS_ADMIN)"
        )
    return "decoded with limits and without a network"


async def _voices(settings: Settings) -> str:
    if espeak_version() == "unknown":
        raise CannotStart("espeak-ng is not installed, without it nothing is spoken: apt-get install espeak-ng")
    voices = voices_of(settings)
    for lang, name in (("sv", settings.voice_sv), ("en", settings.voice_en)):
        if why_not := voices.why_not(lang):
            raise Unwise(f"the default voice speaks {lang} in the place of {name}, which cannot be had: {why_not}")
    return voices.speaker().name


async def _asterisk(settings: Settings) -> str:
    if settings.asterisk == "external":
        return "external, as PBX_ASTERISK says"
    return find_base(settings.asterisk_cache).key


async def _carrier(settings: Settings) -> str:
    if settings.carrier is None and (settings.demo or settings.trunk):
        return f"none: calls to the outside go to {settings.way_out}"
    if settings.carrier is None:
        raise Unwise("none, so that nobody outside is reached or reaches a number of ours, 112 too: set PBX_CARRIER")
    try:
        await asyncio.get_running_loop().getaddrinfo(settings.carrier.host, None, family=socket.AF_INET)
    except (OSError, UnicodeError) as error:
        raise CannotStart(f"{settings.carrier.host} has no IPv4 address ({error}): see PBX_CARRIER") from None
    return "has an address; vaxel status tells whether it has us registered"


async def _clock(settings: Settings) -> str:
    now = datetime.now(UTC)
    if now < NOT_BEFORE:
        raise CannotStart(
            f"the clock says {now:%Y-%m-%d %H:%M} UTC: set it, or messages will be announced with wrong times"
        )
    database = Path(settings.database)
    if database.exists() and datetime.fromtimestamp(database.stat().st_mtime, UTC) > now:
        raise CannotStart("the database was written later than the clock says it is now: set the clock")
    return f"{now:%Y-%m-%d %H:%M} UTC"


async def _time_zone(settings: Settings) -> str:
    try:
        now = datetime.now(ZoneInfo("Europe/Stockholm"))
    except ZoneInfoNotFoundError:
        raise CannotStart("Europe/Stockholm is unknown here: install tzdata") from None
    return f"{now:%H:%M} in Stockholm"


async def _phrases(settings: Settings) -> str:
    missing = await asyncio.to_thread(Phrases(settings.sounds).missing)
    if missing:
        shown = ", ".join(missing[:MISSING_SHOWN])
        raise CannotStart(f"{len(missing)} phrases are not built ({shown} …): run make setup")
    return "all built, in Swedish and English"


async def _vault(settings: Settings) -> str:
    disks = [_there(copy).stat().st_dev for copy in settings.vault_copies]
    if len(settings.vault_copies) < 2:
        raise Unwise("there is only one copy of all recordings: name two folders in PBX_VAULT_COPIES")
    if len(set(disks)) < len(disks):
        raise Unwise(
            "two copies lie on one disk and would be lost with it: put them on different disks (PBX_VAULT_COPIES)"
        )
    return f"{len(disks)} copies on different disks"


async def _copies(settings: Settings) -> str:
    """Looks at copies that are known already: one that is not yet is made by the service, and not by looking."""
    if not register_of(settings).exists():
        return "not made yet"
    vault = open_vault(settings)
    try:
        wrong = [state for state in await vault.states() if state.frozen or not state.reachable]
    finally:
        vault.close()
    if wrong:
        told = "; ".join(f"copy {state.name} in {state.folder}: {state.frozen or 'away'}" for state in wrong)
        raise CannotStart(f"{told}. Put its disk back, then: vaxel vault refill {wrong[0].name}")
    if lacking := (await asyncio.to_thread(progress_of(settings).done)).lacking:
        told = ", ".join(f"copy {name} lacked {count} objects" for name, count in lacking.items())
        raise Unwise(
            f"{told} at the last look: they come within half a minute while the service runs and the copy takes writes;"
            " see vaxel vault status"
        )
    return "all take writes, and lack nothing"


def _there(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(_upwards(folder))


def _upwards(folder: Path) -> Iterator[Path]:
    yield from (path for path in (folder, *folder.parents) if path.exists())
