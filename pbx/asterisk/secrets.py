"""Passwords between our processes and Asterisk: made at the first start, kept, readable by their owner alone."""

import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from pbx.errors import CannotStart


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """Random texts of 32 letters, digits, - and _."""

    ari_password: str
    ami_password: str

    @property
    def ami_watch_password(self) -> str:
        """Made from the other one, which cannot be had from it: a file from before there were two is whole still."""
        return hashlib.sha256(f"watch {self.ami_password}".encode()).hexdigest()[:32]


def have_secrets(file: Path) -> Secrets:
    """Reads `file`, or makes it (0600). Two starters at once get the same. Raises CannotStart if it is damaged."""
    if not file.exists():
        _make(file)
    file.chmod(0o600)
    try:
        kept = json.loads(file.read_text())
        return Secrets(ari_password=str(kept["ari_password"]), ami_password=str(kept["ami_password"]))
    except (ValueError, KeyError, TypeError) as e:
        raise CannotStart(f"{file} is damaged ({e!r}): delete it, and a new one is made") from e


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = Secrets(secrets.token_urlsafe(24), secrets.token_urlsafe(24))
    beside = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w") as out:
        json.dump(asdict(new), out)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(beside, file)  # unlike a rename, this lets the first of two win
    except FileExistsError:
        pass
    finally:
        beside.unlink()
