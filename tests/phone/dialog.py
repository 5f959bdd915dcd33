"""Who talks to whom, and by which numbers: what every request inside a call repeats."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from tests.phone.line import Line
from tests.phone.message import Headers, Message, address, host_of


@dataclass(slots=True)
class Dialog:
    call_id: str
    local: str
    """Our From value with its tag."""
    remote: str
    """Their value; its tag is there once they have answered."""
    target: str
    """Where requests go: their Contact."""
    cseq: int = 0

    @classmethod
    def outgoing(cls, sender: str, uri: str, remote: str) -> Dialog:
        return cls(f"{secrets.token_hex(10)}@phone", sender, remote, uri)

    @classmethod
    def incoming(cls, invite: Message) -> Dialog:
        target = address(invite.get("contact") or invite["from"])
        return cls(invite["call-id"], f"{invite['to']};tag={secrets.token_hex(6)}", invite["from"], target)

    def headers(self, method: str, cseq: int) -> Headers:
        return (("From", self.local), ("To", self.remote), ("Call-ID", self.call_id), ("CSeq", f"{cseq} {method}"))

    def request(self, line: Line, method: str, body: bytes = b"", extra: Headers = ()) -> Message:
        """The next request of this dialog."""
        self.cseq += 1
        return line.build(method, self.target, self.headers(method, self.cseq), body, extra)

    def ack(self, line: Line, cseq: int) -> Message:
        return line.build("ACK", self.target, self.headers("ACK", cseq))

    def established(self, answer: Message) -> None:
        """Take the other end's tag and Contact from its answer."""
        self.remote = answer["to"]
        contact = answer.get("contact")
        if contact:
            self.target = address(contact)

    def where(self) -> tuple[str, int]:
        return host_of(self.target)
