"""Who may see what: every route of the table, tried by everybody of the cast. One that nobody has thought of fails."""

import pytest

from pbx.web.doors import Door, Route
from pbx.web.routes import ROUTES
from tests.pages.premises import CAST, Premises, Who
from tests.pages.samples import samples

IN = "in"
"""Any answer that the page itself gives; everything else is the door's."""
_SIGN_IN, _COMPANIES = "303 /sign-in", "303 /companies"

DOORS: dict[Door, dict[Who, str]] = {
    Door.PUBLIC: dict.fromkeys(CAST, IN),
    Door.ANYBODY: dict.fromkeys(CAST, IN),
    Door.SIGNED_IN: {
        "nobody": _SIGN_IN, "bo": IN, "alva": IN, "cilla": IN, "outside operator": IN, "operator": IN,
        "expired": _SIGN_IN,
    },
    Door.OWN: {
        "nobody": _SIGN_IN, "bo": IN, "alva": IN, "cilla": IN, "outside operator": "403", "operator": "403",
        "expired": _SIGN_IN,
    },
    Door.ADMIN: {
        "nobody": _SIGN_IN, "bo": "403", "alva": IN, "cilla": IN, "outside operator": _COMPANIES, "operator": IN,
        "expired": _SIGN_IN,
    },
    Door.MESSAGE: {
        "nobody": _SIGN_IN, "bo": "403", "alva": IN, "cilla": IN, "outside operator": _COMPANIES, "operator": IN,
        "expired": _SIGN_IN,
    },
    Door.OPERATOR: {
        "nobody": _SIGN_IN, "bo": "404", "alva": "404", "cilla": "404", "outside operator": IN, "operator": IN,
        "expired": _SIGN_IN,
    },
}  # fmt: skip
_ENDLESS = {"/live"}


async def answer(premises: Premises, route: Route, path: str, who: Who, form: dict[str, str]) -> str:
    """`200`, `403`, `303 /sign-in`. An endless stream is only begun."""
    async with (
        premises.client(who) as client,
        client.request(route.method, path, allow_redirects=False, data=form or None) as response,
    ):
        if response.status == 401:
            return "401"
        where = response.headers.get("Location", "").partition("?")[0]
        return f"{response.status} {where}".strip()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
async def test_everybody_gets_in_where_they_may_and_nowhere_else(premises: Premises, route: Route) -> None:
    sample = (await samples(premises))[route.method, route.path]
    for who in CAST:
        premises.tokens.pop(who, None)
        told = await answer(premises, route, sample.path, who, sample.form)
        wanted = sample.says.get(who) or DOORS[route.door][who]
        if wanted == IN:
            assert told.split()[0] not in {"401", "403", "404", "500"}, (who, told)
            assert not told.startswith(_SIGN_IN) or route.path == "/sign-out" or sample.leads_to_sign_in, (who, told)
        else:
            assert told == wanted, who


async def test_every_route_has_a_sample_and_every_sample_a_route(premises: Premises) -> None:
    assert (await samples(premises)).keys() == {(route.method, route.path) for route in ROUTES}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": ""},
    ],
    ids=["other site", "other port", "typed in", "nothing told"],
)
async def test_another_sites_page_changes_nothing(premises: Premises, headers: dict[str, str]) -> None:
    """By any route: what is refused changes nothing, so that one site does for all."""
    unsafe, tried = [route for route in ROUTES if route.unsafe], await samples(premises)
    assert len(unsafe) > 10
    async with premises.client("alva", **headers) as client:
        for route in unsafe:
            sample = tried[route.method, route.path]
            asked = client.request(route.method, sample.path, allow_redirects=False, data=sample.form)
            async with asked as response:
                assert response.status == 403, route


async def test_each_answer_carries_what_the_browser_must_be_told(premises: Premises) -> None:
    tried = await samples(premises)
    for route in ROUTES:
        sample = tried[route.method, route.path]
        async with (
            premises.client("alva") as client,
            client.request(route.method, sample.path, allow_redirects=False, data=sample.form or None) as response,
        ):
            told = response.headers
            assert "script-src 'self'" in told["Content-Security-Policy"], route.path
            assert "unsafe" not in told["Content-Security-Policy"]
            assert told["X-Content-Type-Options"] == "nosniff"
            assert told["Cross-Origin-Opener-Policy"] == "same-origin"
            assert told["Cache-Control"]
            assert "Server" not in told
        premises.tokens.clear()


async def test_an_address_that_is_none_of_ours_is_told_so_in_words(premises: Premises) -> None:
    for who in CAST:
        async with premises.client(who) as client, client.get("/no/such/page") as response:
            assert response.status == 404
            text = await response.text()
            assert "Sidan finns inte" in text or "There is no such page" in text


async def test_a_name_that_is_not_ours_is_not_answered(premises: Premises) -> None:
    async with premises.client("alva", Host="evil.example") as client, client.get("/messages") as response:
        assert response.status == 421
