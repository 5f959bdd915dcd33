"""For each route: an address of the first company that it leads to, what its form says, and who is answered otherwise
than at its door, since what is behind the door is another company's."""

from dataclasses import dataclass, field

from tests.pages.premises import Premises, Who


@dataclass(frozen=True)
class Sample:
    path: str
    form: dict[str, str] = field(default_factory=dict)
    says: dict[Who, str] = field(default_factory=dict)
    leads_to_sign_in: bool = False


OTHERS: dict[Who, str] = {"cilla": "404"}
"""The other company's admin finds nothing there."""


async def samples(premises: Premises) -> dict[tuple[str, str], Sample]:
    world = premises.world
    mark = premises.parts.settings.web_port
    welcome = world.welcome.id
    first = await premises.parts.signing_in.first_link()
    nobodys = "0190f3c2-0000-7000-8000-000000000000"
    return {
        ("GET", "/"): Sample("/", leads_to_sign_in=True),
        ("GET", "/health"): Sample("/health"),
        ("GET", "/static/{mark}/{name:.+}"): Sample(f"/static/{mark}/style.css"),
        ("GET", "/favicon.ico"): Sample("/favicon.ico"),
        ("POST", "/language"): Sample("/language", {"language": "sv", "back": "/messages"}),
        ("GET", "/live"): Sample("/live?since=0"),
        ("GET", "/sign-in"): Sample("/sign-in"),
        ("POST", "/sign-in"): Sample("/sign-in", {"email": "x@example.com", "password": "none"}),
        ("POST", "/sign-out"): Sample("/sign-out"),
        ("GET", "/forgotten"): Sample("/forgotten"),
        ("POST", "/forgotten"): Sample("/forgotten", {"email": "x@example.com"}),
        ("GET", "/link/{token}"): Sample(f"/link/{first}"),
        ("POST", "/link/{token}"): Sample(f"/link/{first}", {"name": "", "email": "", "password": "short"}),
        ("GET", "/sessions"): Sample("/sessions"),
        # Nobody has a session of that name, whoever asks: whose it is does not matter.
        ("POST", "/sessions/{session}/end"): Sample(
            f"/sessions/{nobodys}/end",
            {},
            dict.fromkeys(("bo", "alva", "cilla", "operator", "outside operator"), "404"),
        ),
        ("GET", "/companies"): Sample("/companies"),
        ("POST", "/companies/{company}/enter"): Sample(
            f"/companies/{world.exempel.id}/enter", {"reason": "Kunden bad om hjälp"}
        ),
        ("POST", "/companies/leave"): Sample("/companies/leave"),
        ("GET", "/messages"): Sample("/messages"),
        ("GET", "/messages/{message}/heard.wav"): Sample(
            f"/messages/{welcome}/heard.wav", says={**OTHERS, "bo": "403"}
        ),
    }
