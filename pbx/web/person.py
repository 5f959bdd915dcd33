"""Who is there: read from the session's cookie at each request, and from nothing else."""

from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from pbx.errors import Refused
from pbx.store.operators import Operator
from pbx.store.sessions import Session
from pbx.store.values import Company, User
from pbx.web.parts import Parts

COOKIE = "__Host-vaxel"
Role = Literal["user", "admin", "operator"]


@dataclass(frozen=True, slots=True)
class Person:
    """`company`: the user's, or the one that an operator has entered; None: an operator who is in none."""

    session: Session
    role: Role
    user: User | None
    operator: Operator | None
    company: Company | None

    @property
    def id(self) -> str:
        return self.session.person

    @property
    def name(self) -> str:
        return self.user.name if self.user else self.operator.name if self.operator else ""

    @property
    def language(self) -> str:
        return self.user.language if self.user else self.operator.language if self.operator else "sv"

    @property
    def by(self) -> str:
        """As the log of changes names them."""
        return f"web:{self.user.extension}" if self.user else f"operator:{self.operator.email if self.operator else ''}"


async def who(parts: Parts, request: web.Request) -> Person | None:
    """Nobody without a session, or where whoever it was for is not there any more."""
    token = request.cookies.get(COOKIE, "")
    session = await parts.signing_in.session(token) if token else None
    if session is None:
        return None
    try:
        company = await parts.companies.get(session.company) if session.company else None
        if session.kind == "operator":
            return Person(session, "operator", None, await parts.accounts.operator(session.person), company)
        user = await parts.people.get(session.company or "", session.person)
    except Refused:
        return None
    return Person(session, user.role, user, None, company)


def remember(response: web.StreamResponse, token: str) -> None:
    """The cookie: never in a script's hands, never sent along by another site's page."""
    response.set_cookie(COOKIE, token, max_age=14 * 86_400, path="/", secure=True, httponly=True, samesite="Lax")


def forget(response: web.StreamResponse) -> None:
    response.del_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
