"""SIP messages: one frozen value, read from and written to a datagram."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

_COMPACT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "l": "content-length",
    "c": "content-type",
}
_NEEDED = ("via", "from", "to", "call-id", "cseq")

Headers = tuple[tuple[str, str], ...]


class NotSip(ValueError):
    """A datagram that is no SIP message, such as late RTP that reached a recycled port number."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response. Header order is kept; names are compared without case, compact forms are known."""

    start: str
    headers: Headers
    body: bytes = b""

    @classmethod
    def parse(cls, data: bytes) -> Message:
        """Raises NotSip for anything without a start line and the five headers every message must have."""
        head, gap, body = data.partition(b"\r\n\r\n")
        text = head.decode("utf-8", "surrogateescape")
        start, _, rest = re.sub(r"\r\n[ \t]+", " ", text).partition("\r\n")
        if not gap or not (start.startswith("SIP/2.0 ") or start.endswith(" SIP/2.0")):
            raise NotSip(start[:40])
        pairs = [line.partition(":") for line in rest.split("\r\n")]
        message = cls(start, tuple((name.strip(), value.strip()) for name, _, value in pairs), body)
        if any(message.get(name) is None for name in _NEEDED):
            raise NotSip(start[:40])
        return message

    def encode(self) -> bytes:
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers), f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + self.body

    def all(self, name: str) -> list[str]:
        wanted = name.lower()
        return [value for key, value in self.headers if _plain(key) == wanted]

    def get(self, name: str) -> str | None:
        return next(iter(self.all(name)), None)

    def __getitem__(self, name: str) -> str:
        """The header's first value; KeyError where it is missing."""
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    @property
    def is_request(self) -> bool:
        return not self.start.startswith("SIP/2.0 ")

    @property
    def status(self) -> int:
        """0 for a request."""
        return 0 if self.is_request else int(self.start.split(" ", 2)[1])

    @property
    def reason(self) -> str:
        return "" if self.is_request else self.start.split(" ", 2)[-1]

    @property
    def uri(self) -> str:
        return self.start.rsplit(" ", 1)[0].partition(" ")[2] if self.is_request else ""

    @property
    def method(self) -> str:
        """Of a response: the method it answers."""
        return self["cseq"].split()[-1]

    @property
    def cseq(self) -> int:
        return int(self["cseq"].split()[0])

    @property
    def branch(self) -> str:
        return parameter(self["via"], "branch")

    def with_headers(self, **changed: str) -> Message:
        """A copy with these headers replaced (`call_id=` is Call-ID), added at the end where missing."""
        new = {name.replace("_", "-").lower(): value for name, value in changed.items()}
        kept = tuple((name, new.pop(_plain(name), value)) for name, value in self.headers)
        return replace(self, headers=kept + tuple((name.title(), value) for name, value in new.items()))


def _plain(name: str) -> str:
    return _COMPACT.get(name.lower(), name.lower())


def request(method: str, uri: str, headers: Headers, body: bytes = b"") -> Message:
    return Message(f"{method} {uri} SIP/2.0", headers, body)


def response(to: Message, status: int, reason: str, headers: Headers = (), body: bytes = b"", tag: str = "") -> Message:
    """An answer to a request; `tag` is put on To where it has none."""
    target = to["to"]
    if tag and not parameter(target, "tag"):
        target += f";tag={tag}"
    kept = (*(("Via", via) for via in to.all("via")), ("From", to["from"]), ("To", target))
    kept += (("Call-ID", to["call-id"]), ("CSeq", to["cseq"]))
    return Message(f"SIP/2.0 {status} {reason}", kept + headers, body)


def parameter(value: str, name: str) -> str:
    """A header's parameter (`;tag=…`, `;branch=…`), empty where it is missing."""
    after = value.rpartition(">")[2] if ">" in value else value
    found = re.search(rf";\s*{re.escape(name)}\s*=\s*([^;\s,]+)", after, re.IGNORECASE)
    return found[1] if found else ""


def address(value: str) -> str:
    """The URI in a From, To or Contact header."""
    found = re.search(r"<([^>]*)>", re.sub(r'"(\\.|[^"\\])*"', "", value))
    return found[1] if found else value.split(";")[0].strip()


def display_name(value: str) -> str:
    """The name before the URI, without its quotes, empty where there is none."""
    found = re.match(r'\s*"((?:\\.|[^"\\])*)"', value)
    if found:
        return re.sub(r"\\(.)", r"\1", found[1])
    return value.partition("<")[0].strip() if "<" in value else ""


def user_of(uri: str) -> str:
    """The user part of a SIP URI, unescaped."""
    found = re.match(r"sips?:([^@]*)@", uri, re.IGNORECASE)
    return unquote(found[1]) if found else ""


def host_of(uri: str) -> tuple[str, int]:
    """Where a SIP URI points: host and port (5060 where it names none)."""
    found = re.match(r"sips?:(?:[^@]*@)?([^:;?>]+)(?::(\d+))?", uri, re.IGNORECASE)
    if not found:
        raise NotSip(uri)
    return found[1], int(found[2] or 5060)


def named(name: str, user: str, host: str) -> str:
    """A From header of any caller, hostile ones included.

    The user is percent-escaped, which is the way by which a quote or a line break really reaches a switch. The name is
    quoted; a line break in it becomes a space, since Asterisk drops a message that has a folded line inside quotes.
    """
    quoted = re.sub(r"[\r\n]+", " ", name).replace("\\", "\\\\").replace('"', '\\"')
    uri = f"<sip:{quote(user, safe='+-_.!~*()&=$,;?/')}@{host}>"
    return f'"{quoted}" {uri}' if name else uri
