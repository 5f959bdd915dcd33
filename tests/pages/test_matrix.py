"""Who may see what: every route of the table, tried by everybody of the cast. One that nobody has thought of fails."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from pbx.web.doors import Door, Route
from pbx.web.routes import ROUTES
from tests.pages.premises import CAST, Premises, Who, copied, open_premises
from tests.pages.samples import NOBODYS, Sample, Samples, samples
from tests.store.world import World

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


@dataclass(frozen=True)
class Site:
    premises: Premises
    samples: Samples

    def sample(self, route: Route) -> Sample:
        return self.samples[route.method, route.path]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def prepared(furnished: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    root = tmp_path_factory.mktemp("site")
    async with copied(furnished, root) as world, open_premises(world, root) as premises:
        yield Site(premises, await samples(premises))


@pytest.fixture
def site(prepared: Site) -> Site:
    """One for all routes, at which everybody signs in anew for each."""
    prepared.premises.tokens.clear()
    return prepared


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
async def test_everybody_gets_in_where_they_may_and_nowhere_else(site: Site, route: Route) -> None:
    sample = site.sample(route)
    for who in CAST:
        told = await answer(site.premises, route, sample.path, who, sample.form)
        wanted = sample.says.get(who) or DOORS[route.door][who]
        if wanted == IN:
            assert told.split()[0] not in {"401", "403", "404", "500"}, (who, told)
            assert not told.startswith(_SIGN_IN) or route.path == "/sign-out" or sample.leads_to_sign_in, (who, told)
        else:
            assert told == wanted, who


async def test_every_route_has_a_sample_and_every_sample_a_route(site: Site) -> None:
    assert site.samples.keys() == {(route.method, route.path) for route in ROUTES}


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
async def test_another_sites_page_changes_nothing(site: Site, headers: dict[str, str]) -> None:
    unsafe = [route for route in ROUTES if route.unsafe]
    assert len(unsafe) > 10
    async with site.premises.client("alva", **headers) as client:
        for route in unsafe:
            sample = site.sample(route)
            asked = client.request(route.method, sample.path, allow_redirects=False, data=sample.form)
            async with asked as response:
                assert response.status == 403, route


async def test_each_answer_carries_what_the_browser_must_be_told(site: Site) -> None:
    for route in ROUTES:
        sample = site.sample(route)
        site.premises.tokens.clear()
        async with (
            site.premises.client("alva") as client,
            client.request(route.method, sample.path, allow_redirects=False, data=sample.form or None) as response,
        ):
            told = response.headers
            assert "script-src 'self'" in told["Content-Security-Policy"], route.path
            assert "unsafe" not in told["Content-Security-Policy"]
            assert told["X-Content-Type-Options"] == "nosniff"
            assert told["Cross-Origin-Opener-Policy"] == "same-origin"
            assert told["Cache-Control"]
            assert "Server" not in told


async def test_an_address_that_is_none_of_ours_is_told_so_in_words(site: Site) -> None:
    for who in CAST:
        async with site.premises.client(who) as client, client.get("/no/such/page") as response:
            assert response.status == 404
            text = await response.text()
            assert "Sidan finns inte" in text or "There is no such page" in text


@pytest.mark.parametrize(
    "path", ["/jobs/{}", "/test-call/{}", "/round/{}", "/messages/{}/record", "/users/{}", "/menus/{}"]
)
async def test_a_piece_that_is_not_there_is_told_in_a_piece_and_to_a_script_in_words(site: Site, path: str) -> None:
    path = path.format(NOBODYS)
    async with site.premises.client("alva", **{"HX-Request": "true"}) as client, client.get(path) as response:
        text = await response.text()
        assert (response.status, "<html" in text, 'role="alert"' in text) == (404, False, True)
    async with site.premises.client("alva", Accept="*/*") as client, client.get(path) as response:
        assert (response.status, response.content_type) == (404, "text/plain")


async def test_a_name_that_is_not_ours_is_not_answered(site: Site) -> None:
    async with site.premises.client("alva", Host="evil.example") as client, client.get("/messages") as response:
        assert response.status == 421
