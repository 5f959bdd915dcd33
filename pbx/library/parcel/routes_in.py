"""The menus, places and numbers of a parcel: nothing that leads anywhere here is led elsewhere."""

from collections.abc import Sequence
from typing import get_args

from pbx.company import Menus, Numbers
from pbx.errors import Refused
from pbx.library.messages import Messages
from pbx.library.parcel.arrival import Arrival
from pbx.library.parcel.manifest import MenuIn, NumberIn, PlaceIn
from pbx.rules.numbers import parse_number
from pbx.store import Store, people, places
from pbx.store.values import NumberKind, PlaceKind, Target


class RoutesIn:
    def __init__(self, store: Store, library: Messages, arrival: Arrival) -> None:
        self._store = store
        self._library = library
        self._menus = Menus(store)
        self._numbers = Numbers(store)
        self._to = arrival

    async def menus(self, told: Sequence[MenuIn]) -> None:
        """Those first to which the others lead."""
        here = {menu.name: menu for menu in await self._menus.all(self._to.company.id)}
        self._to.menus.update({name: menu.id for name, menu in here.items()})
        waiting = [menu for menu in told if menu.name not in here]
        while waiting:
            later = [
                menu for menu in waiting if menu.fallback.kind == "menu" and menu.fallback.to not in self._to.menus
            ]
            ready = [menu for menu in waiting if menu.fallback.kind != "menu" or menu.fallback.to in self._to.menus]
            for menu in ready or later:
                await self._menu(menu)
            waiting = later if ready else []
        for menu in told:
            await self._choices(menu)

    async def _menu(self, told: MenuIn) -> None:
        what = f"menu {told.name}"[:80]
        fallback = Target("hangup")
        with self._to.telling(f"{what} fallback"):
            fallback = self._to.target(told.fallback)
        with self._to.telling(what):
            made = await self._menus.add(
                self._to.company.id, told.name, fallback=fallback, tries=told.tries, timeout_s=told.timeout_s,
                by=self._to.by,
            )  # fmt: skip
            self._to.menus[told.name] = made.id
            self._to.count("menus")

    async def _choices(self, told: MenuIn) -> None:
        menu_id = self._to.menus.get(told.name)
        menu = None if menu_id is None else await self._menus.get(self._to.company.id, menu_id)
        if menu is None:
            return
        for key, choice in told.choices.items():
            with self._to.telling(f"menu {told.name} key {key}"[:80]):
                target = self._to.target(choice)
                if key not in menu.choices:
                    await self._menus.set_choice(self._to.company.id, menu.id, key, target, by=self._to.by)
                elif menu.choices[key] != target:
                    raise Refused("archive-differs", f"{choice.kind} {choice.to}"[:60])

    async def places(self, told: Sequence[PlaceIn]) -> None:
        async with self._store.read(self._to.company.id) as tx:
            here = {(place.kind, place.slot): place.message for place in await places.of(tx)}
        for place in told:
            with self._to.telling(f"place {place.kind} {place.owner} {place.slot}"[:80]):
                await self._place(place, here)

    async def _place(self, told: PlaceIn, here: dict[tuple[PlaceKind, str], str | None]) -> None:
        kind, slot, message = _place_kind(told.kind), self._slot(told), self._to.messages.get(told.message)
        if told.message and message is None:
            raise Refused("archive-target", f"message {told.message}")
        at = here.get((kind, slot))
        if at is None and (message is not None or (kind, slot) not in here):
            await self._library.place(self._to.company.id, kind, slot, message, by=self._to.by)
            self._to.count("places")
        elif at is not None and message is not None and at != message:
            raise Refused("archive-differs", f"message {told.message}")

    def _slot(self, told: PlaceIn) -> str:
        if not told.owner:
            return told.slot
        owner = (self._to.menus if told.kind == "menu" else self._to.boxes).get(told.owner)
        if owner is None:
            raise Refused("archive-target", told.owner[:60])
        return f"{owner}/{told.slot}"

    async def number(self, told: NumberIn) -> None:
        with self._to.telling(f"number {told.number}"[:80]):
            number = parse_number(told.number)
            kind = _number_kind(told.kind)
            if there := await self._numbers.by_e164(self._to.company.id, number.e164):
                if there.kind != kind:
                    raise Refused("archive-differs", there.kind)
                return
            mailbox = self._box(told.mailbox)
            await self._numbers.add(
                self._to.company.id, told.number, kind, target=await self._leads(kind, told.to),
                mailbox=mailbox if kind != "mailbox" else None, language=told.language or None, by=self._to.by,
            )  # fmt: skip
            self._to.count("numbers")

    async def _leads(self, kind: NumberKind, to: str) -> str | None:
        if kind == "voicemail":
            return None
        if kind == "user":
            async with self._store.read(self._to.company.id) as tx:
                user = await people.by_extension(tx, to)
            found = None if user is None else user.id
        else:
            found = self._to.menus.get(to) if kind == "menu" else self._box(to)
        if found is None:
            raise Refused("archive-target", f"{kind} {to}"[:80])
        return found

    def _box(self, extension: str) -> str | None:
        if not extension:
            return None
        if extension not in self._to.boxes:
            raise Refused("archive-target", f"mailbox {extension}"[:80])
        return self._to.boxes[extension]


def _place_kind(text: str) -> PlaceKind:
    if text not in get_args(PlaceKind):
        raise Refused("archive-kind", text[:20])
    return text  # type: ignore[return-value]


def _number_kind(text: str) -> NumberKind:
    if text not in get_args(NumberKind):
        raise Refused("archive-kind", text[:20])
    return text  # type: ignore[return-value]
