"""When is an Asterisk ready? When ARI answers for channels and SIP answers OPTIONS; its ports open earlier."""

import asyncio
import base64
import os
import time
from collections.abc import Callable

from pbx.asterisk.secrets import Secrets
from pbx.settings import Settings


def _always() -> bool:
    return True


async def wait_until_ready(
    settings: Settings, secrets: Secrets, limit_s: float, lives: Callable[[], bool] = _always
) -> bool:
    """False if not ready after `limit_s`, or as soon as it lives no more."""
    end = time.monotonic() + limit_s
    for answers in (ari_answers, sip_answers):
        while not await answers(settings, secrets):
            if time.monotonic() > end or not lives():
                return False
            await asyncio.sleep(0.02)
    return True


async def ari_answers(settings: Settings, secrets: Secrets, limit_s: float = 1) -> bool:
    """True if `GET /channels` gives 200, which fails while a module lacks; ping alone would not show it."""
    login = base64.b64encode(f"vaxel:{secrets.ari_password}".encode()).decode()
    ask = f"GET /ari/channels HTTP/1.1\r\nHost: asterisk\r\nAuthorization: Basic {login}\r\nConnection: close\r\n\r\n"
    try:
        async with asyncio.timeout(limit_s):
            reader, writer = await asyncio.open_connection("127.0.0.1", settings.ari_port)
            try:
                writer.write(ask.encode())
                return (await reader.readline()).split()[1:2] == [b"200"]
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


class _Reply(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.first: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, _addr: object) -> None:
        if not self.first.done():
            self.first.set_result(data)

    def error_received(self, _exc: Exception) -> None:
        if not self.first.done():
            self.first.set_result(b"")


async def sip_answers(settings: Settings, _secrets: Secrets | None = None, limit_s: float = 0.5) -> bool:
    """True if OPTIONS over UDP is answered at all; a stranger gets 401, which is an answer."""
    host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104 - compared, not bound
    loop = asyncio.get_running_loop()
    try:
        wire, reply = await loop.create_datagram_endpoint(_Reply, remote_addr=(host, settings.sip_port))
    except OSError:
        return False
    try:
        here, port = wire.get_extra_info("sockname")[:2]
        mark = os.urandom(6).hex()
        wire.sendto(
            f"OPTIONS sip:{host}:{settings.sip_port} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {here}:{port};branch=z9hG4bK{mark};rport\r\n"
            f"From: <sip:ready@{here}>;tag={mark}\r\nTo: <sip:{host}>\r\nCall-ID: {mark}\r\nCSeq: 1 OPTIONS\r\n"
            f"Max-Forwards: 1\r\nContent-Length: 0\r\n\r\n".encode()
        )
        async with asyncio.timeout(limit_s):
            return (await reply.first).startswith(b"SIP/2.0")
    except (OSError, TimeoutError):
        return False
    finally:
        wire.close()
