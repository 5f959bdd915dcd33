"""The site: built from the table of routes, served on its port, closed in a moment whatever is open."""

import asyncio
import logging
from datetime import UTC, datetime
from weakref import WeakSet

from aiohttp import web

from pbx.company.languages import LANGUAGES
from pbx.errors import CannotStart
from pbx.web.front import Front
from pbx.web.live_page import STREAMS
from pbx.web.parts import Parts
from pbx.web.routes import ROUTES
from pbx.web.shown import Shown

_RETRY_S = 5.0

log = logging.getLogger(__name__)


class Site:
    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.up = asyncio.Event()

    def application(self) -> web.Application:
        """In a thread. Raises CannotStart where set-up has not been."""
        front = Front(self.parts)
        for lang in LANGUAGES:
            Shown(lang).time(datetime.now(UTC))  # a language's data is read from a file when it is first used
        application = web.Application(client_max_size=128 * 1024)
        application[STREAMS] = WeakSet()
        for route in ROUTES:
            application.router.add_route(route.method, route.path, front.handler(route))
        application.router.add_route("*", "/{rest:.*}", front.not_found)
        application.on_response_prepare.append(front.finish)
        application.on_shutdown.append(_close_streams)
        return application

    async def run(self, *, must: bool) -> None:
        """Until cancelled. Pages that cannot be served are no reason for a call to go unanswered: a port that is taken
        is tried again, unless pages are all that this process is for (`must`). Raises CannotStart then."""
        logging.getLogger("aiohttp.server").addFilter(_not_a_strangers_bytes)
        try:
            application = await asyncio.to_thread(self.application)
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


async def _close_streams(application: web.Application) -> None:
    """An open event stream would hold the end up for as long as it may take, and twice."""
    streams = list(application.get(STREAMS, ()))
    for task in streams:
        task.cancel()
    await asyncio.gather(*streams, return_exceptions=True)


def _not_a_strangers_bytes(record: logging.LogRecord) -> bool:
    """A request that is none fills the log with what whoever sent it likes."""
    return (
        "Error handling request" not in record.getMessage()
        or record.exc_info is None
        or (record.exc_info[0] is None or not record.exc_info[0].__name__.startswith(("Bad", "Line", "Invalid")))
    )
