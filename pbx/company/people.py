"""Users: who they are, where they may be rung, which phones are theirs."""

import hashlib
import re
import secrets
import string

from pbx.company.languages import known
from pbx.company.names import clean
from pbx.errors import Refused
from pbx.rules.numbers import Number, may_ring, parse_number
from pbx.store import Store, audit, companies, mailboxes, menus, messages, people, places
from pbx.store.values import Phone, Role, User, UserNumber

REALM = "asterisk"
MAX_MESSAGES, MAX_S = 100, 180
_EXTENSION = re.compile(r"[1-9][0-9]{1,5}")
SHORT_CODE = "333"
"""What everybody dials for their own mailbox."""
_NOT_FOR_PEOPLE = frozenset({"112", SHORT_CODE, "90000"})
_LETTERS = string.ascii_lowercase + string.digits


class People:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def calling(self, company: str, sip_user: str) -> User | None:
        """Whose phone this is, by the name with which it has proved itself to Asterisk."""
        async with self._store.read(company) as tx:
            return await people.calling(tx, sip_user)

    async def by_extension(self, company: str, extension: str) -> User | None:
        async with self._store.read(company) as tx:
            return await people.by_extension(tx, extension)

    async def get(self, company: str, user_id: str) -> User:
        """Refused: `user-unknown`."""
        return await self._store.recall(company, ("user", user_id), lambda tx: people.get(tx, user_id))

    async def all(self, company: str) -> list[User]:
        """By extension."""
        async with self._store.read(company) as tx:
            return await people.everybody(tx)

    async def by_name(self, company: str, name: str) -> User:
        """By extension, whole name, or a first name that only one has; in any case of letters.

        Refused: `user-unknown`, `user-ambiguous`.
        """
        wanted = name.casefold().strip()
        everybody = await self.all(company)
        for tries in (
            [user for user in everybody if user.extension == wanted],
            [user for user in everybody if user.name.casefold() == wanted],
            [user for user in everybody if user.name.casefold().split(" ")[0] == wanted],
        ):
            if len(tries) == 1:
                return tries[0]
            if tries:
                raise Refused("user-ambiguous", name[:80])
        raise Refused("user-unknown", name[:80])

    async def add(
        self, company: str, name: str, extension: str, *, language: str | None = None, role: Role = "user", by: str
    ) -> User:
        """A user with a mailbox, a greeting (no recording yet) and the place in which it is heard.

        Refused: `name-form`, `extension-form`, `extension-taken`, `language-unknown`.
        """
        name = clean(name)
        _check_extension(extension)
        async with self._store.edit(company) as tx:
            lang = known(language or (await companies.this(tx)).language)
            user = await people.add(tx, name, extension, lang, role)
            greeting = await messages.add(tx, f"greeting-{extension}", "greeting", None)
            mailbox = await mailboxes.add(tx, user.id, greeting.id, MAX_MESSAGES, MAX_S)
            await places.put(tx, "mailbox", f"{mailbox.id}/greeting", greeting.id)
            await audit.write(tx, by, "user added", name, user=user.id, extension=extension, role=role)
        return user

    async def change(
        self, company: str, user_id: str, *, name: str, extension: str, role: Role, by: str, oneself: bool = False
    ) -> User:
        """Menus that lead to the extension go on leading to the user. `oneself`: the user asks for it, and so cannot
        give up a role; each company keeps an admin.

        Refused: `user-unknown`, `name-form`, `extension-form`, `extension-taken`, `role-own`.
        """
        name = clean(name)
        _check_extension(extension)
        async with self._store.edit(company) as tx:
            before = await people.get(tx, user_id)
            if oneself and role != before.role:
                raise Refused("role-own")
            user = await people.change(tx, user_id, name, extension, role)
            if extension != before.extension:
                await menus.lead_to(tx, before.extension, extension)
            if user != before:
                await audit.write(
                    tx, by, "user changed", name, user=user.id,
                    **{of: f"{old} -> {new}" for of, old, new in _differences(before, user)},
                )  # fmt: skip
        return user

    async def all_numbers(self, company: str) -> dict[str, list[UserNumber]]:
        """By user who has any."""
        async with self._store.read(company) as tx:
            return await people.all_numbers(tx)

    async def set_language(self, company: str, user_id: str, language: str, *, by: str) -> None:
        """In which a user hears and reads us. Refused: `user-unknown`, `language-unknown`."""
        async with self._store.edit(company) as tx:
            user = await people.get(tx, user_id)
            await people.set_language(tx, user.id, known(language))
            await audit.write(tx, by, "language set", user.name, user=user.id, language=language)

    async def numbers(self, company: str, user_id: str) -> list[UserNumber]:
        """Where the user may be rung, besides their phones; oldest first."""
        async with self._store.read(company) as tx:
            return await people.numbers(tx, user_id)

    async def add_number(
        self, company: str, user_id: str, raw: str, countries: frozenset[str], *, by: str
    ) -> UserNumber:
        """Refused: `number-form`, `number-country`, `number-premium`, `number-emergency`, `number-taken`."""
        number = parse_number(raw)
        may_ring(number, countries)
        async with self._store.edit(company) as tx:
            user = await people.get(tx, user_id)
            added = await people.add_number(tx, user.id, number)
            await audit.write(tx, by, "user number added", user.name, user=user.id, number=number.e164)
        return added

    async def remove_number(self, company: str, user_id: str, raw: str, *, by: str) -> None:
        """Refused: `number-form`, `number-unknown`."""
        number = parse_number(raw)
        async with self._store.edit(company) as tx:
            user = await people.get(tx, user_id)
            if not await people.remove_number(tx, user.id, number):
                raise Refused("number-unknown", number.e164)
            await audit.write(tx, by, "user number removed", user.name, user=user.id, number=number.e164)

    async def owner(self, company: str, number: Number) -> User | None:
        """For whom this number was entered. A caller's number can be forged: never a proof of who calls."""
        async with self._store.read(company) as tx:
            return await people.owner(tx, number)

    async def sip_users(self, company: str) -> frozenset[str]:
        """Of all telephones of the company."""
        async with self._store.read(company) as tx:
            return frozenset(phone.sip_user for phone in await people.phones(tx))

    async def phones(self, company: str, user_id: str) -> list[Phone]:
        async with self._store.read(company) as tx:
            return await people.phones(tx, user_id)

    async def add_phone(self, company: str, user_id: str, label: str = "", *, by: str) -> tuple[Phone, str]:
        """The phone and its password, which is shown this once: only a digest is kept. The SIP user name is random, so
        that knowing an extension is no beginning of guessing a login."""
        label = clean(label) if label else ""
        sip_user, password = _random(12), _random(24)
        digest = hashlib.md5(f"{sip_user}:{REALM}:{password}".encode(), usedforsecurity=False)
        async with self._store.edit(company) as tx:
            user = await people.get(tx, user_id)
            phone = await people.add_phone(tx, user.id, sip_user, digest.hexdigest(), label)
            await audit.write(tx, by, "phone added", user.name, user=user.id, phone=phone.id, label=label)
        return phone, password


def _check_extension(extension: str) -> None:
    if not _EXTENSION.fullmatch(extension) or extension in _NOT_FOR_PEOPLE:
        raise Refused("extension-form", extension[:20])


def _differences(before: User, after: User) -> list[tuple[str, str, str]]:
    pairs = [(of, str(getattr(before, of)), str(getattr(after, of))) for of in ("name", "extension", "role")]
    return [(of, old, new) for of, old, new in pairs if old != new]


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
