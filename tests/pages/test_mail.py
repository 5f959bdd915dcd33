"""A forgotten password: a mail to a real server, a link that works once, and nothing told to those who guess."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pbx.store import mails
from tests.pages.premises import EMAILS, Premises, open_premises
from tests.setup.machine import free_port
from tests.store.world import World


class Mailbox:
    """A mail server that keeps what it gets, or refuses everything for now."""

    def __init__(self, *, away: int = 0) -> None:
        self.got: list[EmailMessage] = []
        self._away = away

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self._away:
            self._away -= 1
            return "451 not now"
        content = envelope.content
        assert isinstance(content, bytes)
        self.got.append(message_from_bytes(content, policy=policy.default))
        return "250 kept"

    async def one(self) -> EmailMessage:
        for _ in range(300):
            if self.got:
                return self.got[0]
            await asyncio.sleep(0.1)
        raise AssertionError("no mail came within 30 s")


@asynccontextmanager
async def mailing(world: World, root: Path, mailbox: Mailbox) -> AsyncIterator[Premises]:
    """A site that sends to that server."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        smtp = f"smtp://127.0.0.1:{controller.port}"
        async with open_premises(world, root, PBX_SMTP=smtp, PBX_MAIL_FROM="vaxel@vaxel.example") as premises:
            yield premises
    finally:
        controller.stop()


async def ask(premises: Premises, email: str) -> str:
    async with premises.client("nobody") as client, client.post("/forgotten", data={"email": email}) as response:
        assert response.status == 200
        return await response.text()


@pytest.mark.parametrize("away", [0, 1], ids=["at once", "at the second try"])
async def test_a_new_password_is_chosen_by_a_link_that_is_mailed(
    world: World, tmp_path: Path, away: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pbx.post.outbox._TRIES_S", (1, 1))
    mailbox = Mailbox(away=away)
    async with mailing(world, tmp_path, mailbox) as premises:
        old = await premises.token("cilla")
        assert await ask(premises, EMAILS["cilla"].upper()) == await ask(premises, "nobody@exempel.example")
        mail = await mailbox.one()
        assert (mail["To"], mail["From"]) == (EMAILS["cilla"], "vaxel@vaxel.example")
        assert mail["Subject"] == "Choose a new password for Växel"
        text = mail.get_content()
        assert "Hello Cilla Ceder," in text
        found = re.search(rf"{re.escape(premises.url)}(/link/\S+)", text)
        assert found
        async with premises.client("nobody") as client:
            form = {"password": "seven small tigers"}
            async with client.post(found[1], data=form, allow_redirects=False) as response:
                assert response.status == 303
            async with client.post(found[1], data=form) as response:
                assert response.status == 409
            form = {"email": EMAILS["cilla"], "password": "seven small tigers"}
            async with client.post("/sign-in", data=form, allow_redirects=False) as response:
                assert response.status == 303
        assert await premises.parts.signing_in.session(old) is None
        async with world.store.read_house() as house:
            assert await mails.waiting(house) == []


async def test_without_a_mail_server_the_page_says_whom_to_ask(premises: Premises) -> None:
    async with premises.client("nobody") as client, client.get("/forgotten") as response:
        assert "kan inte skicka e-post ännu" in await response.text()


async def test_a_link_of_another_or_of_nobody_is_none(premises: Premises) -> None:
    for token in ("x", "A" * 43, "../../etc/passwd"):
        async with premises.client("nobody") as client, client.get(f"/link/{token}") as response:
            assert response.status in {404, 409}


async def test_an_invitation_comes_in_the_users_language_and_its_link_is_on_no_page(
    world: World, tmp_path: Path
) -> None:
    mailbox = Mailbox()
    form = {"name": "Dag\r\nBcc: x@y.z", "extension": "204", "language": "en", "email": "dag@exempel.example"}
    async with mailing(world, tmp_path, mailbox) as premises:
        async with (
            premises.client("alva") as client,
            client.post("/users", data=form, allow_redirects=False) as response,
        ):
            assert response.status == 303
            assert "link" not in response.headers["Location"]
        mail = await mailbox.one()
        assert (mail["To"], mail["Subject"], mail["Bcc"]) == ("dag@exempel.example", "Welcome to Växel", None)
        found = re.search(rf"{re.escape(premises.url)}(/link/\S+)", mail.get_content())
        assert found
        async with premises.client("nobody") as client, client.get(found[1]) as response:
            assert response.status == 200


async def test_no_more_than_a_few_links_are_mailed_within_an_hour(world: World, tmp_path: Path) -> None:
    mailbox = Mailbox()
    async with mailing(world, tmp_path, mailbox) as premises:
        for _ in range(8):
            await ask(premises, EMAILS["alva"])
        for _ in range(300):
            async with world.store.read_house() as house:
                if not await mails.waiting(house):
                    break
            await asyncio.sleep(0.1)
        assert len(mailbox.got) == 5
