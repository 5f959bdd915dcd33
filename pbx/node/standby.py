"""Keeps the rows by which Asterisk serves callers alone as our rows and the published files say."""

import asyncio
import logging
import time
from dataclasses import dataclass
from pathlib import Path

from pbx import fresh
from pbx.library import Library
from pbx.library.alone import Served
from pbx.node import routes
from pbx.node.routes import Box, MenuRow, Sound
from pbx.store.values import Menu, Target
from pbx.waiting import set_within

log = logging.getLogger(__name__)

# Calls write rows all the time; nobody waits for what is heard when we are away.
PAUSE_S = 1.0
ROUND_S = 15.0
# A file may be made a while after the row that wants it, and a word be spoken otherwise a while after its list says so.
SETTLED_S = 120.0


@dataclass(slots=True)
class _Unsettled:
    """Until when a company is looked at in any case, and when next."""

    until: float
    due: float


class Standby:
    """One for each call node."""

    def __init__(self, library: Library, path: Path) -> None:
        self._alone = library.alone
        self._path = path
        self._unsettled: dict[str, _Unsettled] = {}
        self._written: dict[str, Served] = {}

    async def run(self, woken: asyncio.Event) -> None:
        """Until cancelled; `woken` is set whenever rows have changed."""
        while True:
            woken.clear()
            await self.look()
            fresh.done("standby")
            await asyncio.sleep(PAUSE_S)
            await set_within(ROUND_S, woken)

    async def look(self) -> None:
        """Write anew what is heard in each company where that may have changed: at once where rows have, and every now
        and then where a file may have come since."""
        now = time.monotonic()
        for company in await self._alone.changed():
            self._unsettled[company] = _Unsettled(now + SETTLED_S, now)
        for company, this in list(self._unsettled.items()):
            if this.due > now:
                continue
            this.due = now + ROUND_S
            served = await self._alone.of(company)
            if served != self._written.get(company):
                await asyncio.to_thread(write, self._path, company, served)
                self._written[company] = served
            if served.whole and this.until < now:
                del self._unsettled[company]


def write(path: Path, company: str, served: Served) -> None:
    """The company's rows, in one transaction."""
    routes.serve(
        path,
        company,
        [_menu(company, menu, served) for menu in served.menus],
        [Box(box.id, company, box.greeting, str(box.max_s)) for box in served.boxes],
        [Sound(f"{message}/{lang}", company, file) for (message, lang), file in served.files.items()],
    )


def _menu(company: str, menu: Menu, served: Served) -> MenuRow:
    welcome, choices, wrong, silence = (
        served.placed.get(f"{menu.id}/{slot}", "") for slot in ("welcome", "choices", "wrong-key", "silence")
    )
    keys = {_column(digit): _aim(target) for digit, target in menu.choices.items()}
    return MenuRow(
        menu.id, company, str(menu.tries), f"{menu.timeout_s:g}", welcome, choices, wrong, silence,
        _aim(menu.fallback), **keys,
    )  # fmt: skip


def _column(digit: str) -> str:
    return {"*": "kstar", "#": "khash"}.get(digit, f"k{digit}")


def _aim(target: Target) -> str:
    """`kind:value`, as the dialplan takes it apart."""
    return f"{target.kind}:{target.value}"
