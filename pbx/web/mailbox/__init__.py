"""Min röstbrevlåda: what callers left, what they hear before they do, and what a user looks like."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from pbx.library.mailboxes import Received
from pbx.rules.numbers import Caller, Extension, Number, Withheld
from pbx.rules.retention import VOICE_UNDO, VOICE_UNDO_DAYS
from pbx.store.clock import utc_now
from pbx.store.values import VoiceState
from pbx.web.mailbox.greeting import box_of, greeting_of
from pbx.web.pictures import faces
from pbx.web.sound import file_of, wav
from pbx.web.visit import Visit

WHICH = ("all", "new", "kept")
STATES: dict[str, VoiceState] = {"new": "new", "kept": "kept", "deleted": "deleted"}
_JUST = timedelta(minutes=10)  # so long a deleted message stays in sight where it was, with its way back


@dataclass(frozen=True, slots=True)
class Row:
    """`name`: the colleague's, or none. `number`: as people write it; empty if withheld. `dial`: what calls back.
    `gone`: when what was deleted cannot be brought back any more."""

    received: Received
    name: str
    number: str
    dial: str
    face: str
    gone: datetime | None


async def show(visit: Visit) -> web.StreamResponse:
    box = await box_of(visit)
    which = next((one for one in WHICH if one == visit.query("which")), "all")
    pictures = await faces(visit)
    rows = [
        _row(visit, one, pictures.get(one.who.id, "") if one.who else "")
        for one in await visit.parts.library.mailboxes.received(visit.company.id, box.id)
    ]
    counts = {one: sum(_in(row, one) for row in rows) for one in WHICH}
    values: dict[str, Any] = {
        "rows": [row for row in rows if _shows(row, which)], "which": which, "counts": counts,
        "undo_days": VOICE_UNDO_DAYS,
    }  # fmt: skip
    if visit.partial:
        return await visit.page("mailbox/_voice.html", **values)
    user, parts = visit.user, visit.parts
    return await visit.page(
        "mailbox/mailbox.html", **values, face=pictures.get(user.id, ""),
        pin=(await parts.pins.all(user.company)).get(user.id),
        numbers=await parts.people.numbers(user.company, user.id), greeting=await greeting_of(visit, box),
        done=visit.query("done"),
    )  # fmt: skip


async def play(visit: Visit) -> web.StreamResponse:
    """What was said; `save`: as a file to keep."""
    message = await visit.parts.library.mailboxes.message(
        visit.company.id, (await box_of(visit)).id, visit.of_path("voice")
    )
    media = await visit.parts.library.mailboxes.media(message)
    if media is None:
        raise web.HTTPNotFound
    name = f"{message.at:%Y-%m-%d-%H%M}.wav" if visit.query("save") else ""
    return await wav(visit.request, [file_of(visit.parts.settings, media)], lasting=True, save_as=name)


async def mark(visit: Visit) -> web.StreamResponse:
    """Keeps it, deletes it, or takes that back: all of it can be."""
    wanted = STATES.get((await visit.form()).get("state", ""))
    if wanted is None:
        raise web.HTTPBadRequest
    message = await visit.parts.library.mailboxes.message(
        visit.company.id, (await box_of(visit)).id, visit.of_path("voice")
    )
    await visit.parts.library.mailboxes.mark(visit.company.id, message.id, wanted, by=visit.by)
    return await show(visit) if visit.partial else visit.go("/mailbox")


async def erase(visit: Visit) -> web.StreamResponse:
    """For good, from every copy: only what has been deleted, so that nobody does it by one slip."""
    library, company = visit.parts.library, visit.company.id
    message = await library.mailboxes.message(company, (await box_of(visit)).id, visit.of_path("voice"))
    if message.state != "deleted":
        raise web.HTTPBadRequest
    await library.erasing.order_voice(company, message.id, by=visit.by, because="for good")
    return await show(visit) if visit.partial else visit.go("/mailbox")


def _row(visit: Visit, one: Received, face: str) -> Row:
    number, dial = _numbers(visit, one.message.caller)
    at = one.message.deleted_at
    return Row(one, one.who.name if one.who else "", number, dial, face, at + VOICE_UNDO if at else None)


def _numbers(visit: Visit, caller: Caller) -> tuple[str, str]:
    """As it is read, and as it is dialled."""
    match caller:
        case Number(e164):
            return visit.shown.number(e164), e164
        case Extension(digits):
            return digits, digits
        case Withheld():
            return "", ""


def _in(row: Row, which: str) -> bool:
    state = row.received.message.state
    return state != "deleted" if which == "all" else state == which


def _shows(row: Row, which: str) -> bool:
    at = row.received.message.deleted_at
    return _in(row, which) or (at is not None and (which == "all" or utc_now() - at < _JUST))
