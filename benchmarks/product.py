"""Växel itself, as `make run` starts it, with a number whose menu ends by key 5 and one that takes messages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import processes
from benchmarks.sipp import Account
from pbx.asterisk.secrets import have_secrets
from pbx.cli.desk import Desk, open_desk
from pbx.demo import BY, COMPANY_NUMBER
from pbx.store.tables import MailboxRow
from pbx.store.values import Mailbox, Target
from tests.calls.steps import eventually
from tests.calls.switchboard import Switchboard

NUMBER = 36
MENU, MESSAGES = COMPANY_NUMBER, "+46846500099"
RTP = {"PBX_RTP_START": "40000", "PBX_RTP_END": "40999"}  # as many as it has by default: 500 calls at once
SPOKEN_S = 60
AT_REST_S, IDLE = 90, 0.1
MOST_MESSAGES = 1_000_000


@dataclass(frozen=True, slots=True)
class Product:
    """`pid`: of the process that holds the calls."""

    board: Switchboard
    desk: Desk
    mailbox: Mailbox

    @property
    def pid(self) -> int:
        return self.board.service

    @property
    def asterisk(self) -> int:
        return self.board.switch

    @property
    def way(self) -> str:
        return str(self.board.demo["asterisk"]["how"])

    @property
    def ari(self) -> tuple[str, str, str]:
        """Address, user and password."""
        settings = self.board.settings
        return f"http://127.0.0.1:{settings.ari_port}/ari", "vaxel", have_secrets(settings.secrets).ari_password

    @property
    def account(self) -> Account:
        outside = self.board.demo["accounts"]["outside"]
        return Account(outside["user"], outside["password"])


@asynccontextmanager
async def product(room: Path, number: int = NUMBER) -> AsyncIterator[Product]:
    """Nothing is left of it afterwards. `number`: which of several that run side by side."""
    board = Switchboard(room / "product", number, extra=RTP)
    await asyncio.to_thread(board.start)
    try:
        async with open_desk(board.settings) as desk:
            made = Product(board, desk, await _numbers(desk, board))
            await at_rest(made.pid)
            yield made
    finally:
        await asyncio.to_thread(board.stop)


async def never_full(desk: Desk, box: Mailbox) -> None:
    async with desk.store.begin(box.company) as tx:
        (await tx.get(MailboxRow, box.id, "mailbox-unknown")).max_messages = MOST_MESSAGES


async def at_rest(service: int) -> None:
    """Until what is spoken and published after a first start is done: it costs more than many calls."""
    spent = processes.cpu_s(service)
    for _ in range(AT_REST_S):
        await asyncio.sleep(1)
        before, spent = spent, processes.cpu_s(service)
        if spent - before < IDLE:
            return


async def _numbers(desk: Desk, board: Switchboard) -> Mailbox:
    company = await desk.company(None)
    [menu] = [menu for menu in await desk.menus.all(company.id) if menu.name == "Huvudmeny"]
    await desk.menus.set_choice(company.id, menu.id, "5", Target("hangup"), by=BY)
    box = await desk.library.mailboxes.of_user(company.id, (await desk.people.by_name(company.id, "201")).id)
    await never_full(desk, box)
    await desk.numbers.add(company.id, MESSAGES, "mailbox", target=box.id, by=BY)
    await board.knows(MESSAGES)
    await eventually(lambda: _spoken(desk, company.id, f"{menu.id}/welcome"), SPOKEN_S)
    return box


async def _spoken(desk: Desk, company: str, slot: str) -> bool:
    return (await desk.library.messages.playable(company, "menu", slot, "sv")).heard == "spoken-script"
