"""The mail server: one mail, sent in a thread."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate

from pbx.rules.servers import Smtp

_LIMIT_S = 20.0


class Server:
    """`sender`: the address that mail comes from."""

    def __init__(self, smtp: Smtp, sender: str) -> None:
        self._smtp = smtp
        self._sender = sender

    async def send(self, mail_id: str, recipient: str, subject: str, body: str) -> None:
        """Raises smtplib.SMTPException or OSError."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, recipient, subject
        mail["Date"] = formatdate(localtime=False)
        # The same at each try, so that a mail of which we did not hear that it arrived is known again.
        mail["Message-ID"] = f"<{mail_id}@{self._sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(body)
        await asyncio.to_thread(self._send, mail)

    def _send(self, mail: EmailMessage) -> None:
        smtp = self._smtp
        context = ssl.create_default_context()
        with (
            smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=_LIMIT_S, context=context)
            if smtp.tls
            else smtplib.SMTP(smtp.host, smtp.port, timeout=_LIMIT_S)
        ) as server:
            server.ehlo()
            if not smtp.tls and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            if smtp.user:
                server.login(smtp.user, smtp.password)
            server.send_message(mail)
