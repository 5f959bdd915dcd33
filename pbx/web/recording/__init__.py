"""Spela in filen: the switchboard rings somebody, who reads the message in; the page follows the call as it happens."""

import asyncio
from secrets import token_urlsafe
from typing import Any

from aiohttp import web

from pbx.company.languages import LANGUAGES
from pbx.errors import Refused
from pbx.rules import numbers
from pbx.rules.destinations import Destination
from pbx.rules.numbers import Number
from pbx.store.values import Job
from pbx.web import calling, waves
from pbx.web.live_page import begin
from pbx.web.messages.edit import lang_of, of
from pbx.web.own_greeting import administers, may_ring
from pbx.web.recording.level import Level
from pbx.web.sound import file_of
from pbx.web.visit import Visit

_LOOK_S = 0.2


async def show(visit: Visit) -> web.StreamResponse:
    """A page of its own, or what stands in a dialog: the words to read, and the number to ring; or the call in which
    they are being read."""
    running = await visit.parts.library.jobs.about(visit.company.id, visit.of_path("message"))
    if running is None:
        return await _ask(visit)
    return await _follow(visit, running) if running.kind == "record" else visit.go(calling.page_of(running))


async def check(visit: Visit) -> web.StreamResponse:
    """What is wrong with a number while it is typed; nothing, if nothing is."""
    wrong = ""
    try:
        number = numbers.parse_number(visit.query("to"))
        numbers.may_ring(number, visit.parts.settings.countries)
    except Refused as refused:
        wrong = visit.refusal(refused)
    return await visit.page("recording/_number.html", wrong=wrong)


async def start(visit: Visit) -> web.StreamResponse:
    """Rings. A form that is sent twice rings once: its key is the job's."""
    form, message_id, lang = await visit.form(), visit.of_path("message"), lang_of(visit)
    to = form.get("to", "")
    try:
        rings = await calling.wanted(visit, form, to)
        await may_ring(visit, rings)
        job = await calling.asked(
            visit, rings, lambda: visit.parts.library.jobs.request(
                visit.company.id, message_id, lang, rings, asked_by=visit.by, key=form.get("key") or None
            ),
        )  # fmt: skip
    except Refused as refused:
        if refused.says in {"message-unknown", "message-deleted"}:
            raise
        return await _ask(visit, refused, to)
    if visit.partial:
        return await _follow(visit, job)
    return visit.go(f"/jobs/{job.id}")


async def job(visit: Visit) -> web.StreamResponse:
    found = await visit.parts.library.jobs.get(visit.company.id, visit.of_path("job"))
    return await _follow(visit, found) if found.kind == "record" else visit.go(calling.page_of(found))


async def cancel(visit: Visit) -> web.StreamResponse:
    found = await visit.parts.library.jobs.cancel(visit.company.id, visit.of_path("job"), by=visit.by)
    if visit.partial:
        return await _follow(visit, found)
    return visit.go(calling.page_of(found))


async def events(visit: Visit) -> web.StreamResponse:
    """Each change of the call, and while something is recorded the time and the level, until it is over."""
    found = await visit.parts.library.jobs.get(visit.company.id, visit.of_path("job"))
    if found.kind != "record":
        raise Refused("job-unknown")
    stream = await begin(visit.request)
    level, sent = Level(visit.parts.settings.spool), ""
    told: dict[str, Any] = {}
    try:
        while True:
            before, found = found, await visit.parts.library.jobs.get(visit.company.id, found.id)
            if found.live and found.take is not None:
                await level.look(await visit.parts.library.takes.get(visit.company.id, found.take))
            if not told or found != before:
                told = await _told(visit, found, level)
            text = str(visit.piece("recording/_steps.html", **told))
            if text != sent:
                sent = text
                await stream.write("".join(f"data: {line}\n" for line in text.splitlines()).encode() + b"\n")
            if not found.live:
                await stream.write(b"event: done\ndata:\n\n")
                return stream
            await asyncio.sleep(_LOOK_S)
    except (asyncio.CancelledError, ConnectionResetError):  # the service ends, or the page has gone
        return stream


async def _ask(visit: Visit, refused: Refused | None = None, typed: str | None = None) -> web.Response:
    view, lang = await of(visit, visit.of_path("message")), lang_of(visit)
    mine = []
    if visit.person is not None and visit.person.user is not None:
        mine = [one.number.e164 for one in await visit.parts.people.numbers(visit.company.id, visit.user.id)]
    proposed = calling.typed(visit, mine[0]) if mine else ""
    return await visit.page(
        "recording/_ask.html" if visit.partial else "recording/page.html", status=422 if refused else 200,
        piece="recording/_ask.html", view=view, text=lang, languages=LANGUAGES, script=view.script.get(lang) or "",
        to=proposed if typed is None else typed[:40], key=token_urlsafe(12), mine=mine,
        wrong=visit.refusal(refused) if refused else "", dialog=visit.partial,
    )  # fmt: skip


async def _follow(visit: Visit, found: Job) -> web.Response:
    told = await _told(visit, found, Level(visit.parts.settings.spool))
    page = await visit.page(
        "recording/_job.html" if visit.partial else "recording/page.html", piece="recording/_job.html",
        dialog=visit.partial, **told,
    )  # fmt: skip
    return calling.staying(page, found)


async def _told(visit: Visit, found: Job, level: Level) -> dict[str, Any]:
    """What the steps are made of."""
    view = await of(visit, found.message)
    told: dict[str, Any] = {
        "job": found, "view": view, "text": found.lang, "script": view.script.get(found.lang) or "",
        "rung": _rung(visit, found.to),
        "states": {state for state, _ in found.history}, "level": level, "because": _because(visit, found),
        "curve": "", "next": None,
    }  # fmt: skip
    if found.state == "saved":
        playable = await visit.parts.library.messages.playable_message(visit.company.id, found.message, found.lang)
        if playable.media:
            told["curve"] = await waves.of_file(file_of(visit.parts.settings, playable.media[0]))
        gone = (await visit.parts.library.listing.gone(visit.company.id)).messages if administers(visit) else ()
        following = next((one for one in gone if one != found.message), None)
        told["next"] = await of(visit, following) if following else None
    return told


def _rung(visit: Visit, to: Destination) -> str:
    return visit.shown.number(to.e164) if isinstance(to, Number) else visit.words("webbläsaren")


def _because(visit: Visit, found: Job) -> str:
    """A sentence of the catalogue, where the reason is one."""
    return visit.refusal(Refused(found.because)) if visit.parts.phrases.knows(found.because) else ""
