"""A WebSocket to Asterisk that carries requests, and for one application its events.

Asterisk serves a socket's requests one after the other, in the order they came.
"""

import asyncio
import itertools
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from pbx.errors import VaxelError

log = logging.getLogger(__name__)

REQUEST_LIMIT_S = 5.0
# A second and a half without an answer, though one is due. Counted in looks, so that a loop of ours that was late takes
# what lies in the socket for no silence.
LOOKS, LOOK_EVERY_S = 6, 0.25


class AriError(VaxelError):
    """Asterisk refused a request in a way that only a fault of ours explains."""

    def __init__(self, status: int, what: str, answer: str) -> None:
        super().__init__(f"{what}: {status} {answer}")
        self.status = status


class Gone(AriError):
    """What the request was about is not there any more (404)."""


class NotOurs(AriError):
    """The channel is not in our application, or the name is taken (409)."""


class LostSwitch(VaxelError):
    """There is no connection to Asterisk; the call's fate is decided after the reconnect."""


class Line:
    """One open socket. `event` gets everything that is not an answer, inside the reader: it must not wait."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, event: Callable[[Mapping[str, Any]], None]) -> None:
        self._socket = socket
        self._event = event
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)
        self._answered = False

    async def ask(self, method: str, uri: str, body: dict[str, Any] | None = None, **query: object) -> Any:
        """The parsed answer, None if it has none.

        Raises Gone, NotOurs, AriError (any other refusal) and LostSwitch (no connection, or no answer in 5 s).
        """
        number = str(next(self._numbers))
        request: dict[str, Any] = {"type": "RESTRequest", "request_id": number, "method": method, "uri": uri}
        if query:
            request["query_strings"] = [{"name": name, "value": str(value)} for name, value in query.items()]
        if body is not None:
            request |= {"content_type": "application/json", "message_body": json.dumps(body)}
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(REQUEST_LIMIT_S):
                await self._socket.send_str(json.dumps(request))
                response = await answer
        except (TimeoutError, OSError, aiohttp.ClientError) as error:
            raise LostSwitch from error
        finally:
            del self._waiting[number]
        log.debug("%s %s: %s", method, uri, response["status_code"])
        return judged(method, uri, response["status_code"], response.get("message_body") or "")

    async def read(self) -> None:
        """Until the socket is closed; whoever waits for an answer then has lost the switch."""
        try:
            async for message in self._socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    log.warning("Asterisk's socket: %r", message.data)  # such as a heartbeat without an answer
                    return
                raw = json.loads(message.data)
                if raw["type"] != "RESTResponse":
                    self._event(raw)
                    continue
                self._answered = True
                if (waiting := self._waiting.get(raw["request_id"])) and not waiting.done():
                    waiting.set_result(raw)
        finally:
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(LostSwitch())

    async def silent(self) -> None:
        """Until Asterisk owes an answer and has given none for a while: whoever waits had better be lost."""
        quiet = 0
        while quiet < LOOKS:
            await asyncio.sleep(LOOK_EVERY_S)
            quiet = quiet + 1 if self._waiting and not self._answered else 0
            self._answered = False
        log.error("Asterisk does not answer on this socket")


def judged(method: str, uri: str, status: int, text: str) -> Any:
    """The answer in `text`, or the error that `status` means."""
    if status < 400:
        return json.loads(text) if text else None
    what = f"{method} {uri}"
    if status == 404:
        raise Gone(status, what, text)
    if status == 409:
        raise NotOurs(status, what, text)
    raise AriError(status, what, text)
