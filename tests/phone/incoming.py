"""A call that comes in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.phone.call import By, Call
from tests.phone.dialog import Dialog
from tests.phone.line import Line
from tests.phone.message import Message, address, display_name, user_of
from tests.phone.policy import Policy, reason
from tests.phone.wire import Address


class IncomingCall(Call):
    """Rings, answers or refuses as the phone's policy says, or as the test says: `answer`, `refuse`."""

    def __init__(
        self, line: Line, invite: Message, source: Address, forget: Callable[[Call], None], policy: Policy
    ) -> None:
        super().__init__(line, Dialog.incoming(invite), forget, policy.mute)
        self.invite: Message = invite
        self._source = source
        self._policy = policy
        self._timer: asyncio.TimerHandle | None = None
        self.acked = False
        self.state = "ringing"
        self._agree(invite.body)

    def begin(self) -> None:
        """Do what the policy says; called once, when the phone knows the call."""
        policy = self._policy
        if policy.refuses:
            self.refuse(policy.refuses)
        elif not policy.dead:
            self._respond(180)
            if policy.answers:
                self._timer = asyncio.get_running_loop().call_later(policy.after_s, self._answer)

    @property
    def dialled(self) -> str:
        """The user part of the request-URI: the number that was asked for."""
        return user_of(self.invite.uri)

    @property
    def from_user(self) -> str:
        return user_of(address(self.invite["from"]))

    @property
    def from_name(self) -> str:
        return display_name(self.invite["from"])

    def header(self, name: str) -> str | None:
        """A header of the INVITE."""
        return self.invite.get(name)

    def _respond(self, status: int, body: bytes = b"") -> None:
        tag = self.dialog.local.rpartition(";tag=")[2]
        extra = (("Contact", self.line.contact), *((("Content-Type", "application/sdp"),) if body else ()))
        self.line.transactions.respond(self.invite, self._source, status, reason(status), extra, body, tag)
        self.progress.append(status)

    def _answer(self) -> None:
        if self.state == "ringing":
            self._respond(200, self.media.offer())
            self._up()
            if self._policy.says is not None:
                self.speak(self._policy.says)

    async def answer(self, timeout_s: float = 10.0) -> None:
        """Lift the receiver, and wait until the caller's end has taken notice. CallOver where the caller is gone."""
        self._answer()
        await self.until(lambda: self.acked, timeout_s, "an ACK")

    async def answered(self, timeout_s: float = 10.0) -> None:
        """Until the policy has answered."""
        await self.until(lambda: self.acked, timeout_s, "an answer")

    def refuse(self, status: int = 486) -> None:
        if self.state == "ringing":
            self._respond(status)
            self._over("us", status, reason(status))

    async def hangup(self) -> None:
        """Also declines a call that still rings."""
        if self.state == "ringing":
            self.refuse(603)
        await super().hangup()

    def take(self, request: Message, source: Address) -> None:
        if request.method == "CANCEL":
            self.line.transactions.respond(request, source, 200, "OK")
            if self.state == "ringing":
                self._respond(487)
                self._over("cancelled", 487, reason(487), request.get("reason"))
        else:
            if request.method == "ACK" and self.state == "up":
                self.acked = True
            super().take(request, source)

    def _over(self, by: By, status: int, why: str, header: str | None = None) -> None:
        if self._timer:
            self._timer.cancel()
        super()._over(by, status, why, header)
