"""What is left of the time before a connection: calls that somebody of us held, takes, jobs, and messages that the
dialplan took."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress

from ari_app.client import APP, Ari
from ari_app.line import AriError, Gone, LostSwitch, NotOurs
from pbx.ami import Ami, AmiAway
from pbx.asterisk import AsteriskHost
from pbx.library import Library
from pbx.node.survivors import Survivors
from pbx.store.values import Take

log = logging.getLogger(__name__)

# A restart of Asterisk's takes two seconds; each question to one that hangs takes five.
HUNG_S = 4.0
# A recording is closed within milliseconds of a Redirect or a stop.
CLOSING_TRIES, CLOSING_EVERY_S = 50, 0.02


class Resuming:
    """`node`: which jobs are ours. `in_hand`: the channels of calls that we hold, or ring, now. `caught_up`: set once
    nothing of before waits to be looked at."""

    def __init__(
        self,
        ari: Ari,
        host: AsteriskHost,
        switchman: Ami,
        library: Library,
        survivors: Survivors,
        node: str,
        in_hand: Callable[[], Awaitable[set[str]]],
    ) -> None:
        self.caught_up = asyncio.Event()
        self._ari = ari
        self._host = host
        self._switchman = switchman
        self._library = library
        self._survivors = survivors
        self._node = node
        self._in_hand = in_hand
        self._behind = asyncio.Event()
        self._silent_since: float | None = None

    async def before_serving(self) -> None:
        """While our application has no socket nobody can enter, so whoever is held now is left from before."""
        await self._lead_on(await self._held())
        for bridge in await self._ari.ask_http("GET", "bridges"):
            if not bridge["channels"]:
                with suppress(Gone, NotOurs):  # the dialplan's, which is empty for a moment as it begins and ends
                    await self._ari.ask_http("DELETE", f"bridges/{bridge['id']}")
        if any(job.node == self._node for job in await self._library.jobs.live()):
            try:
                await self.adopt()
            except LostSwitch:
                raise
            except Exception:  # calls do not wait for a file that cannot be read: within a minute it is tried again
                log.exception("not all that was left behind could be looked at")
        self._behind.set()
        self.caught_up.clear()

    async def run(self) -> None:
        """Until cancelled: after each connection to Asterisk, as soon as calls are served again, so that whoever is on
        the line need not wait for what was left behind."""
        while True:
            await self._behind.wait()
            await self._ari.up.wait()
            self._behind.clear()
            try:
                await self.adopt()
            except Exception:  # within a minute it is tried again
                log.exception("not all that was left behind could be looked at")
            finally:
                self.caught_up.set()

    async def adopt(self) -> None:
        """What no call holds any more and nobody has kept or ended: those before us left it behind, or a fault in a
        flow or of the vault did. What Asterisk still records is left alone: it would write on into a file that is gone.
        Raises LostSwitch."""
        left = {take.id for take in await self._library.takes.left() if not await self._is_recorded(take)}
        await self._library.takes.adopt(left)
        await self._survivors.bring_in(self._finished)
        await self._library.jobs.abandoned(self._node, self._alive)

    async def _held(self) -> dict[str, str]:
        """The channels that are in our application: their names, by id. An Asterisk that runs and does not answer for
        a while is ended, and started again by the next attempt."""
        try:
            ids = set((await self._ari.ask_http("GET", f"applications/{APP}"))["channel_ids"])
        except Gone:
            ids = set()
        except LostSwitch:
            self._silent_since = self._silent_since or time.monotonic()
            if time.monotonic() - self._silent_since > HUNG_S and await self._host.alive():
                log.error("Asterisk runs and does not answer: it is ended and started again")
                await self._host.stop()
                self._silent_since = None
            raise
        self._silent_since = None
        channels = await self._ari.ask_http("GET", "channels") if ids else []
        return {channel["id"]: channel["name"] for channel in channels if channel["id"] in ids}

    async def _lead_on(self, held: Mapping[str, str]) -> None:
        if not held:
            return
        log.warning("leading %d calls on to survival", len(held))
        try:
            await self._switchman.redirect(held.values(), "survival")
        except AmiAway as away:
            log.error("AMI is away (%s): they go on when what they hear is over", away)
            for take in await self._recorded(held):  # which `continue` would wait for until its limit
                with suppress(AriError):
                    await self._ari.ask_http("POST", f"recordings/live/{take.id}/stop")
            for channel in held:
                with suppress(Gone, NotOurs):
                    await self._ari.ask_http(
                        "POST", f"channels/{channel}/continue?context=survival&extension=s&priority=1"
                    )
        for _ in range(CLOSING_TRIES):
            if not await self._recorded(held):
                break
            await asyncio.sleep(CLOSING_EVERY_S)

    async def _recorded(self, held: Collection[str]) -> list[Take]:
        """The takes of these channels that Asterisk records now."""
        takes = [take for take in await self._library.takes.unjudged() if take.channel in held]
        return [take for take in takes if await self._is_recorded(take)]

    async def _is_recorded(self, take: Take) -> bool:
        """Also where Asterisk does not say."""
        try:
            await self._ari.ask_http("GET", f"recordings/live/{take.id}")
        except Gone:
            return False
        except (AriError, LostSwitch) as error:
            log.warning("whether %s is recorded yet is not known: %r", take.id, error)
        return True

    async def _alive(self) -> set[str]:
        """In our hands first: what goes from them to Asterisk meanwhile is found there."""
        in_hand = await self._in_hand()
        return in_hand | {channel["id"] for channel in await self._ari.ask_http("GET", "channels")}

    async def _finished(self, channel: str) -> bool:
        try:
            await self._ari.ask_http("GET", f"channels/{channel}")
        except Gone:
            return True
        return False
