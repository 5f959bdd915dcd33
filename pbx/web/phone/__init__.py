"""The phone in the browser: a panel beside every page (on a telephone a page of its own), and its way to Asterisk."""

from typing import Any

from aiohttp import web

from pbx.company.browser_phones import LASTS
from pbx.company.people import SHORT_CODE
from pbx.web.phone.proxy import hand_on
from pbx.web.pictures import faces
from pbx.web.same_site import of_our_page
from pbx.web.visit import Visit


async def show(visit: Visit) -> web.StreamResponse:
    return await visit.page("phone/phone.html", **await _values(visit))


async def panel(visit: Visit) -> web.StreamResponse:
    return await visit.page("phone/_panel.html", **await _values(visit))


async def lend(visit: Visit) -> web.StreamResponse:
    """An account of minutes for this page. `media` is where its sound is exchanged: Asterisk also offers addresses of
    this machine at which it does not listen."""
    assert visit.person is not None  # noqa: S101  the door
    lent = await visit.parts.browser_phones.lend(visit.company.id, visit.user.id, visit.person.session.id)
    host = visit.parts.settings.host
    return web.json_response(
        {"user": lent.phone.sip_user, "password": lent.password, "lasts": int(LASTS.total_seconds()),
         "media": "" if host == "0.0.0.0" else host}  # noqa: S104 - compared, not bound
    )  # fmt: skip


async def give_back(visit: Visit) -> web.StreamResponse:
    assert visit.person is not None  # noqa: S101  the door
    await visit.parts.browser_phones.give_back(visit.company.id, visit.person.session.id, visit.of_path("account"))
    return web.Response(status=204)


async def socket(visit: Visit) -> web.StreamResponse:
    """The page's way to Asterisk: for the session that has the account, and from our own pages alone."""
    assert visit.person is not None  # noqa: S101  the door
    if visit.request.headers.get("Upgrade", "").casefold() != "websocket":
        raise web.HTTPBadRequest
    if not of_our_page(visit.request, visit.parts.settings.site):
        raise web.HTTPForbidden
    account = visit.query("account")
    if not await visit.parts.browser_phones.keep(visit.company.id, visit.person.session.id, account):
        raise web.HTTPForbidden
    return await hand_on(visit, account)


async def _values(visit: Visit) -> dict[str, Any]:
    box = await visit.parts.library.mailboxes.of_user(visit.company.id, visit.user.id)
    return {
        "colleagues": [one for one in await visit.parts.people.all(visit.company.id) if one.id != visit.user.id],
        "faces": await faces(visit),
        "new": await visit.parts.library.mailboxes.new_count(visit.company.id, box.id),
        "short_code": SHORT_CODE,
        "say": _said(visit),
    }


def _said(visit: Visit) -> dict[str, str]:
    """What the panel's script says."""
    words = visit.words
    return {
        "off": words("Avstängd"),
        "starting": words("Ansluter …"),
        "ready": words("Redo som %(who)s").replace("%(who)s", f"{visit.user.extension} {visit.user.name}"),
        "proved": words("ljudet är provat"),
        "away": words("Ingen kontakt med växeln, försöker igen …"),
        "calling": words("Ringer …"),
        "call": words("I samtal"),
        "held": words("Parkerat"),
        "incoming": words("Inkommande samtal"),
        "missed": words("Missat"),
        "withheld": words("Hemligt nummer"),
        "today": words("i dag"),
        "yesterday": words("i går"),
        "allowed": words("Tillåten"),
        "unasked": words("Inte tillfrågad än"),
        "refused": words("Nekad"),
        "proved-at": words("Provat"),
        "unproved": words("Provas i nästa samtal"),
        "ended": words("Samtalet är slut"),
        "busy": words("Upptaget"),
        "unanswered": words("Inget svar"),
        "declined": words("Avvisat"),
        "unknown": words("Numret används inte"),
        "failed": words("Samtalet gick inte fram"),
        "standard": words("Standard"),
        "muted": words("Mikrofonen är avstängd"),
    }  # fmt: skip
