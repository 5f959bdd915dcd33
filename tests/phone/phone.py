"""A SIP phone for tests: one UDP socket, any number of calls, dozens of phones in one process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.phone.call import Call
from tests.phone.g711 import Pcm
from tests.phone.incoming import IncomingCall
from tests.phone.line import Line
from tests.phone.listening import NotHeard
from tests.phone.message import Message
from tests.phone.outgoing import OutgoingCall
from tests.phone.policy import RING, Policy
from tests.phone.registration import NotRegistered, Registration
from tests.phone.subscription import Mwi, Subscription, summary
from tests.phone.wire import Address


class Phone:
    """`async with Phone("1000", "secret", ("127.0.0.1", 5060)) as phone`.

    Without a server it calls sip: URIs directly. `policy` says what it does with incoming calls (default: it rings) and
    may be changed at any time. `knows`: prompts by name, so that a failed `hear` tells what was heard instead.
    """

    def __init__(
        self,
        user: str,
        password: str = "",
        server: Address | None = None,
        *,
        host: str = "127.0.0.1",
        policy: Policy = RING,
        knows: Mapping[str, Pcm] | None = None,
        codecs: tuple[int, ...] = (8,),
    ) -> None:
        self.user = user
        self.policy = policy
        self.knows: Mapping[str, Pcm] = knows or {}
        self.mwi: Mwi | None = None
        self.notified = 0
        self.calls: dict[str, Call] = {}
        self._subscriptions: dict[str, Subscription] = {}
        self._ctor = (password, server, host, codecs)
        self._line: Line | None = None
        self._registration: Registration | None = None
        self._incoming: asyncio.Queue[IncomingCall] = asyncio.Queue()
        self._pulse = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def start(self) -> Self:
        """Open the socket; call it in a running loop. `async with` does it."""
        password, server, host, codecs = self._ctor
        self._line = Line(self.user, password, server, host, self._take)
        self._line.codecs = codecs
        self._registration = Registration(self._line)
        return self

    async def close(self) -> None:
        """Hang up what is up, unregister, close the socket. A switch that does not answer holds it up 2 s at most."""
        if self._line is None:
            return
        with suppress(TimeoutError, NotRegistered):
            async with asyncio.timeout(2):
                for call in list(self.calls.values()):
                    await call.hangup()
                if self._registration and self._registration.expires_s:
                    await self._registration.end()
        await self.lose_power()

    async def lose_power(self) -> None:
        """Gone without a word: no BYE, no un-REGISTER; the switch still believes that it is there."""
        if self._line and self._registration:
            await self._registration.stop_renewing()
            for call in list(self.calls.values()):
                call.vanish()
            self._line.transactions.close()
        self._line = self._registration = None

    @property
    def line(self) -> Line:
        if self._line is None:
            raise RuntimeError("the phone is not started: async with Phone(...) as phone")
        return self._line

    @property
    def uri(self) -> str:
        """Where this phone can be called directly."""
        return self.line.contact.strip("<>")

    async def register(self, expires_s: int = 300, timeout_s: float = 10.0) -> None:
        """Raises NotRegistered with the status. May be called again at any time."""
        assert self._registration, "the phone is not started"
        await self._registration.begin(expires_s, timeout_s)

    async def unregister(self) -> None:
        assert self._registration, "the phone is not started"
        await self._registration.end()

    async def ask_for_lamp(self, expires_s: int = 300, timeout_s: float = 5.0) -> Subscription:
        """What it is told has its own `mwi`; `mwi` here is what the switch tells without being asked. NotSubscribed."""
        asked = Subscription(self.line)
        self._subscriptions[asked.call_id] = asked
        await asked.begin(expires_s, timeout_s)
        return asked

    def dial(
        self,
        to: str,
        *,
        from_user: str | None = None,
        from_name: str = "",
        headers: Mapping[str, str] | None = None,
        mute: bool = False,
    ) -> OutgoingCall:
        """Send an INVITE and go on: `await call.answered()`, `call.cancel()`, `call.state`, `call.progress`.

        `to`: a number, or a `sip:` URI. `from_user`, `from_name`: any caller, withheld and hostile ones too (the
        account authenticates by its own name). `headers` are added; From and To take the place of ours.
        """
        uri, server = self.line.target(to)
        given = dict(headers or {})
        sender = given.pop("From", "") or self.line.sender(from_user, from_name)
        remote = given.pop("To", f"<{uri}>")
        call = OutgoingCall(self.line, sender, uri, remote, server, self._forget, mute, tuple(given.items()))
        call.knows = self.knows
        self.calls[call.dialog.call_id] = call
        return call

    async def call(
        self,
        to: str,
        *,
        timeout_s: float = 10.0,
        from_user: str | None = None,
        from_name: str = "",
        headers: Mapping[str, str] | None = None,
        mute: bool = False,
    ) -> OutgoingCall:
        """`dial`, and wait for the answer. CallRefused; NotHeard after `timeout_s` (then the call is cancelled)."""
        call = self.dial(to, from_user=from_user, from_name=from_name, headers=headers, mute=mute)
        await call.answered(timeout_s)
        return call

    async def incoming(self, timeout_s: float = 10.0) -> IncomingCall:
        """The next call that came in, whatever the policy did with it."""
        try:
            async with asyncio.timeout(timeout_s):
                return await self._incoming.get()
        except TimeoutError:
            raise NotHeard(f"nobody called {self.user} within {timeout_s} s") from None

    @property
    def rung(self) -> int:
        """How many calls wait in `incoming`. To assert that nobody was rung: 0."""
        return self._incoming.qsize()

    async def until(self, true: Callable[[], object], timeout_s: float = 10.0, what: str = "") -> None:
        """Until the condition holds (`mwi`, `calls`); asked again at each request that comes in."""
        try:
            async with asyncio.timeout(timeout_s):
                while not true():
                    await self._pulse.wait()
        except TimeoutError:
            raise NotHeard(f"not within {timeout_s} s: {what or true}") from None

    def _forget(self, call: Call) -> None:
        self.calls.pop(call.dialog.call_id, None)
        self._wake()

    def _wake(self) -> None:
        self._pulse.set()
        self._pulse.clear()

    def _take(self, request: Message, source: Address) -> None:
        call = self.calls.get(request["call-id"])
        if call:
            call.take(request, source)
        elif request.method == "INVITE":
            self._ring(request, source)
        else:
            self._answer(request, source)
        self._wake()

    def _ring(self, invite: Message, source: Address) -> None:
        call = IncomingCall(self.line, invite, source, self._forget, self.policy)
        call.knows = self.knows
        self.calls[call.dialog.call_id] = call
        call.begin()
        self._incoming.put_nowait(call)

    def _answer(self, request: Message, source: Address) -> None:
        respond = self.line.transactions.respond
        if request.method == "NOTIFY":
            self.notified += 1
            asked = self._subscriptions.get(request["call-id"])
            if asked:
                asked.take(request)
            else:
                self.mwi = summary(request.body) or self.mwi
            respond(request, source, 200, "OK")
        elif request.method == "OPTIONS":
            respond(request, source, 200, "OK", (("Contact", self.line.contact),))
        elif request.method != "ACK":
            respond(request, source, 481, "Call/Transaction Does Not Exist")
