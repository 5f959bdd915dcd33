"""Whose greeting a message is: a user edits that one, by the same pages by which administrators edit all of them."""

from aiohttp import web

from pbx.errors import Refused
from pbx.rules.destinations import Account
from pbx.rules.numbers import parse_number
from pbx.web.visit import Visit


def administers(visit: Visit) -> bool:
    return visit.person is not None and visit.person.role != "user"


async def may_edit(visit: Visit) -> None:
    """Of an address with a message, or with a job that records one. Raises HTTPForbidden; Refused `job-unknown`."""
    if administers(visit):
        return
    about = visit.request.match_info
    message = about.get("message")
    if "job" in about:
        message = (await visit.parts.library.jobs.get(visit.company.id, about["job"])).message
    if message is None:
        return
    box = await visit.parts.library.mailboxes.of_user(visit.company.id, visit.user.id)
    if box.greeting != message:
        raise web.HTTPForbidden


async def may_ring(visit: Visit, to: str | Account) -> None:
    """Users have themselves rung, and nobody else. Refused: `number-form`, `number-not-own`."""
    if administers(visit) or isinstance(to, Account):
        return
    number = parse_number(to)
    mine = await visit.parts.people.numbers(visit.company.id, visit.user.id)
    if number not in {one.number for one in mine}:
        raise Refused("number-not-own", number.e164)
