"""The way of a call from a number on: what is heard at each step and because of what, and where each key leads.

The rows are read first; on the way it is asked only what is heard in each place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pbx.company.menus import KEYPAD, SLOTS
from pbx.library import MessageView
from pbx.store.values import CompanyNumber, Mailbox, Menu, PlaceKind, Target, User
from pbx.web.visit import Visit

Kind = Literal["menu", "user", "mailbox", "message", "hangup", "voicemail"]
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Heard:
    """`audio`: what is true of the message's recording, empty where no message is. `how`: what callers hear now.
    `slot`: `welcome`, `greeting`, or empty for a message that a key leads to. `url` plays it.
    `copies`: how many hold the recording."""

    slot: str
    message: str
    name: str
    audio: str
    how: str
    script: str
    url: str
    copies: int | None = None


@dataclass(slots=True)
class Step:
    """`aim`: where a test call would lead to hear it. `again`: it is drawn somewhere above. `ways`: by key, where it
    leads; an empty key is what happens in the end."""

    kind: Kind
    name: str
    id: str
    aim: Target | None
    heard: list[Heard] = field(default_factory=list)
    ways: list[tuple[str, "Step"]] = field(default_factory=list)
    again: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """What a company's ways are made of. `places`: by kind and slot, the message there."""

    menus: Mapping[str, Menu]
    users: Mapping[str, User]
    boxes: Mapping[str, Mailbox]
    places: Mapping[tuple[str, str], str | None]


async def rows(visit: Visit) -> Rows:
    company, parts = visit.company.id, visit.parts
    return Rows(
        {menu.id: menu for menu in await parts.menus.all(company)},
        {user.id: user for user in await parts.people.all(company)},
        {box.id: box for box in await parts.library.mailboxes.all(company)},
        {(place.kind, place.slot): place.message for place in await parts.library.messages.all_places(company)},
    )


class Walk:
    """One number's way, in the language of its callers."""

    def __init__(self, visit: Visit, rows: Rows, lang: str) -> None:
        self._visit = visit
        self._rows = rows
        self._lang = lang
        self._seen: set[str] = set()
        self._views: Mapping[str, MessageView] = {}

    async def from_number(self, number: CompanyNumber) -> Step:
        await self._look(number)
        target = number.target or ""
        if number.kind == "menu" and target in self._rows.menus:
            return await self._menu(self._rows.menus[target], 0)
        if number.kind == "user" and target in self._rows.users:
            return await self._user(self._rows.users[target])
        if number.kind == "mailbox" and target in self._rows.boxes:
            return await self._mailbox(target)
        return Step("voicemail", "", "", None)

    async def _look(self, number: CompanyNumber) -> None:
        """At the messages of the menus and mailboxes that it can come to."""
        reached: set[Target] = set()
        to_come = [self._first(number)]
        while to_come:
            target = to_come.pop()
            if target not in reached:
                reached.add(target)
                to_come += self._next(target)
        owners = {target.value for target in reached}
        there = {message for (_, slot), message in self._rows.places.items() if slot.partition("/")[0] in owners}
        ids = {target.value for target in reached if target.kind == "message"} | {one for one in there if one}
        views = await self._visit.parts.library.overview.these(self._visit.company.id, sorted(ids)[:600])
        self._views = {view.id: view for view in views}

    def _first(self, number: CompanyNumber) -> Target:
        """Where the number itself leads; a user is reached by their extension."""
        owner = self._rows.users.get(number.target or "")
        if number.kind == "user":
            return Target("extension", owner.extension) if owner else Target("hangup")
        return Target("menu" if number.kind == "menu" else "mailbox", number.target or "")

    def _next(self, target: Target) -> Sequence[Target]:
        """Where a call can go on to from there."""
        if target.kind == "menu" and target.value in self._rows.menus:
            menu = self._rows.menus[target.value]
            return [*menu.choices.values(), menu.fallback]
        if target.kind == "extension":
            owners = {user.id for user in self._rows.users.values() if user.extension == target.value}
            return [Target("mailbox", box.id) for box in self._rows.boxes.values() if box.user in owners]
        return []

    async def _to(self, target: Target, depth: int) -> Step:
        match target.kind:
            case "menu" if target.value in self._rows.menus and depth < _DEEPEST:
                return await self._menu(self._rows.menus[target.value], depth)
            case "extension":
                user = next((user for user in self._rows.users.values() if user.extension == target.value), None)
                return await self._user(user) if user else Step("user", target.value, "", None)
            case "mailbox" if target.value in self._rows.boxes:
                return await self._mailbox(target.value)
            case "message":
                return await self._message(target.value)
            case _:
                return Step("hangup", "", "", None)

    async def _menu(self, menu: Menu, depth: int) -> Step:
        step = Step("menu", menu.name, menu.id, Target("menu", menu.id))
        if menu.id in self._seen:
            step.again = True
            return step
        self._seen.add(menu.id)
        step.heard = [await self._at("menu", menu.id, slot) for slot in SLOTS]
        for key in sorted(menu.choices, key=KEYPAD.index):
            step.ways.append((key, await self._to(menu.choices[key], depth + 1)))
        step.ways.append(("", await self._to(menu.fallback, depth + 1)))
        return step

    async def _user(self, user: User) -> Step:
        step = Step("user", user.name, user.id, Target("extension", user.extension))
        box = next((box for box in self._rows.boxes.values() if box.user == user.id), None)
        if box is not None:
            step.ways.append(("", await self._mailbox(box.id)))
        return step

    async def _mailbox(self, box_id: str) -> Step:
        owner = self._rows.users[self._rows.boxes[box_id].user]
        step = Step("mailbox", owner.name, box_id, Target("mailbox", box_id))
        step.again = box_id in self._seen
        if not step.again:
            self._seen.add(box_id)
            step.heard = [await self._at("mailbox", box_id, "greeting")]
        return step

    async def _message(self, message_id: str) -> Step:
        view = self._views.get(message_id)
        step = Step("message", view.name if view else "", message_id, Target("message", message_id))
        playable = await self._visit.parts.library.messages.playable_message(
            self._visit.company.id, message_id, self._lang
        )
        step.heard = [self._heard("", view, playable.heard, f"/messages/{message_id}/heard.wav")]
        return step

    async def _at(self, kind: PlaceKind, owner: str, slot: str) -> Heard:
        message = self._rows.places.get((kind, f"{owner}/{slot}"))
        playable = await self._visit.parts.library.messages.playable(
            self._visit.company.id, kind, f"{owner}/{slot}", self._lang
        )
        url = f"/map/heard/{kind}/{owner}/{slot}.wav?lang={self._lang}"
        return self._heard(slot, self._views.get(message or ""), playable.heard, url)

    def _heard(self, slot: str, view: MessageView | None, how: str, url: str) -> Heard:
        if view is None:
            return Heard(slot, "", "", "", how, "", url)
        script = view.script.get(self._lang) or view.script.get(self._visit.company.language) or ""
        says_nothing = view.kind != "greeting" and not any(view.script.values())  # a greeting has words of its own
        audio = "missing" if view.state == "stand-in" and says_nothing else view.shown
        return Heard(slot, view.id, view.name, audio, how, script, url, view.copies)


def first_heard(step: Step) -> Sequence[Heard]:
    """What callers hear before they can do anything."""
    if step.kind == "menu":
        return [heard for heard in step.heard if heard.slot in ("welcome", "choices")]
    if step.kind == "user" and step.ways:
        return step.ways[-1][1].heard
    return step.heard
