"""`make screenshots`: pictures of the main pages, of a whole switchboard with its demonstration company.

python -m tests.pages.screenshots FOLDER
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, ViewportSize

from pbx.audio.pcm import Pcm
from pbx.cli.desk import Desk, open_desk
from pbx.library.parcel.wav import encode
from pbx.rules.numbers import Number
from tests.audio.takes import telephone_speech
from tests.calls.switchboard import Switchboard
from tests.pages.watched import chromium
from tests.pages.whole.headset import microphone

WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
SCRIPTS = {
    "Stängt, kvällar och helger": "Vi har öppet vardagar mellan åtta och fem. Välkommen åter.",
    "Julstängt": "Vi har stängt till och med den sjätte januari. God jul!",
    "Kö till ordermottagningen": "Du är nu placerad i kö. Vi svarar så snart vi kan.",
    "Leveranser": "Fråga om leveranser ställer du till 08-123 45 67.",
}
RECORDED = ("welcome", "Julstängt", "Leveranser")
LOST = "Leveranser"
BY = "web:201"


async def furnish(desk: Desk) -> str:
    """Some messages, of which one is lost, and one in Anna's mailbox; the id of the first."""
    library, company = desk.library, (await desk.company(None)).id
    for name, script in SCRIPTS.items():
        kind = "queue" if name.startswith("Kö") else "announcement"
        await library.messages.add(company, name, kind, scripts={"sv": script}, by=BY)
    for name in RECORDED:
        message = await library.messages.by_ref(company, name)
        await _upload(desk, company, message.id, telephone_speech(name, 7.0))
    await _lose(desk, company)
    anna = next(user for user in await desk.people.all(company) if user.extension == "201")
    box = await library.mailboxes.of_user(company, anna.id)
    take = await library.takes.expect(
        company, "voice", box.id, lang="sv", channel="picture.1", caller=Number("+46701740606")
    )
    (desk.settings.spool / take.file).write_bytes(telephone_speech("a caller", 9.0).tobytes())
    await library.takes.keep(company, take.id)
    return (await library.messages.by_ref(company, "welcome")).id


async def _upload(desk: Desk, company: str, message: str, words: Pcm) -> None:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        Path(file.name).write_bytes(encode(words))
        await desk.library.uploads.upload(company, message, Path(file.name), lang="sv", by=BY)


async def _lose(desk: Desk, company: str) -> None:
    message = await desk.library.messages.by_ref(company, LOST)
    (version,) = await desk.library.versions.all(company, message.id)
    for copy in desk.settings.vault_copies:
        next(Path(copy).rglob(version.sha256)).unlink()
    await desk.library.proof.sweep()


async def picture(page: Page, path: str, file: Path, *wait: str) -> None:
    await page.goto(path)
    for selector in wait:
        await page.wait_for_selector(selector)
    await page.wait_for_timeout(400)  # pictures of sound come in by themselves
    await page.screenshot(path=file)
    print(file, flush=True)


async def take(board: Switchboard, browser: Browser, welcome: str, folder: Path) -> None:
    looks: tuple[tuple[Literal["light", "dark"], ViewportSize, tuple[str, ...]], ...] = (
        ("light", WIDE, ()),
        ("dark", WIDE, ("messages", "message")),
        ("light", NARROW, ("messages", "message", "mailbox", "phone")),
    )
    for scheme, size, names in looks:
        context = await browser.new_context(
            base_url=board.settings.site,
            locale="sv-SE",
            viewport=size,
            color_scheme=scheme,
        )
        page = await context.new_page()
        suffix = f"{scheme}-{size['width']}.png"
        if not names:
            await picture(page, "/sign-in", folder / f"sign-in-{suffix}")
        await _sign_in(page, board)
        for name, path in _pages(welcome).items():
            if not names or name in names:
                await picture(page, path, folder / f"{name}-{suffix}", "h1")
        await context.close()


def _pages(welcome: str) -> dict[str, str]:
    return {
        "messages": "/messages", "message": f"/messages/{welcome}", "record": f"/messages/{welcome}/record",
        "round": "/round", "map": "/map", "menus": "/menus", "users": "/users", "mailbox": "/mailbox",
        "vault": "/vault", "phone": "/phone",
    }  # fmt: skip


async def _sign_in(page: Page, board: Switchboard) -> None:
    account = board.demo["web"]["admin"]
    await page.goto("/sign-in")
    await page.fill("input[name=email]", account["email"])
    await page.fill("input[name=password]", account["password"])
    await page.keyboard.press("Enter")
    await page.wait_for_selector("[data-phone]")


async def pictures(board: Switchboard, root: Path, folder: Path) -> None:
    async with open_desk(board.settings) as desk:
        welcome = await furnish(desk)
    async with chromium(microphone(root / "words.wav", telephone_speech("microphone", 2.0)), calls=True) as browser:
        await take(board, browser, welcome, folder)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        board = Switchboard(root / "var", 45)
        board.start()
        try:
            asyncio.run(pictures(board, root, folder))
        finally:
            board.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
