"""Var det hörs: each number's way, what callers hear at every step of it and because of what; a click edits it."""

from aiohttp import web

from pbx.company.languages import known
from pbx.errors import Refused
from pbx.store.values import CompanyNumber
from pbx.web.sound import file_of, wav
from pbx.web.visit import Visit
from pbx.web.way.walk import Walk, first_heard, rows

_KINDS = ("menu", "mailbox")


async def show(visit: Visit) -> web.StreamResponse:
    """Of the first number."""
    numbers = await visit.parts.numbers.all(visit.company.id)
    main = next((number for number in numbers if number.kind != "voicemail"), numbers[0] if numbers else None)
    return await _page(visit, numbers, main)


async def of_number(visit: Visit) -> web.StreamResponse:
    numbers = await visit.parts.numbers.all(visit.company.id)
    wanted = next((number for number in numbers if number.id == visit.of_path("number")), None)
    if wanted is None:
        raise Refused("number-unknown")
    return await _page(visit, numbers, wanted)


async def heard(visit: Visit) -> web.StreamResponse:
    """What is heard in a place now."""
    kind, slot = visit.of_path("kind"), f"{visit.of_path('owner')}/{visit.of_path('slot')}"
    places = await visit.parts.library.messages.all_places(visit.company.id)
    place = next((place for place in places if (place.kind, place.slot) == (kind, slot) and kind in _KINDS), None)
    if place is None:
        raise web.HTTPNotFound
    lang = known(visit.query("lang", visit.company.language))
    playable = await visit.parts.library.messages.playable(visit.company.id, place.kind, slot, lang)
    if not playable.media:
        raise web.HTTPNotFound
    return await wav(visit.request, [file_of(visit.parts.settings, media) for media in playable.media])


async def _page(visit: Visit, numbers: list[CompanyNumber], number: CompanyNumber | None) -> web.StreamResponse:
    template = "way/_way.html" if visit.partial else "way/map.html"
    if number is None:
        return await visit.page(template, numbers=numbers, number=None, step=None, first=(), speaks="")
    lang = number.language or visit.company.language
    step = await Walk(visit, await rows(visit), lang).from_number(number)
    return await visit.page(template, numbers=numbers, number=number, step=step, first=first_heard(step), speaks=lang)
