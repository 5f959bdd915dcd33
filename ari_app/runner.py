"""From StasisStart to the flow by name: one owned task a call, and each call a bulkhead."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from ari_app.call import Call, HungUp
from ari_app.client import Ari, Inbox
from ari_app.events import Entered
from ari_app.exits import HANG_UP, OVER, SURVIVE, Exit, Onward
from ari_app.line import LostSwitch
from ari_app.services import Services
from ari_app.shelf import Shelf
from pbx import metrics
from pbx.ami import AmiAway
from pbx.library.jobs import WrongStep
from pbx.telemetry import about_call

log = logging.getLogger(__name__)

LET_GO_S = 2.0

Flow = Callable[[Call, Services], Awaitable[Exit]]


class Runner:
    """Holds every call that enters, and leads it onwards when its flow returns."""

    def __init__(self, flows: Mapping[str, Flow], services: Services, shelf: Shelf) -> None:
        self._flows = flows
        self._services = services
        self._shelf = shelf
        self.holding: dict[str, Call] = {}
        self._arrived: asyncio.Queue[tuple[Entered, Inbox]] = asyncio.Queue()

    def enter(self, entered: Entered, inbox: Inbox) -> None:
        """A call has come in; called by the reader of events, so it only queues."""
        self._arrived.put_nowait((entered, inbox))

    async def run(self, ari: Ari) -> None:
        """Serve until cancelled; then every call is led to survival, within two seconds."""
        async with asyncio.TaskGroup() as calls:
            while True:
                entered, inbox = await self._arrived.get()
                calls.create_task(self._hold(ari, entered, inbox), name=f"call {entered.channel}")

    async def _hold(self, ari: Ari, entered: Entered, inbox: Inbox) -> None:
        call = Call(ari, inbox, entered, self._shelf, self._services.phrases)
        self.holding[call.id] = call
        try:
            with about_call(call.id), metrics.holding(call.flow):
                log.info("%s of %s for company %s", call.flow, call.target or "-", call.company)
                await self._serve(ari, call)
        finally:
            if self.holding.get(call.id) is call:  # else it has entered anew, and another flow holds it
                del self.holding[call.id]
                self._services.library.takes.released(call.id)
            ari.close(call.id, inbox)

    async def _serve(self, ari: Ari, call: Call) -> None:
        exit: Exit | None = SURVIVE
        how = "failed"
        ending = False
        connection = ari.connections
        try:
            with suppress(HungUp):  # gone already: the flow's first verb tells it, which may have something to write
                await call.take()
            exit = await self._flows[call.flow](call, self._services)
            how = "led"
        except HungUp:
            log.info("ended: HungUp")
            exit, how = None, "hungup"
        except LostSwitch:
            log.info("ended: LostSwitch")
            how = "lost"
        except WrongStep as late:  # the job that it was about has been called off
            log.info("ended: %s", late)
            exit, how = HANG_UP, "called off"
        except asyncio.CancelledError:  # whoever ends us has taken the connection down as well
            ending = True
            raise
        except Exception:  # one call's fault touches no other call
            log.exception("flow %s failed", call.flow)
        finally:
            metrics.calls_ended.labels(call.flow, how).inc()
            # Whom a lost connection held is led on before the next one, and may talk to somebody by now; of a request
            # alone that was not answered nobody else knows.
            if exit is not None and ari.connections == connection and (ending or ari.up.is_set()):
                await self._let_go(call, exit)

    async def _let_go(self, call: Call, exit: Exit) -> None:
        try:
            async with asyncio.timeout(LET_GO_S):
                if exit is SURVIVE and await self._redirected(call, SURVIVE):
                    return
                match exit:
                    case Onward(context=context, extension=extension):
                        await call.lead(context, extension)
                    case _:
                        await call.hang_up()
        except (HungUp, LostSwitch):
            return
        except Exception:
            log.exception("could not lead the call to %s: by AMI then", exit)
            await self._redirected(call, exit if isinstance(exit, Onward) else OVER)

    async def _redirected(self, call: Call, exit: Onward) -> bool:
        """At once, whatever it hears; without AMI it goes on when that is over."""
        try:
            async with asyncio.timeout(LET_GO_S / 2):
                await self._services.switchman.redirect([call.name], exit.context, exit.extension)
        except (AmiAway, TimeoutError) as away:
            log.error("AMI is away: %r", away)
            return False
        return True
