"""SIP transactions over UDP: retransmission, matching, and the acknowledgement of refusals.

Keyed by branch *and* method, since the 200 to a CANCEL bears the branch of the INVITE.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.phone.message import Headers, Message, NotSip, request, response
from tests.phone.wire import Address, Wire

T1_S = 0.5
T2_S = 4.0
GIVE_UP_S = 32.0
_REMEMBERED = 200


class Client:
    """One request of ours until its final answer. All answers but 100 go to `on_response`; silence becomes a 408."""

    def __init__(self, wire: Wire, sent: Message, to: Address, on_response: Callable[[Message], None]) -> None:
        self._wire = wire
        self.sent = sent
        self._to = to
        self._on_response = on_response
        self._loop = asyncio.get_running_loop()
        self._wait_s = T1_S
        self._deadline = self._loop.time() + GIVE_UP_S
        self.provisional = False
        self.final: Message | None = None
        self._data = sent.encode()
        wire.send(self._data, to)
        self._timer = self._loop.call_later(self._wait_s, self._again)

    def _again(self) -> None:
        if self._loop.time() >= self._deadline:
            self.take(response(self.sent, 408, "Request Timeout"))
            return
        self._wire.send(self._data, self._to)
        self._wait_s = self._wait_s * 2 if self.sent.method == "INVITE" else min(self._wait_s * 2, T2_S)
        self._timer = self._loop.call_later(min(self._wait_s, self._deadline - self._loop.time()), self._again)

    def take(self, answer: Message) -> None:
        invite = self.sent.method == "INVITE"
        if answer.status < 200:
            self.provisional = True
            if invite:
                self._timer.cancel()
            self._on_response(answer)
            return
        self._timer.cancel()
        if invite and answer.status >= 300:
            self._wire.send(_refusal_ack(self.sent, answer).encode(), self._to)
        if self.final is None or (invite and answer.status < 300):  # a repeated 200 wants its ACK again
            self.final = answer
            self._on_response(answer)

    def close(self) -> None:
        self._timer.cancel()


class Transactions:
    """All transactions of one SIP socket. `handle(request, from)` gets each new request once."""

    def __init__(self, host: str, handle: Callable[[Message, Address], None]) -> None:
        self._handle = handle
        self._clients: dict[tuple[str, str], Client] = {}
        self._answers: dict[tuple[str, str], Message | None] = {}
        self._repeats: dict[tuple[str, int], asyncio.TimerHandle] = {}
        self.wire = Wire(host, self._take)

    def send(self, sent: Message, to: Address, on_response: Callable[[Message], None]) -> Client:
        client = Client(self.wire, sent, to, on_response)
        self._clients[sent.branch, sent.method] = client
        while len(self._clients) > _REMEMBERED:
            self._clients.pop(next(iter(self._clients))).close()
        return client

    async def ask(self, sent: Message, to: Address, timeout_s: float) -> Message:
        """The final answer; TimeoutError after `timeout_s` seconds."""
        done: asyncio.Future[Message] = asyncio.get_running_loop().create_future()

        def take(answer: Message) -> None:
            if answer.status >= 200 and not done.done():
                done.set_result(answer)

        client = self.send(sent, to, take)
        try:
            async with asyncio.timeout(timeout_s):
                return await done
        finally:
            client.close()

    def respond(
        self,
        to: Message,
        source: Address,
        status: int,
        reason: str,
        headers: Headers = (),
        body: bytes = b"",
        tag: str = "",
    ) -> None:
        """Answer a request; the final answer to an INVITE is repeated until its ACK arrives (`acked`)."""
        answer = response(to, status, reason, headers, body, tag)
        self._answers[to.branch, to.method] = answer
        while len(self._answers) > _REMEMBERED:
            del self._answers[next(iter(self._answers))]
        self.wire.send(answer.encode(), source)
        if to.method == "INVITE" and status >= 200:
            self._repeat(answer, source, T1_S, asyncio.get_running_loop().time() + GIVE_UP_S)

    def _repeat(self, answer: Message, source: Address, wait_s: float, deadline: float) -> None:
        key = (answer["call-id"], answer.cseq)
        loop = asyncio.get_running_loop()

        def again() -> None:
            if loop.time() < deadline:
                self.wire.send(answer.encode(), source)
                self._repeat(answer, source, min(wait_s * 2, T2_S), deadline)

        self._repeats[key] = loop.call_later(wait_s, again)

    def acked(self, ack: Message) -> None:
        timer = self._repeats.pop((ack["call-id"], ack.cseq), None)
        if timer:
            timer.cancel()

    def _take(self, data: bytes, source: Address) -> None:
        try:
            message = Message.parse(data)
            key = (message.branch, message.method) if message.cseq >= 0 else ("", "")
        except (NotSip, ValueError, IndexError):
            return
        if not message.is_request:
            if key in self._clients:
                self._clients[key].take(message)
        elif message.method == "ACK":
            self.acked(message)
            self._handle(message, source)
        elif key in self._answers:
            answered = self._answers[key]
            if answered:
                self.wire.send(answered.encode(), source)
        else:
            self._answers[key] = None
            self._handle(message, source)

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
        for timer in self._repeats.values():
            timer.cancel()
        self.wire.close()


def _refusal_ack(sent: Message, refused: Message) -> Message:
    """The ACK of a refusal belongs to the INVITE's transaction: same branch, same request-URI."""
    kept: Headers = (("Via", sent["via"]), ("Max-Forwards", "70"), ("From", sent["from"]), ("To", refused["to"]))
    kept += (("Call-ID", sent["call-id"]), ("CSeq", f"{sent.cseq} ACK"))
    return request("ACK", sent.uri, kept)
