"""Companies, as the operator sees them: which there are, and entering one with a reason that it can read."""

from aiohttp import web

from pbx.errors import Refused
from pbx.store.ids import is_id
from pbx.web.visit import Visit


async def show(visit: Visit) -> web.StreamResponse:
    return await _page(visit)


async def enter(visit: Visit) -> web.StreamResponse:
    form, wanted = await visit.form(), visit.of_path("company")
    person = visit.person
    assert person is not None  # noqa: S101  the door
    assert person.operator is not None  # noqa: S101
    if not is_id(wanted):
        raise Refused("company-unknown")
    company = await visit.parts.companies.get(wanted)
    try:
        await visit.parts.signing_in.enter(person.session, person.operator, company.id, form.get("reason", ""))
    except Refused as refused:
        return await _page(visit, refused, company.id)
    return visit.go("/messages")


async def leave(visit: Visit) -> web.StreamResponse:
    person = visit.person
    assert person is not None  # noqa: S101  the door
    assert person.operator is not None  # noqa: S101
    await visit.parts.signing_in.leave(person.session, person.operator)
    return visit.go("/companies")


async def _page(visit: Visit, refused: Refused | None = None, of: str = "") -> web.Response:
    companies = await visit.parts.companies.all()
    wrong = visit.refusal(refused) if refused else ""
    return await visit.page(
        "companies/list.html", status=422 if refused else 200, companies=companies, wrong=wrong, of=of
    )
