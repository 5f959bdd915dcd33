"""Deleting a message, and bringing it back: nothing of it is erased until it has been deleted for long enough."""

from pbx.errors import Refused
from pbx.library.brake import Brake
from pbx.rules.jobs import LIVE
from pbx.store import Store, audit, jobs, messages, uses
from pbx.store.tx import Writing
from pbx.store.values import Message


class Removal:
    def __init__(self, store: Store, brake: Brake) -> None:
        self._store = store
        self._brake = brake

    async def delete(self, company: str, message_id: str, *, by: str) -> Message:
        """It is in no list any more, and can be brought back for `rules.retention.MESSAGE_UNDO`. Deleted again, it
        stays deleted since the first time.

        Refused: `message-unknown`, `message-placed` (with the places), `message-busy`, `brake-on`.
        """
        async with self._brake.watching(company), self._store.edit(company) as tx:
            message = await messages.even_deleted(tx, message_id)
            if message.deleted_at is not None:
                return message
            await _unused(tx, message)
            await self._brake.count_message(tx, message_id)
            message = await messages.set_deleted(tx, message_id, True)
            await audit.write(tx, by, "message deleted", message.name, message=message_id)
        return message

    async def undelete(self, company: str, message_id: str, *, by: str) -> Message:
        """As it was, but for its places: nothing that is in a place can be deleted. Refused: `message-unknown`."""
        async with self._store.edit(company) as tx:
            message = await messages.even_deleted(tx, message_id)
            if message.deleted_at is None:
                return message
            message = await messages.set_deleted(tx, message_id, False)
            await audit.write(tx, by, "message undeleted", message.name, message=message_id)
        return message


async def _unused(tx: Writing, message: Message) -> None:
    if places := await uses.used(tx, message.id):
        raise Refused("message-placed", ", ".join(map(str, places)))
    items = [item for job in await jobs.live(tx) for item in job.items]
    if any(item.message == message.id and item.state in LIVE for item in items):
        raise Refused("message-busy", message.name)
