"""The users of a parcel, with their mailboxes and the numbers at which they may be rung."""

from typing import get_args

from pbx.company import People
from pbx.errors import Refused
from pbx.library.parcel.arrival import Arrival, Left
from pbx.library.parcel.manifest import MailboxIn, UserIn
from pbx.rules.numbers import parse_number
from pbx.store import Store, mailboxes, people
from pbx.store.values import Role, User


class PeopleIn:
    def __init__(self, store: Store, countries: frozenset[str], arrival: Arrival) -> None:
        self._store = store
        self._people = People(store)
        self._countries = countries
        self._to = arrival

    async def take(self, told: UserIn) -> None:
        what = f"user {told.extension} {told.name}"[:80]
        with self._to.telling(what):
            user = await self._user(told, what)
            self._to.users[told.extension] = user.id
            async with self._store.read(user.company) as tx:
                self._to.boxes[told.extension] = (await mailboxes.of_user(tx, user.id)).id
            for number in told.numbers:
                with self._to.telling(f"{what} {number}"[:80]):
                    await self._number(user, number)

    async def _user(self, told: UserIn, what: str) -> User:
        there = await self._people.by_extension(self._to.company.id, told.extension)
        if there is not None and there.name != told.name:
            raise Refused("archive-differs", there.name)  # one person's voice is not put into another's mailbox
        if there is not None:
            return there
        role = _role(told.role)
        made = await self._people.add(
            self._to.company.id, told.name, told.extension, language=told.language, role=role, by=self._to.by
        )
        self._to.count("users")
        if told.pin:
            self._to.todo.append(Left(what, "archive-pin", ""))
        self._to.todo.extend(Left(what, "archive-phone", label) for label in told.phones)
        return made

    async def _number(self, user: User, raw: str) -> None:
        async with self._store.read(user.company) as tx:
            entered = {one.number for one in await people.numbers(tx, user.id)}
        if parse_number(raw) not in entered:
            await self._people.add_number(user.company, user.id, raw, self._countries, by=self._to.by)

    async def mailbox(self, told: MailboxIn) -> None:
        """Its greeting is the one of the user's mailbox here. Its limits are as everybody's."""
        with self._to.telling(f"mailbox {told.extension}"[:80]):
            if told.extension not in self._to.boxes:
                raise Refused("archive-target", told.extension[:20])
            async with self._store.read(self._to.company.id) as tx:
                box = await mailboxes.get(tx, self._to.boxes[told.extension])
            self._to.messages[told.greeting] = box.greeting
            if (box.max_messages, box.max_s) != (told.max_messages, told.max_s):
                raise Refused("archive-differs", f"{told.max_messages} messages of {told.max_s} s")


def _role(text: str) -> Role:
    if text not in get_args(Role):
        raise Refused("archive-kind", text[:20])
    role: Role = text  # type: ignore[assignment]
    return role
