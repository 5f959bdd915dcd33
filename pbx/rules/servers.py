"""Servers of others that an operator names, as addresses with a name and a password in them."""

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

CARRIER = "carrier"
"""Its name in Asterisk."""
CARRIER_112 = "carrier-112"
"""The same for whoever calls 112, where it is tried also while it shows no sign of life."""
_NO_SMTP = "is nothing like smtp://USER:PASSWORD@HOST:587 or smtps://HOST"
_NO_CARRIER = "is nothing like sip://USER:PASSWORD@HOST:5060, sip+tcp://USER:PASSWORD@HOST or sip://HOST"
# What is written into Asterisk's configuration must not say more than itself.
_HOST = re.compile(r"[A-Za-z0-9.-]+")
_USER = re.compile(r"[A-Za-z0-9+.~-][A-Za-z0-9+._~-]*")
_PASSWORD = re.compile(r"[^\s;\\\[\]>][^\s;\\\[\]]*")


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server. `tls`: from the first byte on; else it is begun once connected, where the server can."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """For people: the password stays unsaid."""
        who = f"{self.user}:***@" if self.user else ""
        return f"{'smtps' if self.tls else 'smtp'}://{who}{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Carrier:
    """Whoever carries our calls to and from the telephone net. With a `user` we register there, and prove who we are
    with each call; without, both know each other by their addresses."""

    host: str
    port: int
    transport: Literal["udp", "tcp"]
    user: str = ""
    password: str = field(default="", repr=False)
    asked: bool = True
    """Whether it is asked for signs of life, which some answer never."""

    @property
    def here(self) -> bool:
        """Whether it is on this very machine."""
        return self.host == "localhost" or self.host.startswith("127.")

    def __str__(self) -> str:
        """For people: the password stays unsaid."""
        who = f"{self.user}:***@" if self.user else ""
        how = "sip+tcp" if self.transport == "tcp" else "sip"
        return f"{how}://{who}{self.host}:{self.port}{'' if self.asked else '?options=no'}"


def smtp(text: str) -> Smtp | None:
    """None for "". ValueError, without what the text said."""
    if not text:
        return None
    url, port = _split(text, {"smtp": 587, "smtps": 465}, _NO_SMTP)
    user, password = unquote(url.username or ""), unquote(url.password or "")
    return Smtp(url.hostname or "", port, url.scheme == "smtps", user, password)


def carrier(text: str) -> Carrier | None:
    """None for "". ValueError, without what the text said."""
    if not text:
        return None
    address = text.removesuffix("?options=no")
    url, port = _split(address, {"sip": 5060, "sip+tcp": 5060}, _NO_CARRIER)
    host, user, password = url.hostname or "", unquote(url.username or ""), unquote(url.password or "")
    if not _HOST.fullmatch(host) or bool(user) != bool(password) or (user and not _USER.fullmatch(user)):
        raise ValueError(_NO_CARRIER)
    if password and not (_PASSWORD.fullmatch(password) and password.isprintable()):
        raise ValueError("has a password with a space, a bracket, ; or \\ in it, or > before it: have another one made")
    return Carrier(host, port, "tcp" if url.scheme == "sip+tcp" else "udp", user, password, address == text)


def _split(text: str, ports: dict[str, int], no: str) -> tuple[SplitResult, int]:
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:  # whose words may hold the password
        raise ValueError(no) from None
    if url.scheme not in ports or not url.hostname or url.path not in {"", "/"} or url.query or url.fragment:
        raise ValueError(no)
    return url, port or ports[url.scheme]
