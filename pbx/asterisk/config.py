"""Asterisk's configuration: the files of dialplan/ with ports, passwords and the trunk filled in.

Nothing of a user ever gets into it. The marks are `@@name@@`, which can be neither Asterisk's `${name}`
nor a number or name that somebody dials.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Final

from pbx.asterisk import carrier
from pbx.asterisk.secrets import Secrets
from pbx.errors import CannotStart
from pbx.settings import ROOT, Settings

TEMPLATES: Final = ROOT / "dialplan"


class _Marks(Template):
    pattern = r"@@(?:(?P<escaped>@@@@)|(?P<named>[a-z_]+)@@|(?P<braced>(?!))|(?P<invalid>))"  # type: ignore[assignment] # Template compiles it


def values(settings: Settings, secrets: Secrets) -> dict[str, str]:
    """What may be filled in."""
    return {
        "host": settings.host,
        "sip_port": str(settings.sip_port),
        "rtp_start": str(settings.rtp_start),
        "rtp_end": str(settings.rtp_end),
        "ari_port": str(settings.ari_port),
        "ami_port": str(settings.ami_port),
        "agi_port": str(settings.agi_port),
        "ari_password": secrets.ari_password,
        "ami_password": secrets.ami_password,
        "ami_watch_password": secrets.ami_watch_password,
        "log_form": "json" if settings.log_form == "json" else "default",
        "trunk": settings.way_out.replace("{number}", "${N}"),
        "carrier_user": (settings.carrier and settings.carrier.user) or "s",
        "trunk_emergency": settings.way_out_112.replace("{number}", "${N}"),
    }


def files(settings: Settings, secrets: Secrets, templates: Path = TEMPLATES) -> dict[str, str]:
    """File name -> text of all that Asterisk is configured by. Raises as `render`."""
    made = render(values(settings, secrets), templates)
    if settings.carrier is not None:
        made[carrier.FILE] = carrier.written(settings.carrier, settings.host)
    return made


def render(given: Mapping[str, str], templates: Path = TEMPLATES) -> dict[str, str]:
    """File name -> text of every *.conf. Raises CannotStart for a mark without a value, or a value that says more."""
    for name, value in given.items():
        if not value or re.search(r"[\s;\\\[\]]", value):
            raise CannotStart(
                f"{name} cannot be written into Asterisk's configuration: empty, or with a character of meaning"
            )
    files: dict[str, str] = {}
    for file in sorted(templates.glob("*.conf")):
        try:
            files[file.name] = _Marks(file.read_text()).substitute(given)
        except (KeyError, ValueError) as e:
            raise CannotStart(f"{file}: no value for {e}") from e
    if not files:
        raise CannotStart(f"no *.conf in {templates}: the checkout is not whole")
    return files


def write(files: Mapping[str, str], folder: Path, gid: int) -> None:
    """Makes `folder` hold exactly these, readable by us and by Asterisk's group only.

    asterisk.conf comes last: one who starts Asterisk in a container of its own waits for it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    own(folder, 0o750, gid)
    for name, text in sorted(files.items(), key=lambda file: file[0] == "asterisk.conf"):
        beside = folder / f".{name}"
        beside.touch(mode=0o600)
        own(beside, 0o640, gid)
        beside.write_text(text)
        beside.replace(folder / name)
    for old in folder.iterdir():
        if old.name not in files:
            old.unlink()


def own(path: Path, mode: int, gid: int) -> None:
    if os.geteuid() == 0:
        os.chown(path, 0, gid)
    path.chmod(mode)
