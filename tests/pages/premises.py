"""A whole site of a test's own: the two companies, their people signed in or not, a library, pages on a free port."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import aiohttp
from playwright.async_api import Browser, BrowserContext

from pbx.company import Accounts, SigningIn
from pbx.phrases import Phrases
from pbx.post import Outbox, Server
from pbx.settings import Settings
from pbx.store import Store
from pbx.web.parts import Parts
from pbx.web.person import COOKIE
from pbx.web.site import Site
from tests.library.house import House, build
from tests.setup.machine import free_port
from tests.store.world import World

Who = Literal["nobody", "bo", "alva", "cilla", "outside operator", "operator", "expired"]
CAST: tuple[Who, ...] = ("nobody", "bo", "alva", "cilla", "outside operator", "operator", "expired")
"""Nobody; a user; the admin; the other company's admin; an operator who is in no company; one who has entered ours with
a reason; somebody whose session has ended."""
PASSWORDS = {
    "alva": "tre gröna hästar",
    "bo": "fyra blå kaniner",
    "cilla": "five red ponies",
    "operator": "sex gula ugglor",
}
EMAILS = {
    "alva": "alva@exempel.example", "bo": "bo@exempel.example", "cilla": "cilla@annat.example",
    "operator": "drift@vaxel.example",
}  # fmt: skip
REASON = "Kunden bad om hjälp"


async def furnish(world: World) -> None:
    """Gives everybody a way in. Done once for all tests, since hashing is slow on purpose."""
    accounts = Accounts(world.store)
    for name, user in (("alva", world.alva), ("bo", world.bo), ("cilla", world.cilla)):
        await accounts.put(user.company, user.id, EMAILS[name], by="test")
        await accounts.set_password(user.company, user.id, PASSWORDS[name], by="test")
    await accounts.add_operator("Olle Operatör", EMAILS["operator"], PASSWORDS["operator"])


@asynccontextmanager
async def copied(furnished: World, root: Path) -> AsyncIterator[World]:
    """The same companies on a database of its own."""
    database = root / "vaxel.db"
    shutil.copyfile(furnished.store.path, database)
    store = Store(database)
    await store.open()
    yield replace(furnished, store=store)
    await store.close()


@dataclass
class Premises:
    house: House
    url: str
    parts: Parts
    tokens: dict[Who, str] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.house.world

    async def token(self, who: Who) -> str:
        """What that person's cookie holds: they have signed in."""
        if who == "nobody":
            return ""
        if who not in self.tokens:
            self.tokens[who] = await self._begin(who)
        return self.tokens[who]

    async def _begin(self, who: Who) -> str:
        signing_in = SigningIn(self.world.store)
        name = {"outside operator": "operator", "expired": "alva"}.get(who, who)
        person = await signing_in._person(EMAILS[name])
        assert person is not None
        signed_in = await signing_in.begin(person, address="127.0.0.1", agent="test")
        if who == "operator":
            operator = await self.parts.accounts.operator(signed_in.session.person)
            await signing_in.enter(signed_in.session, operator, self.world.exempel.id, REASON)
        if who == "expired":
            await signing_in.end(signed_in.session.person, signed_in.session.id)
        return signed_in.token

    @asynccontextmanager
    async def client(self, who: Who, **headers: str) -> AsyncIterator[aiohttp.ClientSession]:
        """A browser's requests without the browser: same site, no redirect followed."""
        token = await self.token(who)
        cookies = {"Cookie": f"{COOKIE}={token}"} if token else {}
        ours = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html", "Accept-Language": "sv"}
        async with aiohttp.ClientSession(self.url, headers={**ours, **cookies, **headers}) as client:
            yield client

    async def browse(self, browser: Browser, who: Who, **options: object) -> BrowserContext:
        """A window of that person's, 1280 wide and Swedish if nothing else is said."""
        context = await browser.new_context(
            base_url=self.url,
            **{"locale": "sv-SE", "viewport": {"width": 1280, "height": 900}, **options},  # type: ignore[arg-type]
        )
        context.set_default_timeout(30_000)
        if token := await self.token(who):
            await context.add_cookies(
                [
                    {
                        "name": COOKIE,
                        "value": token,
                        "url": self.url.replace("http:", "https:"),
                        "httpOnly": True,
                        "secure": True,
                    }
                ]
            )
        return context


@asynccontextmanager
async def open_premises(world: World, root: Path, **settings: str) -> AsyncIterator[Premises]:
    port = free_port()
    chosen = Settings.from_env(
        {"PBX_VAR": str(root), "PBX_SOUNDS": str(root / "sounds"), "PBX_WEB_PORT": str(port),
         "PBX_VAULT_COPIES": f"{root / 'a'}:{root / 'b'}", **settings}
    )  # fmt: skip
    house = build(world, root)
    server = Server(chosen.smtp, chosen.mail_from) if chosen.smtp else None
    outbox = Outbox(world.store, server)
    parts = Parts.of(chosen, world.store, house.library, Phrases(root / "sounds"), outbox)
    site = Site(parts)
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(site.run(must=True))
        sending = group.create_task(_send(outbox, world))
        await site.up.wait()
        yield Premises(house, chosen.site, parts)
        serving.cancel()
        sending.cancel()
    await house.library.drain()
    house.vault.close()


async def _send(outbox: Outbox, world: World) -> None:
    woken = asyncio.Event()

    async def wake() -> None:
        async for _ in world.store.changed():
            woken.set()

    async with asyncio.TaskGroup() as both:
        both.create_task(wake())
        both.create_task(outbox.run(woken))
