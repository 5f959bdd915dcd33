"""The site: served on its port, closed in a moment whatever is open."""

import asyncio
import logging

from aiohttp import web

from pbx.asterisk.ports import of_pages
from pbx.errors import CannotStart
from pbx.web.parts import Parts

_RETRY_S = 5.0

log = logging.getLogger(__name__)


class Site:
    """`why_not`: a sentence while there are no pages for a reason that somebody must mend."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.up = asyncio.Event()
        self.why_not = ""

    async def run(self, *, must: bool) -> None:
        """Until cancelled. Pages that cannot be served are no reason for a call to go unanswered: a port that is taken
        is tried again, unless pages are all that this process is for (`must`). Raises CannotStart then."""
        logging.getLogger("aiohttp.server").addFilter(_not_a_strangers_bytes)
        try:
            application = await asyncio.to_thread(_application, self.parts)
            runner = web.AppRunner(application, access_log=None, shutdown_timeout=2.0)
        except CannotStart as lacking:
            if must:
                raise
            self.why_not = str(lacking)
            log.error("there are no pages: %s", lacking)
            return
        await runner.setup()
        try:
            await self._listen(runner, must)
            self.up.set()
            log.info("pages on %s", self.parts.settings.site)
            async with asyncio.TaskGroup() as chores:
                chores.create_task(self.parts.live.run())
                chores.create_task(self.parts.scrubs.run())
        finally:
            self.up.clear()
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner, must: bool) -> None:
        port = of_pages(self.parts.settings)
        while True:
            try:
                await web.TCPSite(runner, port.address, port.number, reuse_address=True).start()
                self.why_not = ""
                return
            except OSError as error:
                self.why_not = await port.why_not(error)
            if must:
                raise CannotStart(self.why_not)
            log.error("there are no pages: %s", self.why_not)
            await asyncio.sleep(_RETRY_S)


def _application(parts: Parts) -> web.Application:
    """What shows pages is loaded here and not before: no call waits for it, nor a process that has none."""
    from pbx.web.application import application

    return application(parts)


def _not_a_strangers_bytes(record: logging.LogRecord) -> bool:
    """A request that is none fills the log with what whoever sent it likes."""
    return (
        "Error handling request" not in record.getMessage()
        or record.exc_info is None
        or (record.exc_info[0] is None or not record.exc_info[0].__name__.startswith(("Bad", "Line", "Invalid")))
    )
