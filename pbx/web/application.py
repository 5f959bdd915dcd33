"""The site as aiohttp serves it, built from the table of routes."""

import asyncio
from datetime import UTC, datetime
from weakref import WeakSet

from aiohttp import web

from pbx.company.languages import LANGUAGES
from pbx.web.front import Front
from pbx.web.live_page import STREAMS
from pbx.web.parts import Parts
from pbx.web.routes import ROUTES
from pbx.web.shown import Shown


def application(parts: Parts) -> web.Application:
    """In a thread. Raises CannotStart where set-up has not been."""
    front = Front(parts)
    for lang in LANGUAGES:
        Shown(lang).time(datetime.now(UTC))  # a language's data is read from a file when it is first used
    made = web.Application(client_max_size=128 * 1024)
    made[STREAMS] = WeakSet()
    for route in ROUTES:
        made.router.add_route(route.method, route.path, front.handler(route))
    made.router.add_route("*", "/{rest:.*}", front.not_found)
    made.on_response_prepare.append(front.finish)
    made.on_shutdown.append(_close_streams)
    return made


async def _close_streams(application: web.Application) -> None:
    """An open event stream would hold the end up for as long as it may take, and twice."""
    streams = list(application.get(STREAMS, ()))
    for task in streams:
        task.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
