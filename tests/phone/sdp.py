"""The session description of one audio stream."""

from __future__ import annotations

import re
from dataclasses import dataclass

ALAW, ULAW, EVENT = 8, 0, 101
NAMES = {ALAW: "PCMA", ULAW: "PCMU"}
_MIRROR = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}


@dataclass(frozen=True, slots=True)
class Sdp:
    """Where to send, which of our payload types the other end takes, and in which direction."""

    address: tuple[str, int]
    codecs: tuple[int, ...]
    event: int | None
    direction: str = "sendrecv"

    @classmethod
    def parse(cls, body: bytes) -> Sdp | None:
        """None where there is no audio stream in it."""
        text = body.decode("utf-8", "replace")
        media = re.search(r"^m=audio (\d+) \S+ ([\d ]+)", text, re.MULTILINE)
        host = re.findall(r"^c=IN IP4 (\S+)", text, re.MULTILINE)
        if not media or not host:
            return None
        codecs = tuple(pt for pt in map(int, media[2].split()) if pt in NAMES)
        event = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", text, re.MULTILINE)
        way = re.search(r"^a=(sendrecv|sendonly|recvonly|inactive)\s*$", text, re.MULTILINE)
        where = (host[-1], int(media[1]))
        return cls(where, codecs, int(event[1]) if event else None, way[1] if way else "sendrecv")

    def encode(self, version: int = 1) -> bytes:
        host, port = self.address
        kinds = [*map(str, self.codecs), *([str(self.event)] if self.event is not None else [])]
        lines = ["v=0", f"o=- 1 {version} IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0"]
        lines += [f"m=audio {port} RTP/AVP {' '.join(kinds)}"]
        lines += [f"a=rtpmap:{pt} {NAMES[pt]}/8000" for pt in self.codecs]
        if self.event is not None:
            lines += [f"a=rtpmap:{self.event} telephone-event/8000", f"a=fmtp:{self.event} 0-16"]
        return "\r\n".join([*lines, "a=ptime:20", f"a={self.direction}", ""]).encode()

    def mirrored(self) -> str:
        """The direction that answers this offer."""
        return _MIRROR[self.direction]
