"""One request, as a page sees it: who asks, in which language, of which parts; and how to answer."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from markupsafe import Markup

from pbx.errors import Refused
from pbx.store.values import Company, User
from pbx.web.nav import entries
from pbx.web.parts import Parts
from pbx.web.person import Person
from pbx.web.shown import Shown
from pbx.web.static import Static
from pbx.web.templates import Templates
from pbx.web.texts import Words

_LARGEST_FORM = 64 * 1024


@dataclass(frozen=True, slots=True)
class Visit:
    """`words`: page texts in the person's language, by their Swedish source. `shown`: times, numbers, names. `at`: the
    entry of the company's log before anything was looked at; `published`: how far its files had come then. Of what
    comes after these, an open page is told."""

    request: web.Request
    parts: Parts
    templates: Templates
    static: Static
    person: Person | None
    lang: str
    words: Words
    shown: Shown
    id: str
    at: int
    published: int

    @property
    def company(self) -> Company:
        """Through which everything is fetched."""
        if self.person is None or self.person.company is None:
            raise web.HTTPNotFound
        return self.person.company

    @property
    def user(self) -> User:
        """Whose own things these are."""
        if self.person is None or self.person.user is None:
            raise web.HTTPForbidden
        return self.person.user

    @property
    def by(self) -> str:
        return self.person.by if self.person else "nobody"

    @property
    def partial(self) -> bool:
        """htmx asks for a piece of the page, and not for the page."""
        headers = self.request.headers
        return headers.get("HX-Request") == "true" and headers.get("HX-Request-Type") != "full"

    @property
    def wants_page(self) -> bool:
        """It is the browser that asks, and not a script in one of our pages."""
        return "text/html" in self.request.headers.get("Accept", "text/html")

    @property
    def path(self) -> str:
        return self.request.path

    def of_path(self, name: str) -> str:
        return self.request.match_info[name]

    def query(self, name: str, default: str = "") -> str:
        return self.request.query.get(name, default)[:400]

    async def form(self) -> dict[str, str]:
        """The fields of a form; a file has another way in (and a size of its own)."""
        if (self.request.content_length or 0) > _LARGEST_FORM:
            raise web.HTTPRequestEntityTooLarge(_LARGEST_FORM, self.request.content_length or 0)
        fields = await self.request.post()
        return {name: value for name, value in fields.items() if isinstance(value, str)}

    def refusal(self, refused: Refused) -> str:
        """Why it cannot be done, and what to do instead."""
        return self.parts.phrases.words(refused.says, self.lang)

    async def page(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """A whole page, or a piece of one (whose template's name then begins with an underscore)."""
        whole = not template.rpartition("/")[2].startswith("_")
        text = await self.templates.made(
            self.lang, template, visit=self, person=self.person, shown=self.shown, static=self.static,
            nav=entries(self) if whole else (), **values,
        )  # fmt: skip
        return self.html(text, status)

    def html(self, text: str, status: int = 200) -> web.Response:
        """What has been made already."""
        response = web.Response(text=text, content_type="text/html", status=status)
        response.enable_compression()
        return response

    def piece(self, template: str, **values: Any) -> Markup:
        """A piece's text, for what is sent otherwise than as an answer."""
        return Markup(  # noqa: S704  made by a template, which escapes
            self.templates.render(
                self.lang, template, visit=self, person=self.person, shown=self.shown, static=self.static, **values
            )
        )

    def go(self, path: str) -> web.Response:
        """To another page of ours, also where htmx had asked for a piece. It ends a form, so that Back and reload do
        nothing twice."""
        if self.request.headers.get("HX-Request") == "true":
            return web.Response(status=204, headers={"HX-Redirect": path})
        return web.Response(status=303, headers={"Location": path})


def our_path(text: str) -> str:
    """Where to go after signing in: a path of ours, or the first page."""
    plain = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and "\\" not in text
    return text if plain and len(text) <= 400 else "/"
