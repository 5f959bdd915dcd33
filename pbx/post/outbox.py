"""Mail on its way: written with the change that it tells of, sent until it has left."""

import asyncio
import logging
import smtplib
from datetime import timedelta

from pbx import fresh
from pbx.post.smtp import Server
from pbx.store import Store, mails
from pbx.store.mails import Mail
from pbx.waiting import set_within

_TRIES_S = (10, 60, 300, 900, 3_600, 3_600, 3_600, 3_600)
"""After so many seconds it is tried again; then it is given up: a link in it is too old by then."""
_IDLE_S = 30.0

log = logging.getLogger(__name__)


class Outbox:
    """`server`: None where no mail can be sent, which pages then say."""

    def __init__(self, store: Store, server: Server | None) -> None:
        self._store = store
        self._server = server

    @property
    def works(self) -> bool:
        return self._server is not None

    async def put(self, recipient: str, subject: str, body: str) -> None:
        async with self._store.house() as house:
            await mails.add(house, recipient, subject, body)

    async def run(self, woken: asyncio.Event) -> None:
        """Until cancelled."""
        while True:
            pause_s = await self.round()
            fresh.done("mail")
            await set_within(pause_s, woken)
            woken.clear()

    async def round(self) -> float:
        """Sends what is due; seconds until the next is."""
        if self._server is None:
            return _IDLE_S
        async with self._store.read_house() as house:
            waiting, now = await mails.waiting(house), house.now
        for mail in waiting:
            if mail.next_at <= now:
                await self._send(self._server, mail)
                fresh.done("mail")
        later = [(mail.next_at - now).total_seconds() for mail in waiting if mail.next_at > now]
        return max(0.5, min([*later, _IDLE_S]))

    async def _send(self, server: Server, mail: Mail) -> None:
        try:
            await server.send(mail.id, mail.recipient, mail.subject, mail.body)
        except smtplib.SMTPRecipientsRefused as fault:
            await self._settle(mail, _told(fault), for_good=True)
        except (smtplib.SMTPException, OSError) as fault:
            await self._settle(mail, _told(fault), for_good=mail.tries >= len(_TRIES_S))
        else:
            async with self._store.house() as house:
                await mails.sent(house, mail.id)

    async def _settle(self, mail: Mail, fault: str, *, for_good: bool) -> None:
        log.warning("mail %s could not be sent: %s", mail.id, fault)
        async with self._store.house() as house:
            if for_good:
                await mails.failed(house, mail.id, fault)
            else:
                await mails.later(house, mail.id, house.now + timedelta(seconds=_TRIES_S[mail.tries]), fault)


def _told(fault: Exception) -> str:
    """In a line, without whom it was for."""
    code = getattr(fault, "smtp_code", "")
    return f"{type(fault).__name__} {code}".strip()
