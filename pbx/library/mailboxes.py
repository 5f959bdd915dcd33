"""Mailboxes: what callers left, and the greeting that they heard before."""

from collections.abc import Sequence
from dataclasses import dataclass

from pbx.errors import Refused
from pbx.library.evidence import Audio, Evidence
from pbx.library.published import Published
from pbx.rules.numbers import Caller, Extension, Number, Withheld
from pbx.rules.retention import VOICE_UNDO
from pbx.store import Store, audit, mailboxes, messages, people, versions
from pbx.store.tx import Reading
from pbx.store.values import Mailbox, User, Version, VoiceMessage, VoiceState, Waiting


@dataclass(frozen=True, slots=True)
class Received:
    """`audio`: what is true of what was said. `who`: the colleague whose telephone it came from, as far as its number
    tells; that of a caller from outside can be forged."""

    message: VoiceMessage
    audio: Audio
    who: User | None


class Mailboxes:
    def __init__(self, store: Store, published: Published, evidence: Evidence) -> None:
        self._store = store
        self._published = published
        self._evidence = evidence

    async def get(self, company: str, mailbox_id: str) -> Mailbox:
        """Refused: `mailbox-unknown`."""
        async with self._store.read(company) as tx:
            return await mailboxes.get(tx, mailbox_id)

    async def all(self, company: str) -> list[Mailbox]:
        async with self._store.read(company) as tx:
            return await mailboxes.all_of_them(tx)

    async def of_user(self, company: str, user_id: str) -> Mailbox:
        """Refused: `mailbox-unknown`."""
        async with self._store.read(company) as tx:
            return await mailboxes.of_user(tx, user_id)

    async def greeted(self, company: str) -> dict[str, str]:
        """By greeting (a message): the name of whose it is."""
        async with self._store.read(company) as tx:
            return await people.greeters(tx)

    async def new_counts(self, company: str) -> dict[str, int]:
        """By mailbox that holds any: how many nobody has heard yet."""
        async with self._store.read(company) as tx:
            return await mailboxes.new_counts(tx)

    async def new_count(self, company: str, mailbox_id: str) -> int:
        async with self._store.read(company) as tx:
            return await mailboxes.count(tx, mailbox_id, "new")

    async def waiting(self) -> dict[str, Waiting]:
        """Of all companies, by mailbox: those in which there is a message."""
        async with self._store.across() as tx:
            return await mailboxes.waiting(tx)

    async def every_id(self) -> Sequence[str]:
        """Of all companies."""
        async with self._store.across() as tx:
            return await mailboxes.every_id(tx)

    async def messages(self, company: str, mailbox_id: str) -> list[VoiceMessage]:
        """New and kept ones, newest first."""
        async with self._store.read(company) as tx:
            return await mailboxes.messages(tx, mailbox_id)

    async def received(self, company: str, mailbox_id: str) -> list[Received]:
        """Those, and what was deleted and can still be brought back, newest first, with what is true of each."""
        async with self._store.read(company) as tx:
            found = await mailboxes.messages_and_deleted(tx, mailbox_id, tx.now - VOICE_UNDO)
            who = {caller: await _owner(tx, caller) for caller in {message.caller for message in found}}
        audio = await self._evidence.of(company, found)
        return [Received(message, audio[message.id], who[message.caller]) for message in found]

    async def message(self, company: str, mailbox_id: str, voice_id: str) -> VoiceMessage:
        """One of this mailbox. Refused: `message-unknown`."""
        async with self._store.read(company) as tx:
            message = await mailboxes.message(tx, voice_id)
        if message.mailbox != mailbox_id:
            raise Refused("message-unknown", voice_id[:40])
        return message

    async def is_full(self, company: str, mailbox_id: str) -> bool:
        async with self._store.read(company) as tx:
            box = await mailboxes.get(tx, mailbox_id)
            return await mailboxes.count(tx, mailbox_id, "new", "kept") >= box.max_messages

    async def media(self, message: VoiceMessage) -> str | None:
        """What plays it, made now if need be; None: its audio is lost, and who called and when is all there is."""
        return await self._published.recording(message.company, message)

    async def mark(self, company: str, voice_id: str, state: VoiceState, *, by: str) -> VoiceMessage:
        """Deleting is a state too, and can be taken back. Refused: `message-unknown`."""
        async with self._store.begin(company) as tx:
            message = await mailboxes.mark(tx, voice_id, state)
            await audit.write(tx, by, f"voice message {state}", message.mailbox, voice_message=voice_id)
        return message

    async def has_greeting(self, company: str, mailbox_id: str) -> bool:
        """Whether its owner has recorded one, and not deleted it."""
        async with self._store.read(company) as tx:
            heard = await messages.heard(tx, (await mailboxes.get(tx, mailbox_id)).greeting)
        return heard is not None and any(text.current for text in heard.texts.values())

    async def delete_greeting(self, company: str, mailbox_id: str, *, by: str) -> bool:
        """Callers hear the default one from now on; the audio stays in the vault. False if there was none."""
        async with self._store.begin(company) as tx:
            box = await mailboxes.get(tx, mailbox_id)
            retired = await versions.retire(tx, box.greeting)
            if retired:
                await audit.write(tx, by, "greeting deleted", box.id, mailbox=box.id)
        return retired > 0

    async def restore_greeting(self, company: str, mailbox_id: str, *, by: str) -> bool:
        """Takes `delete_greeting` back. False if there is nothing to bring back."""
        async with self._store.begin(company) as tx:
            box = await mailboxes.get(tx, mailbox_id)
            restored = await versions.restore(tx, box.greeting)
            if restored:
                await audit.write(tx, by, "greeting restored", box.id, mailbox=box.id)
        return restored > 0

    async def offered(self, company: str, mailbox_id: str) -> Version | None:
        """A greeting that a fault of ours cut off, and that its owner has not decided about yet."""
        async with self._store.read(company) as tx:
            return await versions.offered(tx, (await mailboxes.get(tx, mailbox_id)).greeting)

    async def version_media(self, company: str, version_id: str) -> str | None:
        """What plays a version, made now if need be. Refused: `version-unknown`."""
        async with self._store.read(company) as tx:
            version = await versions.get(tx, version_id)
        return await self._published.recording(company, version)

    async def use_version(self, company: str, version_id: str, *, by: str) -> None:
        """It is heard from now on. Refused: `version-unknown`."""
        async with self._store.begin(company) as tx:
            await versions.use(tx, version_id)
            await audit.write(tx, by, "version used", version_id)

    async def turn_down(self, company: str, version_id: str, *, by: str) -> None:
        """It is offered no more, and stays in the vault. Refused: `version-unknown`."""
        async with self._store.begin(company) as tx:
            await versions.turn_down(tx, version_id)
            await audit.write(tx, by, "version turned down", version_id)


async def _owner(tx: Reading, caller: Caller) -> User | None:
    match caller:
        case Extension(digits):
            return await people.by_extension(tx, digits)
        case Number():
            return await people.owner(tx, caller)
        case Withheld():
            return None
