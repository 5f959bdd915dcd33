"""Mailboxes: what callers left, and the greeting that they heard before."""

from collections.abc import Sequence

from pbx.library.published import Published
from pbx.store import Store, audit, mailboxes, messages, versions
from pbx.store.values import Mailbox, Version, VoiceMessage, VoiceState, Waiting


class Mailboxes:
    def __init__(self, store: Store, published: Published) -> None:
        self._store = store
        self._published = published

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
