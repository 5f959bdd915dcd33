"""Spela in alla i ett samtal: which messages, and then the script that follows the call."""

from aiohttp import web

from pbx.errors import Refused
from pbx.library.jobs import LONGEST_ROUND, unfinished
from pbx.library.rounds import Which
from pbx.store.ids import new_id
from pbx.store.values import Job
from pbx.web.calling import asked, own_number, page_of, staying, wanted
from pbx.web.gone import gone
from pbx.web.visit import Visit

_FIELD = "item-"


async def ask(visit: Visit) -> web.StreamResponse:
    return await _page(visit, await own_number(visit))


async def start(visit: Visit) -> web.StreamResponse:
    form = await visit.form()
    number = form.get("number", "")
    chosen = [
        tuple(name.removeprefix(_FIELD).split("/")[:2]) for name in form if name.startswith(_FIELD) and "/" in name
    ]
    items = [(message, lang) for message, lang in chosen]
    try:
        rings = await wanted(visit, form, number)
        job = await asked(
            visit, rings, lambda: visit.parts.library.jobs.request_round(
                visit.company.id, items, rings, asked_by=visit.by, key=form.get("key") or None
            ),
        )  # fmt: skip
    except Refused as refused:
        if refused.says.startswith(("message-", "language-")):
            raise
        return await _page(visit, number, refused, set(items))
    return await _follow(visit, job) if visit.partial else visit.go(page_of(job))


async def follow(visit: Visit) -> web.StreamResponse:
    return await _follow(visit, await visit.parts.library.jobs.get(visit.company.id, visit.of_path("job")))


async def _follow(visit: Visit, job: Job) -> web.Response:
    if job.kind != "round":
        raise Refused("job-unknown")
    item = job.item
    now = await visit.parts.library.rounds.these(visit.company.id, [(item.message, item.lang)] if item else [])
    template = "rounds/_round.html" if visit.partial else "rounds/round.html"
    page = await visit.page(template, job=job, now=now[0] if now and job.live else None, left=unfinished(job))
    return staying(page, job)


async def _page(
    visit: Visit, number: str, refused: Refused | None = None, chosen: set[tuple[str, str]] | None = None
) -> web.StreamResponse:
    rounds, jobs, company = visit.parts.library.rounds, visit.parts.library.jobs, visit.company.id
    which: Which = "spoken" if visit.query("which") == "spoken" else "lost"
    broken_off = await jobs.open_round(company)
    left = [(item.message, item.lang) for item in unfinished(broken_off)] if broken_off else []
    going_on = broken_off is not None and visit.query("again") == broken_off.id
    items = await (rounds.these(company, left) if going_on else rounds.lacking(company, which, LONGEST_ROUND))
    says, wrong = (refused.says, visit.refusal(refused)) if refused else ("", "")
    return await visit.page(
        "rounds/_ask.html" if visit.partial else "rounds/ask.html", status=422 if refused else 200, items=items,
        which="" if going_on else which,
        spoken=(await visit.parts.library.listing.counts(company))["spoken"], gone=await gone(visit), number=number,
        key=new_id(),
        says=says, wrong=wrong, broken_off=broken_off, left=len(left),
        chosen={(item.message, item.lang) for item in items} if chosen is None else chosen,
    )  # fmt: skip
