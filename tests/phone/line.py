"""What all calls of one phone share: its socket, its name, its account."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import quote

from tests.phone.digest import authorize
from tests.phone.message import Headers, Message, host_of, named, request
from tests.phone.transactions import Client, Transactions
from tests.phone.wire import Address


class Line:
    """Sends requests with authentication: a 401 or 407 is answered once, with the next CSeq."""

    def __init__(
        self, user: str, password: str, server: Address | None, host: str, handle: Callable[[Message, Address], None]
    ) -> None:
        self.user = user
        self.password = password
        self.auth_user = user
        self.server = server
        self.host = host
        self.codecs: tuple[int, ...] = (8,)
        self.transactions = Transactions(host, handle)

    @property
    def address(self) -> Address:
        return self.transactions.wire.address

    @property
    def contact(self) -> str:
        host, port = self.address
        return f"<sip:{self.user}@{host}:{port}>"

    def target(self, to: str) -> tuple[str, Address]:
        """Request-URI and address of `333`, or of a whole `sip:…` URI."""
        if to.startswith("sip:"):
            return to, host_of(to)
        if self.server is None:
            raise ValueError(f"a phone without a server can only call sip: URIs, not {to!r}")
        return f"sip:{quote(to, safe='+*')}@{self.server[0]}:{self.server[1]}", self.server

    def sender(self, user: str | None = None, name: str = "") -> str:
        """A From value with a fresh tag."""
        host = (self.server or self.address)[0]
        return f"{named(name, self.user if user is None else user, host)};tag={secrets.token_hex(6)}"

    def build(self, method: str, uri: str, dialog: Headers, body: bytes = b"", extra: Headers = ()) -> Message:
        """A request with a fresh branch. `dialog`: From, To, Call-ID and CSeq."""
        host, port = self.address
        via = f"SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{secrets.token_hex(8)}"
        headers: Headers = (("Via", via), ("Max-Forwards", "70"), *dialog, ("Contact", self.contact))
        headers += (("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, INFO"), ("User-Agent", "telephone"), *extra)
        if body:
            headers += (("Content-Type", "application/sdp"),)
        return request(method, uri, headers, body)

    def authorized(self, sent: Message, refused: Message) -> Message | None:
        """The request once more, with its authorization; None where there is no way."""
        answer = authorize(sent, refused, self.auth_user, self.password)
        if answer is None:
            return None
        again = self.build(sent.method, sent.uri, (), sent.body)
        kept = tuple(pair for pair in sent.headers if pair[0] not in ("Via", "CSeq"))
        cseq = ("CSeq", f"{sent.cseq + 1} {sent.method}")
        return request(sent.method, sent.uri, (("Via", again["via"]), cseq, *kept, answer), sent.body)

    def send(self, sent: Message, to: Address, on_response: Callable[[Message], None]) -> Client:
        return self.transactions.send(sent, to, on_response)

    async def ask(self, sent: Message, to: Address, timeout_s: float) -> tuple[Message, int]:
        """The final answer, after authentication where it is asked for, and the CSeq that was used last."""
        answer = await self.transactions.ask(sent, to, timeout_s)
        again = self.authorized(sent, answer) if answer.status in (401, 407) else None
        if again is None:
            return answer, sent.cseq
        return await self.transactions.ask(again, to, timeout_s), again.cseq
