"""Asking the switch for the lamp (SUBSCRIBE, message-summary), as many desk phones do."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from tests.phone.line import Line
from tests.phone.message import Headers, Message


@dataclass(frozen=True, slots=True)
class Mwi:
    """Message waiting, as a NOTIFY told it."""

    waiting: bool
    new: int
    old: int


class NotSubscribed(AssertionError):
    """The switch refused to tell."""


class Subscription:
    """`mwi`: what was told to this subscription, apart from what a phone is told without asking."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.call_id = f"{secrets.token_hex(10)}@phone"
        self._tag = secrets.token_hex(6)
        self.mwi: Mwi | None = None

    async def begin(self, expires_s: int, timeout_s: float) -> None:
        """Raises NotSubscribed."""
        line = self._line
        if line.server is None:
            raise NotSubscribed("no server")
        uri = f"sip:{line.user}@{line.server[0]}:{line.server[1]}"
        dialog: Headers = (("From", f"<{uri}>;tag={self._tag}"), ("To", f"<{uri}>"), ("Call-ID", self.call_id))
        dialog += (("CSeq", "1 SUBSCRIBE"),)
        extra: Headers = (("Event", "message-summary"), ("Accept", "application/simple-message-summary"))
        sent = line.build("SUBSCRIBE", uri, dialog, extra=(*extra, ("Expires", str(expires_s))))
        answer, _ = await line.ask(sent, line.server, timeout_s)
        if answer.status >= 300:
            raise NotSubscribed(f"{answer.status} {answer.reason}")

    def take(self, notify: Message) -> None:
        self.mwi = summary(notify.body) or self.mwi


def summary(body: bytes) -> Mwi | None:
    """None for what is no message summary."""
    text = body.decode("utf-8", "replace")
    waiting = re.search(r"Messages-Waiting:\s*(yes|no)", text, re.IGNORECASE)
    count = re.search(r"Voice-Message:\s*(\d+)/(\d+)", text, re.IGNORECASE)
    if not waiting:
        return None
    new, old = (int(count[1]), int(count[2])) if count else (0, 0)
    return Mwi(waiting[1].lower() == "yes", new, old)
