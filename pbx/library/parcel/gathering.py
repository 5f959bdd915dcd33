"""A company's rows as a manifest. What was deleted is left out: its owner wants it gone, and a parcel lies about."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from pbx.library.parcel.manifest import (
    CompanyIn,
    MailboxIn,
    MenuIn,
    NumberIn,
    PictureFile,
    PlaceIn,
    TargetIn,
    UserIn,
    WordIn,
)
from pbx.rules.numbers import Caller, Extension, Number
from pbx.store import (
    Store,
    companies,
    mailboxes,
    menus,
    messages,
    people,
    pictures,
    pins,
    places,
    pronunciations,
    versions,
)
from pbx.store.messages import Heard
from pbx.store.pictures import Picture
from pbx.store.pronunciations import Pronunciation
from pbx.store.tx import Reading
from pbx.store.values import Company, CompanyNumber, Mailbox, Menu, Place, Target, User, Version, VoiceMessage

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Names:
    """By id: what people call things. `messages` are numbers, `boxes` the extensions of mailboxes' users."""

    users: Mapping[str, User]
    boxes: Mapping[str, str]
    menus: Mapping[str, str]
    messages: Mapping[str, int]

    def target(self, target: Target) -> TargetIn:
        named: Mapping[str, object] = {"menu": self.menus, "mailbox": self.boxes, "message": self.messages}.get(
            target.kind, {}
        )
        return TargetIn(target.kind, str(named.get(target.value, target.value)))

    def place(self, place: Place) -> PlaceIn:
        owner, _, slot = place.slot.partition("/")
        named = self.menus.get(owner) or self.boxes.get(owner)
        message = self.messages.get(place.message or "", 0)
        return PlaceIn(place.kind, named or "", slot if named else place.slot, message)

    def number(self, number: CompanyNumber) -> NumberIn:
        target = number.target or ""
        user = self.users[target].extension if target in self.users else ""
        to = self.menus.get(target) or self.boxes.get(target) or user
        mailbox = self.boxes.get(number.mailbox or "", "")
        return NumberIn(number.number.e164, number.kind, to, mailbox, number.language or "")


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything but messages and voice messages, of which there may be many. `phones`, `user_numbers` and `pictures`
    by user's id, `pins`: the ids of users who have one."""

    company: Company
    users: Sequence[User]
    boxes: Sequence[Mailbox]
    menus: Sequence[Menu]
    numbers: Sequence[CompanyNumber]
    places: Sequence[Place]
    user_numbers: Mapping[str, Sequence[str]]
    phones: Mapping[str, Sequence[str]]
    pins: frozenset[str]
    pictures: Mapping[str, Picture]
    words: Sequence[Pronunciation]
    names: Names


async def gather(store: Store, company: str) -> Rows:
    async with store.read(company) as tx:
        users, boxes = await people.everybody(tx), await mailboxes.all_of_them(tx)
        all_menus = await menus.all_of_them(tx)
        by_id = {user.id: user for user in users}
        return Rows(
            company=await companies.this(tx),
            users=users,
            boxes=boxes,
            menus=all_menus,
            numbers=await menus.numbers(tx),
            places=await places.of(tx),
            user_numbers={user.id: [n.number.e164 for n in await people.numbers(tx, user.id)] for user in users},
            phones={user.id: [phone.label for phone in await people.phones(tx, user.id)] for user in users},
            pins=frozenset([user.id for user in users if await pins.hash_of(tx, user.id) is not None]),
            pictures={picture.user: picture for picture in await pictures.current(tx)},
            words=await pronunciations.everything(tx),
            names=Names(
                by_id,
                {box.id: by_id[box.user].extension for box in boxes},
                {menu.id: menu.name for menu in all_menus},
                await messages.numbers(tx),
            ),
        )


def told(rows: Rows, pictures: Mapping[str, PictureFile]) -> dict[str, object]:
    """The manifest's parts that these rows make. `pictures`: by user's id, those that are in the parcel."""
    names = rows.names
    company = rows.company
    return {
        "company": CompanyIn(company.name, company.language, company.time_zone, company.outgoing),
        "users": tuple(_user(user, rows, pictures.get(user.id)) for user in rows.users),
        "mailboxes": tuple(
            MailboxIn(names.boxes[box.id], box.max_messages, box.max_s, names.messages.get(box.greeting, 0))
            for box in rows.boxes
        ),
        "menus": tuple(
            MenuIn(
                menu.name, menu.tries, menu.timeout_s,
                {key: names.target(target) for key, target in menu.choices.items()}, names.target(menu.fallback),
            )
            for menu in rows.menus
        ),
        "numbers": tuple(names.number(number) for number in rows.numbers),
        "places": tuple(names.place(place) for place in rows.places),
        "words": tuple(WordIn(one.lang, one.word, one.spoken) for one in rows.words),
    }  # fmt: skip


def _user(user: User, rows: Rows, picture: PictureFile | None) -> UserIn:
    numbers, phones = tuple(rows.user_numbers[user.id]), tuple(rows.phones[user.id])
    return UserIn(
        user.name, user.extension, user.language, user.role, numbers, phones, user.id in rows.pins, picture
    )  # fmt: skip


async def all_messages(store: Store, company: str) -> AsyncIterator[tuple[Heard, list[Version]]]:
    """By number, each with its versions, oldest first."""
    after = 0
    while True:
        async with store.read(company) as tx:
            page = await messages.page(tx, after, _PAGE)
            found = [(heard, (await versions.of_message(tx, heard.message.id))[::-1]) for heard in page]
        if not page:
            return
        for one in found:
            yield one
        after = page[-1].message.number


async def voice_messages(tx: Reading, box: Mailbox) -> list[VoiceMessage]:
    """Oldest first."""
    return (await mailboxes.messages(tx, box.id))[::-1]


def caller_told(caller: Caller) -> str:
    match caller:
        case Number(e164):
            return e164
        case Extension(digits):
            return digits
        case _:
            return ""
