"""A message that is new, is removed, or comes back: removing asks nothing, and can be undone for a month."""

from aiohttp import web

from pbx.errors import Refused
from pbx.web.messages import edit
from pbx.web.visit import Visit

# Greetings come with their mailboxes.
KINDS = ("announcement", "welcome", "menu", "queue")
# By what a field's refusal begins with, the field.
_FIELDS = {"name-": "name", "message-name-": "name", "message-kind": "kind", "script-": "script"}


async def new(visit: Visit) -> web.StreamResponse:
    return await _new(visit, {"kind": KINDS[0]})


async def add(visit: Visit) -> web.StreamResponse:
    """With its script, which is what callers hear until something is recorded."""
    form, lang = await visit.form(), visit.company.language
    script = form.get("script", "").strip()
    try:
        if form.get("kind") not in KINDS:
            raise Refused("message-kind", form.get("kind", "")[:20])
        message = await visit.parts.library.messages.add(
            visit.company.id,
            form.get("name", ""),
            form["kind"],
            scripts={lang: script} if script else None,
            by=visit.by,
        )
    except Refused as refused:
        return await _new(visit, form, refused)
    return visit.go(f"/messages/{message.id}?lang={lang}")


async def remove(visit: Visit) -> web.StreamResponse:
    message = visit.of_path("message")
    try:
        await visit.parts.library.removal.delete(visit.company.id, message, by=visit.by)
    except Refused as refused:
        return await edit.again(visit, refused, "remove")
    return visit.go(f"/messages?removed={message}")


async def restore(visit: Visit) -> web.StreamResponse:
    message = await visit.parts.library.removal.undelete(visit.company.id, visit.of_path("message"), by=visit.by)
    return visit.go(f"/messages/{message.id}")


async def _new(visit: Visit, kept: dict[str, str], refused: Refused | None = None) -> web.Response:
    says = refused.says if refused else ""
    kept = {name: kept.get(name, "")[:4000] for name in ("name", "kind", "script")}
    return await visit.page(
        "messages/new.html", status=422 if refused else 200, kinds=KINDS, kept=kept,
        wrong=visit.refusal(refused) if refused else "",
        field=next((field for begins, field in _FIELDS.items() if says.startswith(begins)), ""),
    )  # fmt: skip
