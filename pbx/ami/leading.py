"""Leading calls away from us, by Redirect.

Redirect and not ARI's `continue`, which is queued behind what the channel plays or records; a Redirect
cuts a prompt off at once and closes a live recording whole.
"""

import asyncio
import logging
from collections.abc import Iterable

from pbx.ami.connection import connected

log = logging.getLogger(__name__)


class Ami:
    """What leads calls on: an account that may do no more than that. One short connection serves one errand."""

    def __init__(self, host: str, port: int, user: str, secret: str) -> None:
        self._login = (host, port, user, secret)

    async def redirect(self, channels: Iterable[str], context: str, extension: str = "s") -> None:
        """Lead each channel (by name) to the dialplan at once; one that has gone meanwhile is no error.

        Raises AmiAway.
        """
        names = list(channels)
        if not names:
            return
        async with connected(*self._login, events="off") as ami:
            asked = (ami.ask("Redirect", Channel=n, Context=context, Exten=extension, Priority="1") for n in names)
            answers = await asyncio.gather(*asked)
        for name, answer in zip(names, answers, strict=True):
            if not answer.success:
                log.warning("%s was not led to %s: %s", name, context, answer.message)
