"""The site: served on its port, closed in a moment whatever is open."""

import asyncio
import logging

from aiohttp import web

from pbx.errors import CannotStart
from pbx.web.parts import Parts

_RETRY_S = 5.0

log = logging.getLogger(__name__)


class Site:
    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.up = asyncio.Event()

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
        host, port = self.parts.settings.web_host, self.parts.settings.web_port
        while True:
            try:
                await web.TCPSite(runner, host, port, reuse_address=True).start()
                return
            except OSError as error:
                told = f"pages cannot be served on {host}:{port}, PBX_WEB_PORT: {error.strerror}"
                if must:
                    raise CannotStart(told) from error
                log.error("%s", told)
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
