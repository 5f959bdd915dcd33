"""The event source of an open page."""

import asyncio
import time
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


_USERS = frozenset({"mailboxes", "messages", "losses", "people", "jobs", "published"})
"""What a user's pages are made of, who administers nothing."""
_AGAIN_S = 5.0


async def events(visit: Visit) -> web.StreamResponse:
    """Topics as they change. A comment now and then keeps whatever is in between from hanging up, and shows that the
    browser is still there. Who is there is looked at again with each, and every few seconds however much there is to
    tell: nobody is told of a company in which they are not any more."""
    company, role = visit.company.id, visit.person.role if visit.person else "user"
    may = _USERS if role == "user" else ALL
    since, published = _number(visit.query("since")) or 0, _number(visit.query("published"))
    stream = await begin(visit.request)
    looked = time.monotonic()
    try:
        async for at, topics in visit.parts.live.follow(company, since, published):
            if not topics or time.monotonic() - looked >= _AGAIN_S:
                looked = time.monotonic()
                if not await _is_there(visit, company, role):
                    await stream.write(b"event: bye\ndata:\n\n")
                    break
            for topic in sorted(topics & may):
                await stream.write(f"event: {topic}\ndata: {at}\n\n".encode())
            if not topics:
                await stream.write(b": here\n\n")
    except (asyncio.CancelledError, ConnectionResetError):  # the service ends, or the page has gone
        pass
    return stream


async def _is_there(visit: Visit, company: str, role: str) -> bool:
    person = await persons.who(visit.parts, visit.request)
    return person is not None and person.role == role and person.company is not None and person.company.id == company


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None
