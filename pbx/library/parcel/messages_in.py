"""The messages of a parcel: made where there is none of that name, and left as they are where there is."""

from pbx.company.languages import LANGUAGES
from pbx.company.names import clean
from pbx.errors import Refused
from pbx.library.messages import Messages
from pbx.library.parcel.arrival import Arrival
from pbx.library.parcel.manifest import MessageIn, TextIn
from pbx.store import Store, messages


class MessagesIn:
    def __init__(self, store: Store, library: Messages, arrival: Arrival) -> None:
        self._store = store
        self._library = library
        self._to = arrival

    async def take(self, told: MessageIn) -> None:
        """One that is nobody's greeting. After it `arrival.messages` knows it."""
        with self._to.telling(_named(told)):
            async with self._store.read(self._to.company.id) as tx:
                there = await messages.by_name(tx, clean(told.name))
            if there is None:
                self._to.messages[told.number] = await self._make(told)
                return
            if there.deleted_at is not None:
                raise Refused("message-name-deleted", there.name)
            self._to.messages[told.number] = there.id
            if there.kind != told.kind:
                self._to.leave(_named(told), "archive-differs", f"{told.kind}, {there.kind}"[:60])
            await self._scripts(told)

    async def greeting(self, told: MessageIn) -> None:
        """The greeting of a user who is here: its script only."""
        with self._to.telling(_named(told)):
            await self._scripts(told)

    async def _make(self, told: MessageIn) -> str:
        scripts = {lang: text.script for lang, text in _known(told).items() if text.script}
        company, number = self._to.company.id, told.number
        async with self._store.read(company) as tx:
            if await messages.by_number(tx, number) is not None:
                number = 0
        made = await self._library.add(
            company, told.name, told.kind, scripts=scripts, number=number or None, by=self._to.by
        )
        self._to.count("messages")
        if not number:
            self._to.leave(_named(told), "archive-number", str(made.number))
        return made.id

    async def _scripts(self, told: MessageIn) -> None:
        """Into a message that is there: where there is no script yet."""
        company, message_id = self._to.company.id, self._to.messages[told.number]
        async with self._store.read(company) as tx:
            heard = await messages.with_texts(tx, message_id)
        for lang, text in _known(told).items():
            here = heard.texts[lang].script if lang in heard.texts else ""
            if not here and text.script.strip():
                await self._library.set_script(company, message_id, lang, text.script, by=self._to.by)
            elif here != text.script.strip():
                self._to.leave(f"{_named(told)} {lang}", "archive-differs", "script")


def _known(told: MessageIn) -> dict[str, TextIn]:
    """Another language's recordings are told where they are not taken."""
    return {lang: text for lang, text in told.texts.items() if lang in LANGUAGES}


def _named(told: MessageIn) -> str:
    return f"message {told.number} {told.name}"[:80]
