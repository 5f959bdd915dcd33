"""What each request goes through before its page, and each answer after it."""

import asyncio
import logging
from secrets import token_hex
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler as Aiohttp

from pbx.errors import Refused
from pbx.telemetry import about_call, call_id
from pbx.web import person as persons
from pbx.web.doors import Door, NotEntered, Route, Stranger, admit
from pbx.web.headers import set_headers
from pbx.web.own_greeting import may_edit
from pbx.web.parts import Parts
from pbx.web.person import Person
from pbx.web.same_site import from_elsewhere, is_ours
from pbx.web.shown import Shown
from pbx.web.static import Static
from pbx.web.templates import Templates
from pbx.web.texts import LANGUAGE, chosen, translations
from pbx.web.visit import Visit

_NOT_THERE = ("-unknown", "-deleted")

log = logging.getLogger(__name__)


class Front:
    """`parts`: what pages are made of. One for each process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._languages = translations()
        self._templates = Templates(self._languages)
        self._static = Static.read()
        self._https = parts.settings.site.startswith("https://")

    def handler(self, route: Route) -> Aiohttp:
        """How aiohttp calls that route."""

        async def handle(request: web.Request) -> web.StreamResponse:
            with about_call(f"web-{token_hex(6)}"):
                return await self._answer(request, route)

        return handle

    async def not_found(self, request: web.Request) -> web.StreamResponse:
        """An address that is none of ours."""
        with about_call(f"web-{token_hex(6)}"):
            person = await persons.who(self._parts, request)
            return await self._told(await self._visit(request, person), web.HTTPNotFound())

    async def finish(self, request: web.Request, response: web.StreamResponse) -> None:
        set_headers(response, https=self._https)

    async def _answer(self, request: web.Request, route: Route) -> web.StreamResponse:
        visit = await self._visit(request, None)
        try:
            if not is_ours(request, self._parts.settings.site):
                raise web.HTTPMisdirectedRequest
            if route.unsafe and from_elsewhere(request, self._parts.settings.site):
                raise web.HTTPForbidden
            person = None if route.door is Door.PUBLIC else await persons.who(self._parts, request)
            visit = await self._visit(request, person)
            admit(route.door, person)
            if route.door is Door.MESSAGE:
                await may_edit(visit)
            return await route.handler(visit)
        except Stranger:
            return _to(
                visit, f"/sign-in?next={quote(request.path_qs, safe='')}" if request.method == "GET" else "/sign-in"
            )
        except NotEntered:
            return _to(visit, "/companies")
        except Refused as refused:
            return await self._refused(visit, refused)
        except web.HTTPException as error:
            return error if error.status < 400 else await self._told(visit, error)
        except (asyncio.CancelledError, ConnectionResetError):
            raise
        except Exception:
            log.exception("%s %s could not be answered", request.method, route.path)
            return await self._told(visit, web.HTTPInternalServerError())

    async def _refused(self, visit: Visit, refused: Refused) -> web.Response:
        """What is not there or not theirs, and what cannot be done where the page itself does not say so."""
        status = 404 if refused.says.endswith(_NOT_THERE) else 409
        says = visit.refusal(refused)
        if not visit.partial and not visit.wants_page:
            return web.Response(status=status, text=says)
        template = "shared/_refused.html" if visit.partial else "shared/refused.html"
        return await visit.page(template, status=status, says=says)

    async def _told(self, visit: Visit, error: web.HTTPException) -> web.StreamResponse:
        if not visit.partial and not visit.wants_page:
            response = web.Response(status=error.status, text=visit.words("Det gick inte just nu. Försök igen."))
        else:
            template = "shared/_error.html" if visit.partial else "shared/error.html"
            response = await visit.page(template, status=error.status, error=error.status)
        for name in ("Allow", "Retry-After"):
            if name in error.headers:
                response.headers[name] = error.headers[name]
        return response

    async def _visit(self, request: web.Request, person: Person | None) -> Visit:
        lang = person.language if person else request.cookies.get(LANGUAGE, "")
        if lang not in self._languages:
            lang = chosen(request.headers.get("Accept-Language", ""))
        shown = Shown(lang, person.company.time_zone) if person and person.company else Shown(lang)
        words = self._languages[lang].gettext
        live, company = self._parts.live, person.company.id if person and person.company else None
        published = live.published(company) if company else 0
        at = await live.at(company) if company else 0
        return Visit(
            request, self._parts, self._templates, self._static, person, lang, words, shown, call_id(), at, published
        )


def _to(visit: Visit, path: str) -> web.Response:
    """To where somebody must go first. A script of ours that asked for no page is told in words: it shows them where
    somebody's own words stand, which another page would take away."""
    if visit.request.headers.get("HX-Request") == "true":
        return web.Response(status=401, headers={"HX-Redirect": path})
    if visit.wants_page:
        return web.Response(status=303, headers={"Location": path})
    return web.Response(
        status=401,
        text=visit.words("Du är inte inloggad längre. Logga in i en annan flik: det du har gjort här står kvar."),
    )
