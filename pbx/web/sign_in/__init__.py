"""Signing in and out, and choosing a password by a link."""

import math

from aiohttp import web

from pbx.company import SignedIn, Wait
from pbx.errors import Refused
from pbx.store.links import Link
from pbx.web.person import forget, remember
from pbx.web.sign_in.mail import write
from pbx.web.visit import Visit, our_path


async def show(visit: Visit) -> web.StreamResponse:
    if visit.person is not None:
        return visit.go(our_path(visit.query("next", "/")))
    return await visit.page("sign_in/sign_in.html", email="", next=our_path(visit.query("next", "/")), wrong="")


async def enter(visit: Visit) -> web.StreamResponse:
    form = await visit.form()
    email, back = form.get("email", ""), our_path(form.get("next", "/"))
    outcome = await visit.parts.signing_in.sign_in(
        email, form.get("password", ""), address=_address(visit), agent=_agent(visit)
    )
    if isinstance(outcome, SignedIn):
        response = visit.go(back)
        remember(response, outcome.token)
        return response
    if isinstance(outcome, Wait):
        response = await visit.page(
            "sign_in/sign_in.html", status=429, email=email[:254], next=back, wrong="wait", seconds=outcome.seconds
        )
        response.headers["Retry-After"] = str(math.ceil(outcome.seconds))
        return response
    return await visit.page("sign_in/sign_in.html", status=422, email=email[:254], next=back, wrong="wrong")


async def leave(visit: Visit) -> web.StreamResponse:
    if visit.person is not None:
        await visit.parts.signing_in.end(visit.person.id, visit.person.session.id)
    response = visit.go("/sign-in")
    forget(response)
    return response


async def ask(visit: Visit) -> web.StreamResponse:
    return await visit.page("sign_in/forgotten.html", sent=False, works=visit.parts.outbox.works)


async def send(visit: Visit) -> web.StreamResponse:
    """The answer is the same whether there is such an address or not."""
    form = await visit.form()
    mailed = await visit.parts.signing_in.forgotten(form.get("email", ""), address=_address(visit))
    if mailed is not None:
        await write(visit, mailed)
    return await visit.page("sign_in/forgotten.html", sent=True, works=visit.parts.outbox.works)


async def link(visit: Visit) -> web.StreamResponse:
    """Only looks: a mail server that opens each link does not use it up."""
    found = await visit.parts.signing_in.link(visit.of_path("token"))
    return await _choose(visit, found)


async def use(visit: Visit) -> web.StreamResponse:
    token, form = visit.of_path("token"), await visit.form()
    found = await visit.parts.signing_in.link(token)
    accounts, password = visit.parts.accounts, form.get("password", "")
    try:
        if password != form.get("again", password):
            raise Refused("passwords-differ")
        match found:
            case Link("first"):
                name, email = form.get("name", ""), form.get("email", "")
                await accounts.add_operator(name, email, password, language=visit.lang, link=token)
            case Link("operator", str(person)):
                await accounts.set_operator_password(person, password)
                await visit.parts.signing_in.use_link(token)
            case Link("user", str(person), str(company)):
                await accounts.set_password(company, person, password, by="link")
                await visit.parts.signing_in.use_link(token)
    except Refused as refused:
        if refused.says == "link-used":
            raise
        return await _choose(visit, found, refused, form)
    response = visit.go("/sign-in")
    forget(response)
    return response


async def _choose(
    visit: Visit, found: Link, refused: Refused | None = None, form: dict[str, str] | None = None
) -> web.Response:
    kept = {name: (form or {}).get(name, "")[:254] for name in ("name", "email")}
    return await visit.page(
        "sign_in/choose.html", status=422 if refused else 200, first=found.kind == "first", kept=kept,
        says=refused.says if refused else "", wrong=visit.refusal(refused) if refused else "",
    )  # fmt: skip


def _address(visit: Visit) -> str:
    return visit.request.remote or ""


def _agent(visit: Visit) -> str:
    return visit.request.headers.get("User-Agent", "")[:200]
