"""Menus: what a caller's key means."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pbx.company.names import clean
from pbx.errors import Refused
from pbx.store import Store, audit, mailboxes, menus, messages, places
from pbx.store.tx import Reading
from pbx.store.values import Menu, Target

KEYPAD = "1234567890*#"
DIGITS = frozenset(KEYPAD)
SLOTS = ("welcome", "choices", "wrong-key", "silence")


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole menu as somebody wants it. `choices`: as they were written, so that a key may be there twice. `messages`:
    by slot, the message that is heard there; of a slot that is not in it, none."""

    name: str
    tries: int
    timeout_s: float
    choices: Sequence[tuple[str, Target]]
    fallback: Target | None
    messages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A menu as somebody sees it. `mark`: to be told when they change it, so that nobody overwrites what another did
    meanwhile."""

    menu: Menu
    messages: Mapping[str, str]
    mark: str


class Menus:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, company: str, menu_id: str) -> Menu | None:
        return await self._store.recall(company, ("menu", menu_id), lambda tx: menus.get(tx, menu_id))

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

    async def lead(self, company: str, target: Target) -> None:
        """Whether a call can be led there. Refused: `target-unknown`, `mailbox-unknown`, `message-unknown`."""
        async with self._store.read(company) as tx:
            await _check(tx, target)

    async def shown(self, company: str, menu_id: str) -> Shown:
        """Refused: `menu-unknown`."""
        async with self._store.read(company) as tx:
            return await _shown(tx, menu_id)

    async def save(self, company: str, menu_id: str | None, draft: Draft, *, mark: str = "", by: str) -> Menu:
        """All of a menu at once, or a new one; the next caller hears it. `mark`: of what they saw who change it.

        Refused: what cannot work (`menu-no-fallback`, `menu-key-taken`, `menu-loop`, `menu-message-missing`), and
        `name-form`, `menu-name-taken`, `menu-form`, `menu-unknown`, `target-unknown`, `message-unknown`,
        `message-deleted`, `edited-meanwhile`.
        """
        name = clean(draft.name)
        fallback = _check_draft(draft)
        async with self._store.edit(company) as tx:
            for target in (fallback, *(target for _, target in draft.choices)):
                await _check(tx, target)
            if menu_id is None:
                menu_id = (await menus.add(tx, name, draft.tries, draft.timeout_s, fallback)).id
            elif (await _shown(tx, menu_id)).mark != mark:
                raise Refused("edited-meanwhile", name)
            _check_exit(menu_id, fallback, {menu.id: menu for menu in await menus.all_of_them(tx)})
            await menus.change(tx, menu_id, name, draft.tries, draft.timeout_s, fallback)
            await menus.remove_choices(tx, menu_id, {digit for digit, _ in draft.choices})
            for digit, target in draft.choices:
                await menus.set_choice(tx, menu_id, digit, target)
            for slot in SLOTS:
                message = draft.messages.get(slot)
                await places.put(
                    tx, "menu", f"{menu_id}/{slot}", (await messages.get(tx, message)).id if message else None
                )
            keys = {digit: f"{target.kind} {target.value}".strip() for digit, target in draft.choices}
            await audit.write(
                tx, by, "menu saved", name, menu=menu_id, keys=keys, fallback=fallback.kind, value=fallback.value,
                messages=dict(draft.messages),
            )  # fmt: skip
            return (await _shown(tx, menu_id)).menu

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


async def _check(tx: Reading, target: Target) -> None:
    """What is pointed at must be there. An extension may be given to somebody later: its call then ends in words."""
    if not await _there(tx, target):
        raise Refused("target-unknown", f"{target.kind} {target.value[:40]}")


async def _there(tx: Reading, target: Target) -> bool:
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


def _check_draft(draft: Draft) -> Target:
    """The fallback of a menu that can work by itself. Refused: `menu-form`, `menu-no-fallback`, `menu-key-taken`,
    `menu-message-missing`."""
    digits = [digit for digit, _ in draft.choices]
    if not (1 <= draft.tries <= 10 and 0 < draft.timeout_s <= 60 and DIGITS.issuperset(digits)):
        raise Refused("menu-form", draft.name[:80])
    if len(set(digits)) < len(digits):
        raise Refused("menu-key-taken", next(digit for digit in digits if digits.count(digit) > 1))
    if draft.fallback is None:
        raise Refused("menu-no-fallback", draft.name[:80])
    if digits and not draft.messages.get("choices"):
        raise Refused("menu-message-missing", draft.name[:80])
    return draft.fallback


def _check_exit(menu_id: str, fallback: Target, others: Mapping[str, Menu]) -> None:
    """Whoever presses nothing must come out at last: neither around through menus, nor back after a message. Refused:
    `menu-loop`."""
    seen = {menu_id}
    while fallback.kind == "menu":
        if fallback.value in seen or fallback.value not in others:
            raise Refused("menu-loop")
        seen.add(fallback.value)
        fallback = others[fallback.value].fallback
    if fallback.kind == "message":
        raise Refused("menu-loop")


async def _shown(tx: Reading, menu_id: str) -> Shown:
    menu = await menus.get(tx, menu_id)
    if menu is None:
        raise Refused("menu-unknown", menu_id[:40])
    at = {place.slot: place.message for place in await places.of(tx) if place.kind == "menu"}
    heard = {slot: message for slot in SLOTS if (message := at.get(f"{menu_id}/{slot}"))}
    seen = (menu.name, menu.tries, menu.timeout_s, sorted(menu.choices.items()), menu.fallback, sorted(heard.items()))
    return Shown(menu, heard, hashlib.sha256(repr(seen).encode()).hexdigest()[:16])
