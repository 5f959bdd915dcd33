"""A UDP socket of our own, read by the event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

Address = tuple[str, int]


class Wire:
    """Bound to a free port (never a range of our own: port numbers are recycled fast). Nothing here waits."""

    def __init__(self, host: str, take: Callable[[bytes, Address], None]) -> None:
        self._take = take
        self._loop = asyncio.get_running_loop()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.bind((host, 0))
        self.address: Address = self._socket.getsockname()
        self._loop.add_reader(self._socket.fileno(), self.drain)

    def send(self, data: bytes, to: Address) -> None:
        """What cannot be sent is lost, as on any network."""
        if self._socket.fileno() >= 0:
            try:
                self._socket.sendto(data, to)
            except OSError:
                return

    def drain(self) -> None:
        """Read all that has arrived."""
        while self._socket.fileno() >= 0:
            try:
                data, source = self._socket.recvfrom(65535)
            except OSError:
                return
            self._take(data, source)

    def close(self) -> None:
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket.fileno())
            self._socket.close()
