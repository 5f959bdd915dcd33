"""Where a key leads, in words that people choose from a list or type: `201 Alva Alm`, `Meny Support`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pbx.errors import Refused
from pbx.store.values import Target
from pbx.web.visit import Visit

_MOST_MESSAGES = 500
_EXTENSION = re.compile(r"([0-9]{2,6})(?: .*)?")


@dataclass(frozen=True, slots=True)
class Known:
    """`words`: of each target that is offered; `names`: of messages, to choose from."""

    words: Mapping[Target, str]
    names: Mapping[str, str]
    message: str

    def of(self, target: Target) -> str:
        """Of one that is not offered, too: an extension that nobody has, a message far down the list."""
        return self.words.get(target) or f"{self.message} {target.value}".strip()

    def read(self, text: str, names: Mapping[str, str]) -> Target:
        """`names`: by name in small letters, the ids of messages. Refused: `target-unknown`."""
        wanted = text.casefold().strip()
        for target, words in self.words.items():
            if words.casefold() == wanted:
                return target
        if extension := _EXTENSION.fullmatch(wanted):
            return Target("extension", extension[1])
        message = wanted.removeprefix(self.message.casefold()).strip()
        if message in names:
            return Target("message", names[message])
        raise Refused("target-unknown", text[:80])


async def known(visit: Visit) -> Known:
    words, company = visit.words, visit.company.id
    told: dict[Target, str] = {Target("hangup"): words("Avsluta samtalet")}
    menu, mailbox, message = words("Meny"), words("Brevlåda"), words("Meddelande")
    for one in await visit.parts.menus.all(company):
        told[Target("menu", one.id)] = f"{menu} {one.name}"
    users = await visit.parts.people.all(company)
    boxes = {box.user: box.id for box in await visit.parts.library.mailboxes.all(company)}
    for user in users:
        told[Target("extension", user.extension)] = f"{user.extension} {user.name}"
        told[Target("mailbox", boxes[user.id])] = f"{mailbox} {user.extension} {user.name}"
    names = await visit.parts.library.messages.names(company)
    for number, (one_id, name) in enumerate(names.items()):
        if number < _MOST_MESSAGES:
            told[Target("message", one_id)] = f"{message} {name}"
    return Known(told, names, message)
