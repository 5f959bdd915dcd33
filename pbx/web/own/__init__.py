"""What is one's own: where one is signed in, the password, the PIN."""

from aiohttp import web

from pbx.company import Wait
from pbx.errors import Refused
from pbx.web.person import Person, forget
from pbx.web.visit import Visit


async def sessions(visit: Visit) -> web.StreamResponse:
    person = _person(visit)
    mine = await visit.parts.signing_in.all(person.id)
    return await visit.page(
        "own/sessions.html", sessions=mine, this=person.session.id, done=visit.query("done") == "password"
    )


async def end_session(visit: Visit) -> web.StreamResponse:
    person = _person(visit)
    ended = visit.of_path("session")
    if not await visit.parts.signing_in.end(person.id, ended):
        raise Refused("session-unknown")
    if ended != person.session.id:
        return visit.go("/sessions")
    response = visit.go("/sign-in")
    forget(response)
    return response


async def password(visit: Visit) -> web.StreamResponse:
    return await visit.page("own/password.html", wrong="", email=await _email(visit, _person(visit)))


async def choose_password(visit: Visit) -> web.StreamResponse:
    """Whoever is signed in elsewhere as this person is not any more."""
    person, form = _person(visit), await visit.form()
    try:
        await _prove(visit, person, form.get("current", ""))
        if form.get("password", "") != form.get("again", ""):
            raise Refused("passwords-differ")
        await _set_password(visit, person, form.get("password", ""))
    except Refused as refused:
        wrong = visit.refusal(refused)
        return await visit.page("own/password.html", status=422, wrong=wrong, email=await _email(visit, person))
    return visit.go("/sessions?done=password")


async def pin(visit: Visit) -> web.StreamResponse:
    return await visit.page("own/pin.html", wrong="", has=await visit.parts.pins.has(visit.company.id, visit.user.id))


async def choose_pin(visit: Visit) -> web.StreamResponse:
    form, pins = await visit.form(), visit.parts.pins
    try:
        if form.get("pin", "") != form.get("again", ""):
            raise Refused("pins-differ")
        await pins.set(visit.company.id, visit.user.id, form.get("pin", "").strip(), by=visit.by)
    except Refused as refused:
        has = await pins.has(visit.company.id, visit.user.id)
        return await visit.page("own/pin.html", status=422, wrong=visit.refusal(refused), has=has)
    return visit.go("/mailbox?done=pin")


async def _prove(visit: Visit, person: Person, password: str) -> None:
    """A browser that was left open is not enough to take an account over. Refused: `password-wrong`,
    `password-wait`."""
    email = await _email(visit, person)
    outcome = await visit.parts.signing_in.knows(email, password, address=visit.request.remote or "")
    if outcome is not None:
        raise Refused("password-wait" if isinstance(outcome, Wait) else "password-wrong")


async def _email(visit: Visit, person: Person) -> str:
    account = person.operator or await visit.parts.accounts.of(visit.user.company, visit.user.id)
    return account.email if account else ""


async def _set_password(visit: Visit, person: Person, password: str) -> None:
    accounts, this = visit.parts.accounts, person.session.id
    if person.operator is not None:
        await accounts.set_operator_password(person.operator.id, password, keep_session=this)
    else:
        await accounts.set_password(visit.user.company, visit.user.id, password, by=visit.by, keep_session=this)


def _person(visit: Visit) -> Person:
    assert visit.person is not None  # noqa: S101  the door
    return visit.person
