"""What is one's own: where one is signed in."""

from aiohttp import web

from pbx.errors import Refused
from pbx.web.person import forget
from pbx.web.visit import Visit


async def sessions(visit: Visit) -> web.StreamResponse:
    assert visit.person is not None  # noqa: S101  the door
    mine = await visit.parts.signing_in.all(visit.person.id)
    return await visit.page("own/sessions.html", sessions=mine, this=visit.person.session.id)


async def end_session(visit: Visit) -> web.StreamResponse:
    assert visit.person is not None  # noqa: S101  the door
    ended = visit.of_path("session")
    if not await visit.parts.signing_in.end(visit.person.id, ended):
        raise Refused("session-unknown")
    if ended != visit.person.session.id:
        return visit.go("/sessions")
    response = visit.go("/sign-in")
    forget(response)
    return response
