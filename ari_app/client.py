"""ARI: requests and events over one WebSocket, reconnecting by itself. The only code that speaks ARI.

A request over the WebSocket costs both sides about half of one by HTTP. Asterisk serves a socket's
requests one after the other, so what can be slow (originating to a dead host) goes by HTTP instead.
"""

import asyncio
import itertools
import json
import logging
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp

from ari_app.events import WANTED, Entered, Event, SwitchLost, parse
from pbx.errors import VaxelError

log = logging.getLogger(__name__)

APP = "vaxel"
REQUEST_LIMIT_S = 5.0


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


class Replaced(VaxelError):
    """Another process serves the same application; this one must stop, or they would take turns."""


Inbox = asyncio.Queue[Event]


class Ari:
    """One connection to one Asterisk.

    `base` is ".../ari". `entered` is told of each call that comes in, with its inbox already open, inside the
    reader: it must only put them into a queue, and `close` the inbox in the end. `before_serving` runs before each
    opening of the socket: until then Asterisk lets nobody in, so whoever is found held then is left from before.
    """

    def __init__(
        self,
        base: str,
        user: str,
        password: str,
        entered: Callable[[Entered, Inbox], None],
        before_serving: Callable[[], Awaitable[None]],
    ) -> None:
        self.up = asyncio.Event()
        self._base = base
        self._headers = {"Authorization": aiohttp.encode_basic_auth(user, password)}
        self._entered = entered
        self._before_serving = before_serving
        self._inboxes: dict[str, list[Inbox]] = {}
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._http: aiohttp.ClientSession | None = None

    @contextmanager
    def inbox(self, channel: str) -> Iterator[Inbox]:
        """All events of `channel` from now on. Open it before the request whose events matter."""
        inbox = self._open(channel)
        try:
            yield inbox
        finally:
            self.close(channel, inbox)

    def close(self, channel: str, inbox: Inbox) -> None:
        """Listen no more."""
        listening = self._inboxes[channel]
        listening.remove(inbox)
        if not listening:
            del self._inboxes[channel]

    def _open(self, channel: str) -> Inbox:
        inbox: Inbox = asyncio.Queue()
        self._inboxes.setdefault(channel, []).append(inbox)
        return inbox

    async def ask(self, method: str, uri: str, body: dict[str, Any] | None = None, **query: object) -> Any:
        """A request over the WebSocket; the parsed answer, None if it has none.

        Raises Gone (404), NotOurs (409), AriError (any other refusal) and LostSwitch (no connection, or
        no answer in 5 s).
        """
        socket = self._socket
        if socket is None or socket.closed:
            raise LostSwitch
        number = str(next(self._numbers))
        request: dict[str, Any] = {"type": "RESTRequest", "request_id": number, "method": method, "uri": uri}
        if query:
            request["query_strings"] = [{"name": name, "value": str(value)} for name, value in query.items()]
        if body is not None:
            request |= {"content_type": "application/json", "message_body": json.dumps(body)}
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(REQUEST_LIMIT_S):
                await socket.send_str(json.dumps(request))
                response = await answer
        except (TimeoutError, OSError, aiohttp.ClientError) as error:
            raise LostSwitch from error
        finally:
            del self._waiting[number]
        return _judged(method, uri, response["status_code"], response.get("message_body") or "")

    async def ask_apart(self, method: str, uri: str, body: dict[str, Any] | None = None, **query: object) -> Any:
        """The same as `ask` by HTTP: for what is slow, and for what is asked before the socket is open."""
        if self._http is None:
            raise LostSwitch
        try:
            async with self._http.request(
                method, f"{self._base}/{uri}", params={name: str(value) for name, value in query.items()}, json=body
            ) as response:
                return _judged(method, uri, response.status, await response.text())
        except (TimeoutError, OSError, aiohttp.ClientError) as error:
            raise LostSwitch from error

    async def run(self) -> None:
        """Keep the connection until cancelled."""
        limit = aiohttp.ClientTimeout(total=REQUEST_LIMIT_S, sock_connect=2)
        connector = aiohttp.TCPConnector(limit=8)
        async with aiohttp.ClientSession(headers=self._headers, timeout=limit, connector=connector) as self._http:
            pause_s = 0.1
            while True:
                try:
                    await self._before_serving()
                    await self._serve(self._http)
                    pause_s = 0.1
                except Replaced:
                    raise
                except (VaxelError, aiohttp.ClientError, OSError, TimeoutError) as error:
                    log.warning("Asterisk is away: %r", error)
                await asyncio.sleep(pause_s * random.uniform(0.8, 1.2))  # noqa: S311
                pause_s = min(pause_s * 2, 2.0)

    async def _serve(self, http: aiohttp.ClientSession) -> None:
        async with http.ws_connect(f"{self._base}/events", params={"app": APP}, heartbeat=5) as socket:
            self._socket = socket
            reader = asyncio.create_task(self._read(socket), name="ARI reader")
            try:
                allowed = [{"type": wanted} for wanted in WANTED]
                await self.ask("PUT", f"applications/{APP}/eventFilter", {"allowed": allowed})
                log.info("connected to Asterisk")
                self.up.set()
                await reader
            finally:
                reader.cancel()
                self._socket = None
                self.up.clear()
                self._tell_lost()
        log.warning("connection to Asterisk lost")

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            raw = json.loads(message.data)
            if raw["type"] == "RESTResponse":
                if (waiting := self._waiting.get(raw["request_id"])) and not waiting.done():
                    waiting.set_result(raw)
            elif raw["type"] == "ApplicationReplaced":
                raise Replaced
            elif event := parse(raw):
                self._deliver(event)

    def _deliver(self, event: Event) -> None:
        for inbox in self._inboxes.get(event.channel, ()):
            inbox.put_nowait(event)
        if isinstance(event, Entered):
            self._entered(event, self._open(event.channel))

    def _tell_lost(self) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(LostSwitch())
        for channel, inboxes in self._inboxes.items():
            for inbox in inboxes:
                inbox.put_nowait(SwitchLost(channel))


def _judged(method: str, uri: str, status: int, text: str) -> Any:
    if status < 400:
        return json.loads(text) if text else None
    what = f"{method} {uri}"
    if status == 404:
        raise Gone(status, what, text)
    if status == 409:
        raise NotOurs(status, what, text)
    raise AriError(status, what, text)
