"""Valv och drift: the copies and their proof, what was lost and healed, what is to be erased, calls, jobs, the log."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from pbx.rules.destinations import Account, Destination
from pbx.rules.numbers import Number
from pbx.store.ids import is_id
from pbx.store.values import AuditEntry, Company, Job
from pbx.vault import CopyState
from pbx.web.actors import name
from pbx.web.gone import gone
from pbx.web.vault.actions import words_of
from pbx.web.vault.details import details
from pbx.web.vault.reasons import reason
from pbx.web.visit import Visit

_SHOWN = 20
_LOG_PAGE = 50
_GREETING = re.compile(r"greeting-(\d+)")


@dataclass(frozen=True, slots=True)
class Copy:
    """`has` of `of` objects of the company are whole in it, as far as is known."""

    state: CopyState
    has: int
    of: int


@dataclass(frozen=True, slots=True)
class Calls:
    """`held`: by us just now, `recording` of these; `talking`: telephones, if Asterisk tells. None where another
    process has the calls."""

    held: int
    recording: int
    talking: int | None


async def show(visit: Visit) -> web.StreamResponse:
    company, library = visit.company.id, visit.parts.library
    lost = await library.ledger.latest(company, only_open=True)
    objects = await library.brake.objects(company)
    copies = [
        Copy(state, objects - sum(state.name in line.copies for line in lost.lines), objects)
        for state in await library.proof.copies()
    ]
    last = await library.proof.last()
    template = "vault/_state.html" if visit.partial else "vault/vault.html"
    return await visit.page(
        template, copies=copies, swept=last.swept, scrubbed=last.scrubbed, lost=lost, gone=await gone(visit),
        owners=await library.mailboxes.greeted(company),
        healed=(await library.ledger.latest(company, only_open=False)).lines,
        orders=await library.erasing.orders(company), brake=await library.brake.state(company),
        braked=await library.brake.is_on(company), calls=await _calls(visit),
        jobs=await _named(visit, await library.jobs.recent(company, _SHOWN)), scrub=visit.parts.scrubs.now,
        reason=partial(reason, visit.words),
    )  # fmt: skip


async def scrub(visit: Visit) -> web.StreamResponse:
    """Everything is read again, of all companies, since the copies are everybody's. The company reads who asked."""
    if visit.parts.scrubs.ask():
        await visit.parts.audit.write(visit.company.id, visit.by, "scrub asked for", visit.company.name)
    return visit.go("/vault")


async def scrubbing(visit: Visit) -> web.StreamResponse:
    return await visit.page("vault/_scrub.html", scrub=visit.parts.scrubs.now)


async def release(visit: Visit) -> web.StreamResponse:
    """The operator says yes to what has been stopped, inside the company whose it is."""
    await visit.parts.library.brake.release(visit.company.id, by=visit.by)
    return visit.go("/vault")


async def log(visit: Visit) -> web.StreamResponse:
    entries, older = await visit.parts.audit.page(visit.company.id, visit.query("before"), _LOG_PAGE)
    names = {actor: await name(visit, actor) for actor in {entry.actor for entry in entries}}
    operator = visit.person is not None and visit.person.role == "operator"
    rows = [
        (
            entry,
            names[entry.actor],
            await _subject(visit, entry),
            details(visit.words, entry.details, numbers=not operator),
        )
        for entry in entries
    ]
    return await visit.page(
        "vault/log.html", rows=rows, actions=words_of(visit.words), older=older, first=not visit.query("before")
    )


async def _subject(visit: Visit, entry: AuditEntry) -> str:
    """As people call it: a greeting by whose it is."""
    if is_id(entry.subject):
        return ""
    greeting = _GREETING.fullmatch(entry.subject)
    owner = await visit.parts.people.by_extension(visit.company.id, greeting[1]) if greeting else None
    if owner is None:
        return entry.subject
    return visit.words("%(whose)s hälsning") % {"whose": visit.shown.whose(owner.name)}


@dataclass(frozen=True, slots=True)
class Line:
    """A company, as the operator sees it: by counts."""

    company: Company
    lost: int
    damaged: int
    healed: int
    orders: int
    braked: bool
    jobs: int
    held: int | None


async def everywhere(visit: Visit) -> web.StreamResponse:
    library = visit.parts.library
    companies = await visit.parts.companies.all()
    counts, orders = await library.ledger.counts(), await library.erasing.open_counts()
    stopped, live = await library.brake.stopped(), Counter(job.company for job in await library.jobs.live())
    held = Counter(of for of, _ in visit.parts.calls.held()) if visit.parts.calls else None
    lines = [
        Line(
            one, *counts.get(one.id, (0, 0, 0)), orders.get(one.id, 0), one.id in stopped,
            live[one.id], None if held is None else held[one.id],
        )
        for one in companies
    ]  # fmt: skip
    last = await library.proof.last()
    template = "vault/_everywhere.html" if visit.partial else "vault/everywhere.html"
    return await visit.page(
        template, lines=lines, copies=await library.proof.copies(), swept=last.swept, scrubbed=last.scrubbed,
        scrub=visit.parts.scrubs.now, held=None if held is None else held.total(), reason=partial(reason, visit.words),
    )  # fmt: skip


async def scrub_everywhere(visit: Visit) -> web.StreamResponse:
    visit.parts.scrubs.ask()
    return visit.go("/operations")


async def scrubbing_everywhere(visit: Visit) -> web.StreamResponse:
    return await visit.page("vault/_scrub.html", scrub=visit.parts.scrubs.now, operations=True)


async def _calls(visit: Visit) -> Calls | None:
    if visit.parts.calls is None:
        return None
    held = [flow for company, flow in visit.parts.calls.held() if company == visit.company.id]
    recording = sum(flow in ("record_prompt", "record_round") for flow in held)
    phones, talking = await visit.parts.people.sip_users(visit.company.id), await visit.parts.calls.talking()
    return Calls(len(held), recording, None if talking is None else len(phones & talking))


async def _named(visit: Visit, jobs: list[Job]) -> list[tuple[Job, str]]:
    """With whom each rings: a name, never the number."""
    people, company = visit.parts.people, visit.company.id
    numbers, users = await people.all_numbers(company), await people.all(company)
    owners = {one.number: user.name for user in users for one in numbers.get(user.id, ())}
    return [(job, _who(visit, owners, job.to)) for job in jobs]


def _who(visit: Visit, owners: Mapping[Number, str], to: Destination) -> str:
    return visit.words("webbläsaren") if isinstance(to, Account) else owners.get(to, "")
