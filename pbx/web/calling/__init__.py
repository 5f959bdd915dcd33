"""Provring: somebody's telephone is rung and led through the very place that callers come to; and how a job goes on."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from pbx.company.languages import LANGUAGES
from pbx.errors import Refused
from pbx.rules.destinations import Account
from pbx.store.ids import new_id
from pbx.store.values import Aim, Job, Target
from pbx.web.menus.targets import known
from pbx.web.visit import Visit

_PAGES = {"test": "test-call", "round": "round"}
_AIMS: tuple[Aim, ...] = ("menu", "extension", "mailbox", "message")


async def ask(visit: Visit) -> web.StreamResponse:
    return await _page(visit, visit.query("to"), visit.query("lang"), await own_number(visit))


async def start(visit: Visit) -> web.StreamResponse:
    form = await visit.form()
    to, lang, number = form.get("to", ""), form.get("lang", ""), form.get("number", "")
    target = await _target(visit, to)
    try:
        rings = await wanted(visit, form, number)
        job = await asked(
            visit, rings, lambda: visit.parts.library.jobs.request_test(
                visit.company.id, target, _lang(visit, lang), rings, asked_by=visit.by, key=form.get("key") or None
            ),
        )  # fmt: skip
    except Refused as refused:
        return await _page(visit, to, lang, number, refused)
    return await _follow(visit, job) if visit.partial else visit.go(page_of(job))


async def follow(visit: Visit) -> web.StreamResponse:
    job = await visit.parts.library.jobs.get(visit.company.id, visit.of_path("job"))
    return await _follow(visit, job)


def page_of(job: Job) -> str:
    """Where it is followed."""
    return f"/{_PAGES.get(job.kind, 'jobs')}/{job.id}"


async def wanted(visit: Visit, form: Mapping[str, str], typed: str) -> str | Account:
    """What the form wants rung: the number, or the phone of its own page. Refused: `browser-phone-off`."""
    if "browser" not in form:
        return typed
    account, session = form["browser"], visit.person.session.id if visit.person else ""
    if not await visit.parts.browser_phones.keep(visit.company.id, session, account):
        raise Refused("browser-phone-off")
    return Account(account)


async def asked(visit: Visit, to: str | Account, request: Callable[[], Awaitable[Job]]) -> Job:
    """A number that is entered for nobody becomes one of who asks: whoever types it says "my telephone"."""
    try:
        return await request()
    except Refused as refused:
        if refused.says != "number-unknown" or visit.person is None or visit.person.user is None:
            raise
        assert isinstance(to, str)  # noqa: S101  a number
    await visit.parts.people.add_number(
        visit.company.id, visit.user.id, to, visit.parts.settings.countries, by=visit.by
    )
    return await request()


async def own_number(visit: Visit) -> str:
    """Where the person themselves can be rung, if we know it."""
    if visit.person is None or visit.person.user is None:
        return ""
    numbers = await visit.parts.people.numbers(visit.company.id, visit.person.user.id)
    return typed(visit, numbers[0].number.e164) if numbers else ""


def typed(visit: Visit, e164: str) -> str:
    """As somebody would type it, without what keeps it on one line."""
    return visit.shown.number(e164).replace("\u00a0", " ").replace("\u2011", "-")


async def _follow(visit: Visit, job: Job) -> web.Response:
    if job.kind != "test" or job.aim is None:
        raise Refused("job-unknown")
    told = await known(visit)
    template = "calling/_job.html" if visit.partial else "calling/job.html"
    return staying(await visit.page(template, job=job, name=told.of(job.aim)), job)


def staying(response: web.Response, job: Job) -> web.Response:
    """The form becomes the job without another page, on which the phone that is about to ring would have to begin
    anew; what is loaded again is the job's page."""
    response.headers["HX-Replace-Url"] = page_of(job)
    return response


async def _page(visit: Visit, to: str, lang: str, number: str, refused: Refused | None = None) -> web.StreamResponse:
    target = await _target(visit, to)
    told = await known(visit)
    return await visit.page(
        "calling/_ask.html" if visit.partial else "calling/ask.html", status=422 if refused else 200, to=to,
        speaks=_lang(visit, lang), number=number,
        name=told.of(target), key=new_id(), wrong=visit.refusal(refused) if refused else "",
    )  # fmt: skip


async def _target(visit: Visit, text: str) -> Target:
    """`menu:…` as our links have it. Refused: `target-unknown` for what is not there."""
    kind, _, value = text.partition(":")
    aim = next((aim for aim in _AIMS if aim == kind), None)
    if aim is None:
        raise Refused("target-unknown", text[:40])
    target = Target(aim, value)
    await visit.parts.menus.lead(visit.company.id, target)
    return target


def _lang(visit: Visit, lang: str) -> str:
    return lang if lang in LANGUAGES else visit.company.language
