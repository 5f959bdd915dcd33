"""A call that we make."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from tests.phone.call import By, Call
from tests.phone.dialog import Dialog
from tests.phone.line import Line
from tests.phone.listening import NotHeard
from tests.phone.message import Headers, Message
from tests.phone.transactions import Client
from tests.phone.wire import Address


class CallRefused(AssertionError):
    """The call was not answered: `status` and `reason` say why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason


class OutgoingCall(Call):
    """From INVITE to 200, through a challenge; early media is heard."""

    def __init__(
        self,
        line: Line,
        sender: str,
        uri: str,
        remote: str,
        server: Address,
        forget: Callable[[Call], None],
        mute: bool,
        extra: Headers,
    ) -> None:
        super().__init__(line, Dialog.outgoing(sender, uri, remote), forget, mute)
        self.dialled_at = monotonic()
        self._server = server
        self._cancelled = False
        self.invite = self.dialog.request(line, "INVITE", self.media.offer(), extra)
        self._client: Client = line.send(self.invite, server, self._on_response)

    async def answered(self, timeout_s: float = 10.0) -> None:
        """Until the other end has answered. CallRefused; NotHeard after `timeout_s`, the call is cancelled then."""
        try:
            await self.until(lambda: self.state in ("up", "over"), timeout_s, "an answer")
        except NotHeard:
            self.cancel()
            raise
        if self.end and self.answered_at is None:
            raise CallRefused(self.end.status, self.end.reason)

    def cancel(self) -> None:
        """Give up while it rings; before the first sign of life from the other end the CANCEL waits for that."""
        if self.state in ("calling", "ringing") and not self._cancelled:
            self._cancelled = True
            if self._client.provisional:
                self._send_cancel()

    async def hangup(self) -> None:
        if self.state == "up":
            await super().hangup()
        elif self.state != "over":
            self.cancel()
            await self.hung_up()

    def _send_cancel(self) -> None:
        sent = self._client.sent
        kept = tuple((k, v) for k, v in sent.headers if k in ("Via", "Max-Forwards", "From", "To", "Call-ID"))
        cancel = Message(sent.start.replace("INVITE", "CANCEL", 1), (*kept, ("CSeq", f"{sent.cseq} CANCEL")))
        self.line.send(cancel, self._server, lambda answer: None)

    def _on_response(self, answer: Message) -> None:
        if self.state == "over":
            if answer.status < 300 and answer.status >= 200:
                self._acknowledge(answer)
            return
        self.progress.append(answer.status)
        if answer.status < 200:
            self._progressed(answer)
        elif answer.status < 300:
            self._accepted(answer)
        else:
            self._refused(answer)
        self.wake()

    def _progressed(self, answer: Message) -> None:
        if answer.status > 100:
            self.state = "ringing" if self.state != "up" else "up"
            self._agree(answer.body)
        if self._cancelled:
            self._send_cancel()

    def _accepted(self, answer: Message) -> None:
        self.dialog.established(answer)
        self._acknowledge(answer)
        self._agree(answer.body)
        if self.state == "up":
            return
        self._up()
        if self._cancelled:  # their answer crossed our CANCEL
            self.line.send(self.dialog.request(self.line, "BYE"), self.dialog.where(), lambda answer: None)
            self._over("cancelled", 200, "answered meanwhile")

    def _acknowledge(self, answer: Message) -> None:
        self.line.transactions.wire.send(self.dialog.ack(self.line, answer.cseq).encode(), self.dialog.where())

    def _refused(self, answer: Message) -> None:
        again = self.line.authorized(self._client.sent, answer) if answer.status in (401, 407) else None
        if again and not self._cancelled:
            self.progress.pop()
            self.dialog.cseq = again.cseq
            self.invite = again
            self._client = self.line.send(again, self._server, self._on_response)
        else:
            by: By = "cancelled" if self._cancelled else "refused"
            self._over(by, answer.status, answer.reason, answer.get("reason"))
