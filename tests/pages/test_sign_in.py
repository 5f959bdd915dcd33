"""Coming in: by address and password, by a link, and no other way; and going out."""

import asyncio
from datetime import timedelta

import pytest

from pbx.errors import Refused
from pbx.rules.signing_in import check_password, clean_email, wait_s
from tests.pages.premises import EMAILS, PASSWORDS, REASON, Premises
from tests.pages.watched import Watched, scrolls_sideways, violations


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark", "viewport": {"width": 390, "height": 800}}])
async def test_an_administrator_signs_in_and_out(watched: Watched, options: dict[str, object]) -> None:
    page = await watched.window("nobody", **options)
    await page.goto("/messages?which=lost")
    assert await page.title() == "Logga in · Växel"
    assert await violations(page) == []
    await page.get_by_label("E-post").fill("  Alva@Exempel.example ")
    await page.get_by_label("Lösenord").fill(PASSWORDS["alva"])
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/messages?which=lost")
    assert not await scrolls_sideways(page)
    await page.goto("/sessions")
    assert await violations(page) == []
    await page.get_by_role("button", name="Logga ut").click()
    await page.wait_for_url("**/sign-in")
    await page.goto("/messages")
    assert "/sign-in" in page.url


async def test_a_wrong_password_is_told_in_words_and_the_address_stays(watched: Watched) -> None:
    watched.expected = ("422",)
    page = await watched.window("nobody", locale="en-GB")
    await page.goto("/sign-in")
    await page.get_by_label("E-mail").fill(EMAILS["alva"])
    await page.get_by_label("Password").fill("something else")
    await page.get_by_role("button", name="Sign in").click()
    assert await page.get_by_role("alert").inner_text() == (
        "The address and the password do not belong together. Try again."
    )
    assert await page.get_by_label("E-mail").input_value() == EMAILS["alva"]
    assert await violations(page) == []


async def test_the_wait_grows_for_one_account_and_ends_by_itself(premises: Premises) -> None:
    async with premises.client("nobody") as client:
        for _ in range(5):
            async with client.post("/sign-in", data={"email": EMAILS["alva"], "password": "wrong one"}) as response:
                assert response.status == 422
        async with client.post("/sign-in", data={"email": EMAILS["alva"], "password": PASSWORDS["alva"]}) as response:
            assert response.status == 429
            assert 1 <= int(response.headers["Retry-After"]) <= 2
        sign_in = {"email": EMAILS["bo"], "password": PASSWORDS["bo"]}
        async with client.post("/sign-in", data=sign_in, allow_redirects=False) as response:
            assert response.status == 303


def test_nobody_is_locked_out_for_good() -> None:
    assert [wait_s(misses) for misses in (0, 4, 5, 6, 7)] == [0, 0, 2, 4, 8]
    assert wait_s(10**6) == timedelta(minutes=15).total_seconds()


@pytest.mark.parametrize("password", ["short", "a" * 300, "aaaaaaaaaaaa", "password123", "alva@exempel.example"])
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(Refused):
        check_password(password, "alva@exempel.example")


@pytest.mark.parametrize(
    "text", ["", "alva", "a@b\r\nBcc: c@d", "a b@c", "<a@b.c>", "a@", "a@b..c", "x" * 300 + "@b.c"]
)
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="email-form"):
        clean_email(text)


async def test_a_session_that_is_ended_elsewhere_is_over(premises: Premises) -> None:
    sessions = await premises.parts.signing_in.all(premises.world.alva.id)
    assert sessions == []
    async with premises.client("alva") as client, client.get("/messages") as response:
        assert response.status == 200
    (session,) = await premises.parts.signing_in.all(premises.world.alva.id)
    async with premises.client("bo") as client, client.post(f"/sessions/{session.id}/end") as response:
        assert response.status == 404
    async with premises.client("alva") as client:
        async with client.post(f"/sessions/{session.id}/end", allow_redirects=False) as response:
            assert response.headers["Location"] == "/sign-in"
        async with client.get("/messages", allow_redirects=False) as response:
            assert response.status == 303


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
async def test_signing_in_leads_to_no_other_site(premises: Premises, back: str) -> None:
    form = {"email": EMAILS["alva"], "password": PASSWORDS["alva"], "next": back}
    async with (
        premises.client("nobody") as client,
        client.post("/sign-in", data=form, allow_redirects=False) as response,
    ):
        assert response.headers["Location"] == "/"
        cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-vaxel=")
    assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"))


async def test_the_first_operator_is_made_by_a_link_that_works_once(premises: Premises) -> None:
    token = await premises.parts.signing_in.first_link()
    form = {"name": "Nina Ny", "email": "nina@vaxel.example", "password": "sju lila tigrar"}
    async with premises.client("nobody") as client:
        async with client.post(f"/link/{token}", data={**form, "password": "kort"}) as response:
            assert response.status == 422
            assert "minst 10 tecken" in await response.text()
        async with client.post(f"/link/{token}", data=form, allow_redirects=False) as response:
            assert response.status == 303
        async with client.post(f"/link/{token}", data=form) as response:
            assert response.status == 409
        sign_in = {"email": form["email"], "password": form["password"]}
        async with client.post("/sign-in", data=sign_in, allow_redirects=False) as response:
            assert response.status == 303


async def test_of_two_who_use_the_first_link_at_once_one_becomes_an_operator(premises: Premises) -> None:
    token = await premises.parts.signing_in.first_link()

    async def use(name: str) -> int:
        form = {"name": name, "email": f"{name}@vaxel.example", "password": "sju lila tigrar"}
        async with (
            premises.client("nobody") as client,
            client.post(f"/link/{token}", data=form, allow_redirects=False) as response,
        ):
            return response.status

    assert sorted(await asyncio.gather(use("nina"), use("nils"))) == [303, 409]


async def test_an_operator_enters_with_a_reason_that_the_company_reads(watched: Watched) -> None:
    page = await watched.window("outside operator")
    await page.goto("/messages")
    await page.wait_for_url("**/companies")
    assert await violations(page) == []
    field = page.get_by_label("Varför?").first
    await field.fill(REASON)
    await field.press("Enter")
    await page.wait_for_url("**/messages")
    assert REASON in await page.locator(".entered").inner_text()
    entries = await watched.premises.parts.audit.recent(watched.premises.world.exempel.id, 5)
    assert [(entry.action, entry.details.get("reason")) for entry in entries[:1]] == [("operator entered", REASON)]
