"""The first page, and what is no page: health, files, the language."""

from aiohttp import web

from pbx.company.languages import known
from pbx.web.texts import LANGUAGE
from pbx.web.visit import Visit, our_path

_ICON = "image/svg+xml"


async def first(visit: Visit) -> web.StreamResponse:
    """To where this person's work is."""
    person = visit.person
    if person is None:
        return visit.go("/sign-in")
    if person.role == "operator" and person.company is None:
        return visit.go("/companies")
    return visit.go("/mailbox" if person.role == "user" else "/messages")


async def health(visit: Visit) -> web.StreamResponse:
    return web.Response(text="ok\n")


async def static(visit: Visit) -> web.StreamResponse:
    packed = "gzip" in visit.request.headers.get("Accept-Encoding", "")
    return visit.static.answer(visit.of_path("mark"), visit.of_path("name"), packed=packed)


async def icon(visit: Visit) -> web.StreamResponse:
    response = web.Response(body=visit.static.files["icon.svg"], content_type=_ICON)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


async def language(visit: Visit) -> web.StreamResponse:
    """Theirs from now on; before signing in, this browser's."""
    form = await visit.form()
    lang = known(form.get("language", ""))
    person = visit.person
    if person and person.user and person.company:
        await visit.parts.people.set_language(person.company.id, person.user.id, lang, by=person.by)
    elif person and person.operator:
        await visit.parts.accounts.set_operator_language(person.operator.id, lang)
    response = visit.go(our_path(form.get("back", "/")))
    response.set_cookie(LANGUAGE, lang, max_age=365 * 86_400, path="/", secure=True, httponly=True, samesite="Lax")
    return response
