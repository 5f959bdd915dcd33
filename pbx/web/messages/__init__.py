"""Organisation / Röstmeddelanden: every message, what is true of its audio, and what callers hear now."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web
from markupsafe import Markup

from pbx.company.languages import LANGUAGES
from pbx.library import MessageView
from pbx.library.listing import ORDERS, WHICH, Key, Order, Wish
from pbx.web.actors import names_of
from pbx.web.gone import gone
from pbx.web.sound import file_of, wav
from pbx.web.visit import Visit

LONGEST_SEARCH = 80
_HEARD_S = 2.0
_KEYS: Mapping[Order, list[type]] = {"need": [int, float, int], "name": [str, int], "changed": [float, int]}


@dataclass(frozen=True, slots=True)
class Row:
    """`audio`: its state, where one without a recording and without a script has no audio either. `by`: who changed
    it."""

    view: MessageView
    audio: str
    script: str
    by: str


async def show(visit: Visit) -> web.StreamResponse:
    """The list is made once for all who look at it: what its rows say is in the log's entry, what callers hear now is
    looked for again every other second."""
    wish, again = _wish(visit), visit.request.path_qs
    at = await visit.parts.library.listing.at(visit.company.id)
    piece = await visit.parts.pieces.get(
        (visit.company.id, at, visit.published, visit.lang, again), _HEARD_S, lambda: _list(visit, wish)
    )
    if visit.partial:
        return visit.html(piece)
    counts, last = await visit.parts.library.listing.counts(visit.company.id), await visit.parts.library.proof.last()
    return await visit.page(
        "messages/list.html", list=piece, counts=counts, swept=last.swept, lacking=bool(last.lacking),
        copies=len(visit.parts.settings.vault_copies), removed=visit.query("removed"),
    )  # fmt: skip


async def _list(visit: Visit, wish: Wish) -> Markup:
    page = await visit.parts.library.listing.page(visit.company.id, wish)
    views = await visit.parts.library.overview.these(visit.company.id, page.ids)
    by = await names_of(visit, [view.changed for view in views])
    main = visit.company.language
    rows = [Row(view, _audio(view), view.script.get(main) or "", by.get(view.changed, "")) for view in views]
    text = await visit.templates.made(
        visit.lang, "messages/_list.html", wish=wish, page=page, rows=rows, here=_Here(wish),
        again=visit.request.path_qs, shown=visit.shown, person=None, gone=await gone(visit),
    )  # fmt: skip
    return Markup(text)  # noqa: S704  made by a template, which escapes


async def heard(visit: Visit) -> web.StreamResponse:
    """What callers hear of it now, in the company's language if no other is named."""
    message = await visit.parts.library.messages.with_texts(visit.company.id, visit.of_path("message"))
    asked = visit.query("lang")
    lang = asked if asked in LANGUAGES else visit.company.language
    playable = await visit.parts.library.messages.playable_message(visit.company.id, message.message.id, lang)
    if not playable.media:
        raise web.HTTPNotFound
    return await wav(visit.request, [file_of(visit.parts.settings, media) for media in playable.media])


@dataclass(frozen=True, slots=True)
class _Here:
    """Addresses of this list, seen otherwise."""

    wish: Wish

    def __call__(self, **other: str) -> str:
        wish = self.wish
        now = {
            "search": wish.search, "which": wish.which, "order": wish.order,
            "backwards": "yes" if wish.backwards else "",
        }  # fmt: skip
        usual = {"search": "", "which": "all", "order": "need", "backwards": ""}
        wanted = {name: value for name, value in (now | other).items() if value != usual.get(name, "")}
        return f"/messages?{urlencode(wanted)}" if wanted else "/messages"

    def sorted(self, order: str) -> str:
        """By that; once more turns it around."""
        again = self.wish.order == order and not self.wish.backwards
        return self(order=order, backwards="yes" if again else "")

    def after(self, key: Key) -> str:
        return self(after=_cursor(key))

    def before(self, key: Key) -> str:
        return self(before=_cursor(key))


def _wish(visit: Visit) -> Wish:
    which = visit.query("which")
    order: Order = next((one for one in ORDERS if one == visit.query("order")), "need")
    return Wish(
        search=" ".join(visit.query("search")[:LONGEST_SEARCH].split()),
        which=next((one for one in WHICH if one == which), "all"),
        order=order,
        backwards=visit.query("backwards") == "yes",
        lang=visit.lang,
        after=_key(visit.query("after"), order),
        before=_key(visit.query("before"), order),
    )


def _audio(view: MessageView) -> str:
    return "missing" if view.state == "stand-in" and not any(view.script.values()) else view.shown


def _cursor(key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


def _key(cursor: str, order: Order) -> Key | None:
    """A place in the list, as it was given out in that order; anything else is as good as none."""
    try:
        key = tuple(json.loads(base64.urlsafe_b64decode(cursor))) if cursor else ()
    except (ValueError, TypeError):
        return None
    return key if [type(part) for part in key] == _KEYS[order] else None
