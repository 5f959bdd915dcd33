"""AMI behind a few typed methods: for now leading calls away from us, by Redirect.

Redirect and not ARI's `continue`, which is queued behind what the channel plays or records; a Redirect
cuts a prompt off at once and closes a live recording whole.

panoramisk carries the protocol. What it does badly is closed off here: control characters in a value
(a second action would be carried out), actions kept while it is not connected and sent minutes later,
and waits without a limit. One short connection serves one errand, and a lost one is not made again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from panoramisk import Manager

from pbx.errors import VaxelError

log = logging.getLogger(__name__)

LIMIT_S = 3.0


class AmiAway(VaxelError):
    """Asterisk's manager interface cannot be reached, or refused the login."""


class _Errand(Manager):  # type: ignore[misc]
    """A connection that stays lost when it is lost, and tells the one who waits why it was not made."""

    def connection_made(self, made: "asyncio.Task[Any]") -> None:
        if not made.cancelled() and made.exception() is None:
            super().connection_made(made)

    def connection_lost(self, reason: Exception | None) -> None:
        if self.pinger:
            self.pinger.cancel()


class Ami:
    """What leads calls on: an account that may do no more than that."""

    def __init__(self, host: str, port: int, user: str, secret: str) -> None:
        self._config: dict[str, Any] = {
            "host": host, "port": port, "username": user, "secret": secret, "events": "off",
        }  # fmt: skip

    async def redirect(self, channels: Iterable[str], context: str, extension: str = "s") -> None:
        """Lead each channel (by name) to the dialplan at once; one that has gone meanwhile is no error.

        Raises AmiAway.
        """
        names = list(channels)
        if not names:
            return
        async with self._connected() as manager:
            actions = [_action("Redirect", Channel=n, Context=context, Exten=extension, Priority="1") for n in names]
            async with asyncio.timeout(LIMIT_S):
                answers = await asyncio.gather(*(manager.send_action(action) for action in actions))
        for name, answer in zip(names, answers, strict=True):
            if not answer.success:
                log.warning("%s was not led to %s: %s", name, context, answer.message)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[_Errand]:
        manager = _Errand(loop=asyncio.get_running_loop(), **self._config)
        try:
            async with asyncio.timeout(LIMIT_S):
                await manager.connect()
                if manager.authenticated_future is None or not (await manager.authenticated_future).success:
                    raise AmiAway("login refused")
            yield manager
        except (TimeoutError, OSError) as error:
            raise AmiAway(str(error) or "no answer") from error
        finally:
            manager.close()


def _action(name: str, **values: str) -> dict[str, str]:
    for value in values.values():
        if any(character < " " for character in value):
            raise ValueError(f"a control character in an action: {value!r}")
    return {"Action": name, **values}
