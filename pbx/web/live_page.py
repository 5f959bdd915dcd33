"""The event source of an open page."""

import asyncio
from typing import Any
from weakref import WeakSet

from aiohttp import web

from pbx.web import person as persons
from pbx.web.live import ALL
from pbx.web.visit import Visit

STREAMS: web.AppKey[WeakSet[asyncio.Task[Any]]] = web.AppKey("streams", WeakSet[asyncio.Task[Any]])


async def begin(request: web.Request) -> web.StreamResponse:
    """A stream that the end of the service closes cleanly; its handler is told so by a cancellation."""
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await stream.prepare(request)
    task = asyncio.current_task()
    if task is not None:
        request.app[STREAMS].add(task)
    return stream


_USERS = frozenset({"mailboxes", "messages", "losses", "people"})
"""What a user's pages are made of, who administers nothing."""


async def events(visit: Visit) -> web.StreamResponse:
    """Topics as they change. A comment now and then keeps whatever is in between from hanging up, and shows that the
    browser is still there; the session is looked at again with each."""
    company = visit.company.id
    may = _USERS if visit.person and visit.person.role == "user" else ALL
    since = visit.query("since", "0")
    stream = await begin(visit.request)
    try:
        async for at, topics in visit.parts.live.follow(company, int(since) if _is_entry(since) else 0):
            for topic in sorted(topics & may):
                await stream.write(f"event: {topic}\ndata: {at}\n\n".encode())
            if not topics:
                if await persons.who(visit.parts, visit.request) is None:
                    await stream.write(b"event: bye\ndata:\n\n")
                    break
                await stream.write(b": here\n\n")
    except (asyncio.CancelledError, ConnectionResetError):  # the service ends, or the page has gone
        pass
    return stream


def _is_entry(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 12
