"""ARI: requests and events over WebSockets, reconnecting by itself. With `line.py` the only code that speaks ARI.

A request over a WebSocket costs both sides about half of one by HTTP. What can be slow (originating to a host that
does not answer) has a socket of its own, so that it holds up no key; what is asked before one is open goes by HTTP.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

import aiohttp

from ari_app.events import WANTED, WANTED_APART, Entered, Event, SwitchLost, parse
from ari_app.line import REQUEST_LIMIT_S, Line, LostSwitch, judged
from pbx.errors import VaxelError

log = logging.getLogger(__name__)

APP = "vaxel"
APART = "vaxel-apart"
CLOSING_S = 0.2


class Replaced(VaxelError):
    """Another process serves the same application; this one must stop, or they would take turns."""


Inbox = asyncio.Queue[Event]
Inboxes = dict[str, list[Inbox]]  # by channel


class Ari:
    """One connection to one Asterisk.

    `base` is ".../ari". `entered` is told of each call that comes in, with its inbox already open, inside the
    reader: it must only put them into a queue, and `close` the inbox in the end. `before_serving` runs before each
    opening of the socket: until then Asterisk lets nobody in, so whoever is found held then is left from before.
    `connections`: how many there were so far.
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
        self.connections = 0
        self._base = base
        self._headers = {"Authorization": aiohttp.encode_basic_auth(user, password)}
        self._entered = entered
        self._before_serving = before_serving
        self._inboxes: Inboxes = {}
        # Two sockets keep no order between them: a hang-up told by the other one could overtake the key before it. So
        # who holds a call hears of it by the first alone, and who rings somebody up by both.
        self._ringing: Inboxes = {}
        self._line: Line | None = None
        self._apart: Line | None = None
        self._http: aiohttp.ClientSession | None = None

    @contextmanager
    def inbox(self, channel: str) -> Iterator[Inbox]:
        """All events of `channel` from now on. Open it before the request whose events matter."""
        inbox = self._open(channel)
        self._ringing.setdefault(channel, []).append(inbox)
        try:
            yield inbox
        finally:
            _close(self._ringing, channel, inbox)
            self.close(channel, inbox)

    def close(self, channel: str, inbox: Inbox) -> None:
        """Listen no more."""
        _close(self._inboxes, channel, inbox)

    def _open(self, channel: str) -> Inbox:
        inbox: Inbox = asyncio.Queue()
        self._inboxes.setdefault(channel, []).append(inbox)
        return inbox

    async def ask(self, method: str, uri: str, body: dict[str, Any] | None = None, **query: object) -> Any:
        """A request; the parsed answer. Raises as `Line.ask`."""
        if self._line is None:
            raise LostSwitch
        return await self._line.ask(method, uri, body, **query)

    async def originate(self, channel: str, body: dict[str, Any], *, endpoint: str, **query: object) -> None:
        """Ring `endpoint`; what becomes of it comes into the inbox of `channel`. Raises as `Line.ask`.

        The endpoint's channels are watched, since the one that rings may be refused, and gone, before it can be.
        An application of its own watches them: in ours, callers from that endpoint would press every key twice.
        """
        technology, _, peer = endpoint.partition("/")
        source = f"endpoint:{technology}/{peer.rpartition('@')[2]}"
        await self._ask_apart("POST", f"applications/{APART}/subscription", eventSource=source)
        await self._ask_apart("POST", f"channels/{channel}", body, endpoint=endpoint, **query)

    async def watch(self, channel: str) -> Literal["rings", "answered", "entered"]:
        """What becomes of a channel that was there before us comes into its inbox from now on; how far it has come.
        Raises as `Line.ask`."""
        await self._ask_apart("POST", f"applications/{APART}/subscription", eventSource=f"channel:{channel}")
        now = await self.ask("GET", f"channels/{channel}")
        if now["dialplan"]["app_name"] == "Stasis":
            return "entered"
        return "answered" if now["state"] == "Up" else "rings"

    async def run_dialplan(self, context: str, extension: str, variables: Mapping[str, str]) -> None:
        """Have the dialplan do something that no request can. Raises as `Line.ask`."""
        await self._ask_apart(
            "POST", "channels", {"variables": dict(variables)},
            endpoint=f"Local/{extension}@{context}/n", context=context, extension="done", priority=1,
        )  # fmt: skip

    async def reload(self, module: str) -> None:
        """Have Asterisk read a module's configuration anew. Raises as `Line.ask`."""
        await self._ask_apart("PUT", f"asterisk/modules/{module}")

    async def _ask_apart(self, method: str, uri: str, body: dict[str, Any] | None = None, **query: object) -> None:
        """What can be slow. Raises as `Line.ask`."""
        if self._apart is None:
            raise LostSwitch
        await self._apart.ask(method, uri, body, **query)

    async def ask_http(self, method: str, uri: str) -> Any:
        """The same as `ask`, for what is asked before a socket is open."""
        if self._http is None:
            raise LostSwitch
        try:
            async with self._http.request(method, f"{self._base}/{uri}") as response:
                return judged(method, uri, response.status, await response.text())
        except (TimeoutError, OSError, aiohttp.ClientError) as error:
            raise LostSwitch from error

    async def run(self) -> None:
        """Keep the connection until cancelled."""
        limit = aiohttp.ClientTimeout(total=REQUEST_LIMIT_S, sock_connect=2)
        async with aiohttp.ClientSession(headers=self._headers, timeout=limit) as self._http:
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
                except Exception:  # of the database or a disk, which ends no call that talks
                    log.exception("calls cannot be served yet")
                await asyncio.sleep(pause_s * random.uniform(0.8, 1.2))  # noqa: S311
                pause_s = min(pause_s * 2, 2.0)

    async def _serve(self, http: aiohttp.ClientSession) -> None:
        self.connections += 1
        events, apart = f"{self._base}/events?app={APP}", f"{self._base}/events?app={APART}"
        opened = partial(http.ws_connect, heartbeat=5, timeout=aiohttp.ClientWSTimeout(ws_close=CLOSING_S))
        async with opened(apart) as second, opened(events) as first:
            self._apart = Line(second, partial(self._deliver, self._ringing))
            self._line = Line(first, partial(self._deliver, self._inboxes))
            readers = [asyncio.create_task(line.read(), name="ARI reader") for line in (self._line, self._apart)]
            readers.append(asyncio.create_task(self._line.silent(), name="ARI silence"))
            try:
                for line, app, wanted in ((self._line, APP, WANTED), (self._apart, APART, WANTED_APART)):
                    allowed = [{"type": one} for one in wanted]
                    await line.ask("PUT", f"applications/{app}/eventFilter", {"allowed": allowed})
                log.info("connected to Asterisk")
                self.up.set()
                done, _ = await asyncio.wait(readers, return_when=asyncio.FIRST_COMPLETED)
                for reader in done:
                    reader.result()
            finally:
                for reader in readers:
                    reader.cancel()
                self._line = self._apart = None
                self.up.clear()
                self._tell_lost()
        log.warning("connection to Asterisk lost")

    def _deliver(self, to: Inboxes, raw: Mapping[str, Any]) -> None:
        if raw["type"] == "ApplicationReplaced":
            raise Replaced
        event = parse(raw)
        if event is None:
            return
        for inbox in to.get(event.channel, ()):
            inbox.put_nowait(event)
        if isinstance(event, Entered):
            self._entered(event, self._open(event.channel))

    def _tell_lost(self) -> None:
        for channel, inboxes in self._inboxes.items():
            for inbox in inboxes:
                inbox.put_nowait(SwitchLost(channel))


def _close(inboxes: Inboxes, channel: str, inbox: Inbox) -> None:
    inboxes[channel].remove(inbox)
    if not inboxes[channel]:
        del inboxes[channel]
