"""Telling the switch where we are, and going on telling it."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress

from tests.phone.line import Line
from tests.phone.message import Headers, parameter


class NotRegistered(AssertionError):
    """The registrar refused, or did not answer (status 408)."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"REGISTER: {status} {reason}")
        self.status = status


class Registration:
    """One contact. It is renewed at half its time until `end`."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._call_id = f"{secrets.token_hex(10)}@phone"
        self._tag = secrets.token_hex(6)
        self._cseq = 0
        self._renewal: asyncio.Task[None] | None = None
        self.expires_s = 0

    async def begin(self, expires_s: int, timeout_s: float) -> None:
        """Raises NotRegistered."""
        await self._say(expires_s, timeout_s)
        if self._renewal is None and expires_s:
            self._renewal = asyncio.create_task(self._renew(), name=f"registration of {self._line.user}")

    async def end(self, timeout_s: float = 5.0) -> None:
        await self.stop_renewing()
        await self._say(0, timeout_s)

    async def stop_renewing(self) -> None:
        task, self._renewal = self._renewal, None
        if task:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(max(1.0, self.expires_s / 2))
            with suppress(NotRegistered):  # a switch that is away comes back; the next renewal finds it
                await self._say(self.expires_s, 5.0)

    async def _say(self, expires_s: int, timeout_s: float) -> None:
        line = self._line
        if line.server is None:
            raise NotRegistered(0, "no server")
        self._cseq += 1
        host, port = line.server
        who = f"<sip:{line.user}@{host}>"
        dialog: Headers = (("From", f"{who};tag={self._tag}"), ("To", who), ("Call-ID", self._call_id))
        dialog += (("CSeq", f"{self._cseq} REGISTER"),)
        sent = line.build("REGISTER", f"sip:{host}:{port}", dialog, extra=(("Expires", str(expires_s)),))
        try:
            answer, self._cseq = await line.ask(sent, line.server, timeout_s)
        except TimeoutError:
            raise NotRegistered(408, "no answer") from None
        if answer.status >= 300:
            raise NotRegistered(answer.status, answer.reason)
        granted = [
            parameter(c, "expires") for c in answer.all("contact") if f"@{line.address[0]}:{line.address[1]}" in c
        ]
        self.expires_s = int(next(iter(granted), "") or expires_s)
