"""What an operator may decide: one frozen value, read once from PBX_* variables.

An unknown variable or an impossible value refuses to start, by name: a misspelt setting that is
silently ignored is found on the day it was meant for.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from pbx.errors import CannotStart
from pbx.rules.servers import CARRIER, CARRIER_112, Carrier, Smtp, carrier, smtp
from pbx.rules.voice_names import VoiceName, voice_name

ROOT: Final = Path(__file__).resolve().parent.parent
"""The checkout (or /app in the image): where dialplan/, migrations/ and sounds/ lie. Defaults are relative to it."""

WAYS: Final = frozenset({"auto", "docker", "folder", "external"})
ROLES: Final = frozenset({"all", "calls", "web"})
FORMS: Final = frozenset({"text", "json"})
LEVELS: Final = frozenset({"DEBUG", "INFO", "WARNING", "ERROR"})


_SECRET: Final = frozenset({"smtp", "carrier"})


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _paths(text: str) -> tuple[Path, ...]:
    return tuple(_path(part) for part in text.split(":") if part)


def _database(text: str) -> str:
    return text if "://" in text else str(_path(text))


def _yes(text: str) -> bool:
    try:
        return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}[text.lower()]
    except KeyError:
        raise ValueError("is neither yes nor no") from None


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError("is not a port from 1 to 65535")
    return port


def _count(text: str) -> int:
    if (count := int(text)) < 1:
        raise ValueError("must be at least 1")
    return count


def _count_or_none(text: str) -> int | None:
    return _count(text) if text else None


def _address(text: str) -> str:
    return str(ipaddress.IPv4Address(text))


def _one_of(allowed: frozenset[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"is none of {', '.join(sorted(allowed))}")
        return text

    return read


def _mail_address(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+", text):
        raise ValueError("is no mail address")
    return text


def _url(text: str) -> str:
    if text and not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+", text):
        raise ValueError("is no address of a site, as in https://vaxel.example.com")
    return text


def _countries(text: str) -> frozenset[str]:
    codes = frozenset(code.strip().removeprefix("+") for code in text.split(",") if code.strip())
    if any(not re.fullmatch(r"[1-9][0-9]{0,2}", code) for code in codes):
        raise ValueError("is no comma list of country codes, as in 46,47")
    return codes


def _trunk(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z]+/[A-Za-z0-9@:./+_-]*(\{number\})?[A-Za-z0-9@:./+_-]*", text):
        raise ValueError("is no Asterisk destination, as in PJSIP/outside or PJSIP/{number}@carrier")
    return text


def _folder_or_none(text: str) -> Path | None:
    return _path(text) if text else None


def _set(default: str, read: Callable[[str], object], help: str) -> Any:
    """A setting: `{var}` in its default stands for the folder `var`, `{root}` for the checkout."""
    return field(metadata={"default": default, "read": read, "help": help})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, checked. Paths are absolute; those given relative are taken from the working folder."""

    var: Path = _set(
        "{root}/var", _path, "Folder for everything that this machine keeps; delete it and Växel starts anew."
    )
    host: str = _set("127.0.0.1", _address, "IPv4 address on which phones reach us. Everything else stays on loopback.")
    sip_port: int = _set("5060", _port, "SIP, UDP and TCP.")
    rtp_start: int = _set("10000", _port, "First UDP port of the calls' sound.")
    rtp_end: int = _set("10999", _port, "Last of them; two for each call, so this limits the calls.")
    ari_port: int = _set("8088", _port, "Asterisk's HTTP port (ARI), on loopback.")
    ami_port: int = _set("5038", _port, "Asterisk's manager port (AMI), on loopback.")
    agi_port: int = _set("4573", _port, "Where our process answers the dialplan's questions (FastAGI), on loopback.")
    metrics_port: int = _set("9477", _port, "Where /metrics (Prometheus) and /status are told, on loopback.")
    asterisk: str = _set(
        "auto", _one_of(WAYS), "How Asterisk is had: docker, folder, external, or auto: docker where it can be."
    )
    asterisk_stays: bool = _set(
        "no", _yes, "Leave Asterisk running when we end, so that a restart of ours drops no call."
    )
    asterisk_cache: Path = _set(
        "{root}/.cache/asterisk", _path, "Where the made Asterisk base lies, shared by all that run here."
    )
    docker_state: Path = _set("{var}/docker", _path, "State of a Docker daemon of our own, started where none answers.")
    sounds: Path = _set("{root}/var/sounds", _path, "The system's own phrases, as built by sounds.build.")
    own_sounds: Path = _set(
        "{var}/own-sounds",
        _path,
        "The operator's own recordings of those phrases; made again from the vault when lost.",
    )
    database: str = _set(
        "{var}/vaxel.db", _database, "SQLite file (or later a database URL) with all that is not audio."
    )
    vault_copies: tuple[Path, ...] = _set(
        "{var}/vault/a:{var}/vault/b",
        _paths,
        "Folders, each with one whole copy of all audio; best on different disks.",
    )
    vault_minimum: int | None = _set(
        "", _count_or_none, "Copies that must hold a recording before it is called saved; else 1, of three or more 2."
    )
    scrub_days: int = _set("7", _count, "Within so many days everything in every copy is read and proved once.")
    upload_mb: int = _set("25", _count, "The largest file that may be uploaded, in MiB.")
    upload_minutes: int = _set("10", _count, "The longest sound that may be uploaded.")
    voice_sv: VoiceName = _set("pyttsx3:sv", voice_name, "Who speaks Swedish: pyttsx3:sv, espeak:sv+f2, piper:NAME.")
    voice_en: VoiceName = _set("pyttsx3:en", voice_name, "Who speaks English, in the same way.")
    voices: Path | None = _set("", _folder_or_none, "Folder of piper voices: NAME.onnx and NAME.onnx.json.")
    published: Path = _set("{var}/published", _path, "What Asterisk plays; a cache that is rebuilt when lost.")
    carrier: Carrier | None = _set(
        "",
        carrier,
        "Who carries calls to and from the telephone net: sip://USER:PASSWORD@HOST, sip+tcp://…, or sip://HOST.",
    )
    trunk: str = _set(
        "",
        _trunk,
        "Where calls to the outside go, if not to the carrier; {number} stands for the number dialled.",
    )
    countries: frozenset[str] = _set("46", _countries, "Country codes that Växel may ring, as in 46,47.")
    role: str = _set("all", _one_of(ROLES), "What this process does: calls, web (the pages), or all.")
    web_host: str = _set("127.0.0.1", _address, "IPv4 address on which the pages are served.")
    web_port: int = _set("8080", _port, "The port on which they are served.")
    web_url: str = _set("", _url, "How people reach them, if not at that port: https://vaxel.example.com.")
    smtp: Smtp | None = _set("", smtp, "The mail server: smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST.")
    mail_from: str = _set("vaxel@localhost", _mail_address, "The sender of our mail.")
    demo: bool = _set("no", _yes, "Make the demonstration companies where no database is.")
    log_level: str = _set("INFO", _one_of(LEVELS), "DEBUG, INFO, WARNING or ERROR.")
    log_form: str = _set("text", _one_of(FORMS), "How log lines are written, ours and Asterisk's: text or json.")

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Reads PBX_<FIELD>; an empty value means the default. Raises CannotStart naming each bad variable."""
        known = {f"PBX_{f.name.upper()}": f for f in fields(cls)}
        wrong = [f"{name} is no setting" for name in sorted(env) if name.startswith("PBX_") and name not in known]
        given = {f.name: env.get(name) or "" for name, f in known.items()}
        var = str(_path(given["var"])) if given["var"] else f"{ROOT}/var"
        values: dict[str, Any] = {}
        for name, f in known.items():
            text = given[f.name] or f.metadata["default"].replace("{root}", str(ROOT)).replace("{var}", var)
            try:
                values[f.name] = f.metadata["read"](text)
            except ValueError as e:
                told = "***" if f.name in _SECRET else repr(text)
                wrong.append(f"{name}={told}: {e}")
        if wrong:
            raise CannotStart("; ".join(wrong))
        settings = cls(**values)
        settings._check()
        return settings

    def _check(self) -> None:
        ports = {
            "sip_port": self.sip_port,
            "ari_port": self.ari_port,
            "ami_port": self.ami_port,
            "agi_port": self.agi_port,
            "web_port": self.web_port,
            "metrics_port": self.metrics_port,
        }
        if len(set(ports.values())) < len(ports):
            raise CannotStart(f"two of PBX_{', PBX_'.join(ports).upper()} are the same port")
        if self.rtp_end - self.rtp_start < 3:
            raise CannotStart("PBX_RTP_END must be at least 3 above PBX_RTP_START")
        if self.rtp_start <= self.sip_port <= self.rtp_end:
            raise CannotStart("PBX_SIP_PORT lies between PBX_RTP_START and PBX_RTP_END")
        if self.carrier and self.host.startswith("127.") and not self.carrier.here:
            raise CannotStart(
                f"PBX_CARRIER={self.carrier} is not reached from PBX_HOST={self.host}: name this machine's own address"
            )
        if not self.vault_copies or len(set(self.vault_copies)) < len(self.vault_copies):
            raise CannotStart("PBX_VAULT_COPIES must name one folder or more, each once")
        if self.vault_minimum is not None and self.vault_minimum > len(self.vault_copies):
            raise CannotStart("PBX_VAULT_MINIMUM is more than PBX_VAULT_COPIES has folders")

    @property
    def way_out(self) -> str:
        """Where calls to the outside go, as Asterisk dials it; {number} stands for the number dialled."""
        return self.trunk or (f"PJSIP/{{number}}@{CARRIER}" if self.carrier else "PJSIP/outside")

    @property
    def way_out_112(self) -> str:
        """The same for 112."""
        return self.trunk or (f"PJSIP/{{number}}@{CARRIER_112}" if self.carrier else "PJSIP/outside")

    @property
    def site(self) -> str:
        """Where people find the pages, without a slash at its end."""
        return self.web_url or f"http://{self.web_host}:{self.web_port}"

    @property
    def spool(self) -> Path:
        """Asterisk's /var/spool/asterisk: takes in recording/, messages taken while we were away in survival/."""
        return self.var / "spool"

    @property
    def routes_db(self) -> Path:
        """Phones and routes, which Asterisk may only read."""
        return self.var / "routes" / "routes.db"

    @property
    def takes_db(self) -> Path:
        """What Asterisk notes about messages that it took while we were away."""
        return self.var / "takes" / "takes.db"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets.json"

    @property
    def log(self) -> Path:
        return self.var / "vaxel.log"


def table(settings: Settings) -> list[tuple[str, str, str]]:
    """(variable, value in force, sentence) for every setting, for people."""
    return [(f"PBX_{f.name.upper()}", _shown(getattr(settings, f.name)), f.metadata["help"]) for f in fields(settings)]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ":".join(map(str, value))
    if isinstance(value, frozenset):
        return ",".join(sorted(value))
    return "" if value is None else str(value)
