"""The demonstration's card, var/demo.json: where it is reached, by whom, and what to dial. Secrets, so 0600.

The passwords and PINs are known at the seeding only, so they are kept beside, in var/demo-secrets.json.
"""

import hashlib
import json
import os
import secrets
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pbx.asterisk import Running
from pbx.company import Companies
from pbx.company.people import SHORT_CODE
from pbx.demo import DemoSignIn, keep_operator, seed, sign_ins
from pbx.errors import CannotStart
from pbx.library import Library
from pbx.settings import Settings
from pbx.store import Store
from pbx.vault.durable import sync_folder

OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Card:
    """`known`: what only the seeding knew, as it was then."""

    settings: Settings
    known: dict[str, Any]

    @classmethod
    async def made_or_kept(cls, settings: Settings, store: Store, library: Library) -> "Card":
        """Seed an empty database, or go on with a seeding that was broken off; afterwards the same secrets for ever.
        Raises CannotStart where they are lost."""
        file = settings.var / "demo-secrets.json"
        if await Companies(store).first() is None:
            _write(file, {})  # nothing is known until all is there: whoever finds it so goes on with the seeding
        known = _read(file)
        if not known:
            known = asdict(await seed(store, library))
            known["outside"] = {"user": OUTSIDE, "password": secrets.token_urlsafe(12)}
            _write(file, known)
        if "operator" not in known:  # seeded before there were pages
            known |= await sign_ins(store, known["companies"])
            _write(file, known)
        await keep_operator(store, DemoSignIn(**known["operator"]))
        return cls(settings, known)

    @property
    def outside(self) -> tuple[str, str]:
        """SIP user of the phone that stands for the outside world, and its digest."""
        user, password = self.known["outside"]["user"], self.known["outside"]["password"]
        return user, hashlib.md5(f"{user}:asterisk:{password}".encode(), usedforsecurity=False).hexdigest()

    def write(self, running: Running) -> None:
        """Last of all at each start, when calls are answered; by rename, so that a reader finds all or the old."""
        _write(self.settings.var / "demo.json", self._content(running))

    def welcome(self) -> list[str]:
        """What a newcomer should try, for the terminal."""
        ours = self.known["companies"][0]
        accounts = {**ours["accounts"], OUTSIDE: self.known["outside"]}
        web = self._web()
        return [
            f"Pages: {web['url']}  Sign in as one of:",
            *(
                f"  {who:8} {web[who]['email']}  password {web[who]['password']}"
                for who in ("admin", "user", "operator")
            ),
            f"SIP: {self.settings.host}:{self.settings.sip_port} (UDP or TCP). Register a phone as one of:",
            *(f"  {name:8} user {a['user']}  password {a['password']}" for name, a in accounts.items()),
            f"Dial 333 from 201 or 202; from {OUTSIDE}: {ours['number']} (the company),",
            f"  {ours['voicemail']} (333 from any telephone; PIN of 201: {ours['pins']['201']}).",
            f"Have a welcome read in: vaxel record welcome --to {self.known['anna_mobile']} --follow",
            f"All of this for programs: {self.settings.var / 'demo.json'}",
        ]

    def _web(self) -> dict[str, Any]:
        sign_ins = self.known["companies"][0]["sign_ins"]
        return {
            "url": self.settings.site,
            "admin": sign_ins["201"],
            "user": sign_ins["202"],
            "operator": self.known["operator"],
        }

    def _content(self, running: Running) -> dict[str, Any]:
        settings, ours = self.settings, self.known["companies"][0]
        return {
            "sip": {"host": settings.host, "port": settings.sip_port, "transport": "udp"},
            "accounts": {**ours["accounts"], OUTSIDE: self.known["outside"]},
            "numbers": {
                "company": ours["number"],
                "voicemail": ours["voicemail"],
                "anna_mobile": self.known["anna_mobile"],
            },
            "dial": {"voicemail": SHORT_CODE},
            "pins": ours["pins"],
            "web": self._web(),
            "menu": self.known["menu"],
            "asterisk": {
                "how": running.how,
                "name_or_pid": running.name_or_pid,
                "pid": running.pid,
                "ari_url": running.ari_url,
                "ari_user": running.ari_user,
                "ari_password": running.ari_password,
            },
            "pid": os.getpid(),
            "cli": _command(settings),
            "var": str(settings.var),
            "database": str(settings.database),
            "vault": {"copies": [str(copy) for copy in settings.vault_copies]},
            "published": str(settings.published),
            "sounds": str(settings.sounds),
            "log": str(settings.log),
        }


def _command(settings: Settings) -> list[str]:
    """The command line that speaks to this very service, from any folder."""
    vaxel = str(Path(sys.executable).parent / "vaxel")
    given = [f"{name}={value}" for name, value in os.environ.items() if name.startswith("PBX_")]
    ours = [word for word in given if word != "PBX_DEMO=yes"]
    return ["/usr/bin/env", *ours, vaxel] if ours else [vaxel]


def _read(file: Path) -> dict[str, Any]:
    try:
        known: dict[str, Any] = json.loads(file.read_text())
    except FileNotFoundError:
        raise CannotStart(
            f"{file} is missing, and without it nobody knows the demonstration's passwords: put it back, start with"
            f" PBX_DEMO=no, or move {file.parent} away to begin anew"
        ) from None
    return known


def _write(file: Path, content: dict[str, Any]) -> None:
    """On the disk when it returns, all of it or nothing."""
    beside = file.with_suffix(".new")
    beside.touch(mode=0o600)
    with beside.open("w") as written:
        written.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        written.flush()
        os.fsync(written.fileno())
    beside.replace(file)
    sync_folder(file.parent)
