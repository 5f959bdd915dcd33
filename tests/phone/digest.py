"""Digest authentication as telephones do it (RFC 2617 and 8760): MD5 and SHA-256, without qop or with qop=auth."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from tests.phone.message import Message

_ALGORITHMS = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


@dataclass(frozen=True, slots=True)
class Challenge:
    realm: str
    nonce: str
    algorithm: str = "MD5"
    qop: str = ""
    opaque: str = ""

    @classmethod
    def parse(cls, header: str) -> Challenge | None:
        """None for a scheme or algorithm that we do not know."""
        scheme, _, rest = header.strip().partition(" ")
        pairs = re.findall(r'(\w+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s,]+))', rest)
        fields = {name.lower(): quoted or plain for name, quoted, plain in pairs}
        algorithm = fields.get("algorithm", "MD5").upper()
        if scheme.lower() != "digest" or algorithm not in _ALGORITHMS:
            return None
        qop = "auth" if "auth" in re.split(r"[\s,]+", fields.get("qop", "")) else ""
        return cls(fields.get("realm", ""), fields.get("nonce", ""), algorithm, qop, fields.get("opaque", ""))


def answer(challenge: Challenge, method: str, uri: str, user: str, password: str, cnonce: str | None = None) -> str:
    """The value of an Authorization header for this challenge."""

    def digest(*parts: str) -> str:
        return _hash(challenge.algorithm)(":".join(parts).encode())

    ha1 = digest(user, challenge.realm, password)
    ha2 = digest(method, uri)
    fields = {"username": user, "realm": challenge.realm, "nonce": challenge.nonce, "uri": uri}
    plain = {"algorithm": challenge.algorithm}
    if challenge.qop:
        fields["cnonce"] = cnonce or secrets.token_hex(8)
        plain |= {"qop": "auth", "nc": "00000001"}
        fields["response"] = digest(ha1, challenge.nonce, "00000001", fields["cnonce"], "auth", ha2)
    else:
        fields["response"] = digest(ha1, challenge.nonce, ha2)
    if challenge.opaque:
        fields["opaque"] = challenge.opaque
    return "Digest " + ", ".join([*(f'{k}="{v}"' for k, v in fields.items()), *(f"{k}={v}" for k, v in plain.items())])


def authorize(request: Message, refused: Message, user: str, password: str) -> tuple[str, str] | None:
    """Header name and value that answer a 401 or 407; None where the request bore one already or none is possible."""
    asked, header = ("WWW-Authenticate", "Authorization")
    if refused.status == 407:
        asked, header = ("Proxy-Authenticate", "Proxy-Authorization")
    if request.get(header) is not None:
        return None
    for offered in refused.all(asked):
        challenge = Challenge.parse(offered)
        if challenge:
            return header, answer(challenge, request.method, request.uri, user, password)
    return None


def _hash(algorithm: str) -> Callable[[bytes], str]:
    return lambda data: _ALGORITHMS[algorithm](data).hexdigest()
