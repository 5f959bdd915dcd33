"""panoramisk carries the protocol. What it does badly is closed off here:

- a control character in a value would carry out a second action: refused;
- what is asked while it is not connected is kept and done minutes later: a connection that is lost stays lost, and
  whoever waits for an answer is told so at once;
- a peer that hangs is waited for without end: every action has a limit, and a quiet connection is asked for a sign;
- its FastAGI server spins for ever when a caller connects and closes: not used (agi_scripts.answers.server is ours).

Besides, it decodes each piece of the stream by itself, which loses a letter that two pieces share.
"""

import asyncio
import codecs
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from panoramisk import Manager
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.message import Message

from pbx.errors import VaxelError
from pbx.waiting import set_within

LIMIT_S = 3.0
SIGN_S = 5.0
# Whoever is so far behind does better to ask for the whole anew.
MOST_UNREAD = 20_000

Fields = dict[str, str]
"""What a message says, names in small letters; of a name that comes twice the last value."""


class AmiAway(VaxelError):
    """Asterisk's manager interface cannot be reached, refused the login, or has stopped answering."""


class Connection:
    """One login, until it is closed or lost."""

    def __init__(self, manager: "_Manager") -> None:
        self._manager = manager

    async def ask(self, action: str, **values: str) -> Message:
        """An action with one answer, good or bad. Raises AmiAway; ValueError for a control character in a value."""
        answer = await self._send({"Action": action, **values})
        return answer[0] if isinstance(answer, list) else answer

    async def ask_list(self, action: str, **values: str) -> list[Fields]:
        """An action that is answered by a list. Raises as `ask`, and AmiAway where it is refused."""
        answer = await self._send({"Action": action, **values})
        if isinstance(answer, list):
            return [_fields(one) for one in answer[1:-1]]
        if not answer.success:
            raise AmiAway(f"{action}: {answer.message}")
        return []

    async def events(self) -> AsyncIterator[Fields]:
        """Each event from the login on. Raises AmiAway when the connection ends, hangs or runs ahead of us."""
        manager = self._manager
        while manager.lost is None:
            if not await set_within(SIGN_S, manager.heard):
                await self.ask("Ping")
            manager.heard.clear()
            while not manager.unread.empty():
                yield _fields(manager.unread.get_nowait())
        raise AmiAway(manager.lost)

    async def _send(self, action: dict[str, str]) -> Message | list[Message]:
        manager = self._manager
        for value in action.values():
            if any(character < " " for character in value):
                raise ValueError(f"a control character in an action: {value!r}")
        if manager.lost is not None:
            raise AmiAway(manager.lost)
        try:
            async with asyncio.timeout(LIMIT_S):
                answer: Message | list[Message] = await manager.send_action(action)
                return answer
        except TimeoutError:
            manager.lose("no answer")
            raise AmiAway("no answer") from None


@asynccontextmanager
async def connected(host: str, port: int, user: str, secret: str, events: str) -> AsyncIterator[Connection]:
    """A connection that is logged in. `events`: the classes that are wanted, as in "call,system", or "off".
    Raises AmiAway."""
    manager = _Manager(
        loop=asyncio.get_running_loop(), protocol_factory=_Protocol, host=host, port=port, username=user, secret=secret,
        events=events,
    )  # fmt: skip
    try:
        try:
            async with asyncio.timeout(LIMIT_S):
                await manager.connect()
                if manager.authenticated_future is None or not (await manager.authenticated_future).success:
                    raise AmiAway("login refused")
        except (TimeoutError, OSError) as error:
            raise AmiAway(str(error) or "no answer") from error
        yield Connection(manager)
    finally:
        manager.lose("closed")


class _Manager(Manager):  # type: ignore[misc]
    """`lost`: why it is no more, once it is."""

    def __init__(self, **config: Any) -> None:
        super().__init__(**config)
        self.lost: str | None = None
        self.heard = asyncio.Event()
        self.unread: asyncio.Queue[Message] = asyncio.Queue(MOST_UNREAD)
        self.register_event("*", _Manager._hear)

    def lose(self, why: str) -> None:
        self.lost = self.lost or why
        self.heard.set()
        self.close()

    def connection_made(self, made: "asyncio.Task[Any]") -> None:
        """It is not tried again: whoever waits for `connect` is told why it failed."""
        if not made.cancelled() and made.exception() is None:
            super().connection_made(made)

    def login(self, answered: "asyncio.Future[Message]") -> bool:
        return not answered.cancelled() and answered.exception() is None and super().login(answered)

    def ping(self) -> None:
        """Nobody would notice that it is not answered; `events` asks instead."""

    def connection_lost(self, reason: object) -> None:
        self.lose("the connection was closed")

    def _hear(self, event: Message) -> None:
        self.heard.set()
        try:
            self.unread.put_nowait(event)
        except asyncio.QueueFull:
            self.lose("it tells more than we can read")


class _Protocol(AMIProtocol):  # type: ignore[misc]
    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def data_received(self, data: bytes) -> None:
        super().data_received(self._decoder.decode(data).encode())

    def close(self) -> None:
        """Whoever waits is told; else panoramisk would ask again over the next connection."""
        for action in list(self.responses.values()):
            if not action.future.done():
                action.future.set_exception(AmiAway("the connection was closed"))
        super().close()


def _fields(message: Message) -> Fields:
    return {name.lower(): value[-1] if isinstance(value, list) else value for name, value in message.items()}
