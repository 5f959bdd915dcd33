"""Menus: what a caller's key means."""

import re

from pbx.company.names import clean
from pbx.errors import Refused
from pbx.store import Store, audit, mailboxes, menus, messages, places
from pbx.store.tx import Writing
from pbx.store.values import Menu, Target

DIGITS = frozenset("0123456789*#")
SLOTS = ("welcome", "choices", "wrong-key", "silence")


class Menus:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, company: str, menu_id: str) -> Menu | None:
        async with self._store.read(company) as tx:
            return await menus.get(tx, menu_id)

    async def all(self, company: str) -> list[Menu]:
        """By name."""
        async with self._store.read(company) as tx:
            return await menus.all_of_them(tx)

    async def by_name(self, company: str, name: str) -> Menu:
        """Refused: `menu-unknown`."""
        for menu in await self.all(company):
            if menu.name.casefold() == name.casefold().strip():
                return menu
        raise Refused("menu-unknown", name[:80])

    async def add(
        self, company: str, name: str, *, fallback: Target, tries: int = 3, timeout_s: float = 5.0, by: str
    ) -> Menu:
        """A menu without choices, and the four places in which its messages are heard (`<id>/welcome` and so on).

        Refused: `name-form`, `menu-name-taken`, `menu-form`, `target-unknown`.
        """
        name = clean(name)
        if not (1 <= tries <= 10 and 0 < timeout_s <= 60):
            raise Refused("menu-form")
        async with self._store.edit(company) as tx:
            await _check(tx, fallback)
            menu = await menus.add(tx, name, tries, timeout_s, fallback)
            for slot in SLOTS:
                await places.put(tx, "menu", f"{menu.id}/{slot}", None)
            await audit.write(tx, by, "menu added", name, menu=menu.id, fallback=fallback.kind)
        return menu

    async def set_choice(self, company: str, menu_id: str, digit: str, target: Target, *, by: str) -> None:
        """Refused: `menu-form` (no such key), `menu-unknown`, `target-unknown`."""
        if digit not in DIGITS:
            raise Refused("menu-form", digit[:5])
        async with self._store.edit(company) as tx:
            menu = await menus.get(tx, menu_id)
            if menu is None:
                raise Refused("menu-unknown", menu_id[:40])
            await _check(tx, target)
            await menus.set_choice(tx, menu_id, digit, target)
            await audit.write(
                tx, by, "menu key set", menu.name, menu=menu.id, key=digit, kind=target.kind, value=target.value
            )


async def _check(tx: Writing, target: Target) -> None:
    """What is pointed at must be there. An extension may be given to somebody later: its call then ends in words."""
    if not await _there(tx, target):
        raise Refused("target-unknown", f"{target.kind} {target.value[:40]}")


async def _there(tx: Writing, target: Target) -> bool:
    match target.kind:
        case "menu":
            return await menus.get(tx, target.value) is not None
        case "mailbox":
            return bool(await mailboxes.get(tx, target.value))
        case "message":
            return bool(await messages.get(tx, target.value))
        case "extension":
            return re.fullmatch("[0-9]{2,6}", target.value) is not None
        case "hangup":
            return target.value == ""
