"""Questions about what was deleted so long ago that it is to be erased."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from pbx.rules.brake import at_ease, counted_since, is_released, too_many_wait
from pbx.rules.retention import MESSAGE_UNDO, VOICE_UNDO
from pbx.store import brake, removing
from pbx.store.tables import MessageRow, PictureRow, TakeRow, TextRow, VersionRow, VoiceMessageRow
from pbx.store.tx import Reading

_MOST = 2_000
_MESSAGES = select(MessageRow.id).order_by(MessageRow.deleted_at).limit(_MOST)
_VERSIONS = (
    select(VersionRow.id)
    .join(TextRow, TextRow.id == VersionRow.text_id)
    .outerjoin(TakeRow, TakeRow.id == VersionRow.take_id)
    .where(
        or_(TextRow.version_id.is_(None), TextRow.version_id != VersionRow.id),
        or_(TakeRow.id.is_(None), TakeRow.spooled.is_(False)),
    )
    .order_by(VersionRow.retired_at)
    .limit(_MOST)
)
_VOICE = (
    select(VoiceMessageRow.id)
    .join(TakeRow, TakeRow.id == VoiceMessageRow.take_id)
    .where(TakeRow.spooled.is_(False))
    .order_by(VoiceMessageRow.deleted_at)
    .limit(_MOST)
)
_PICTURES = select(PictureRow.id).order_by(PictureRow.retired_at).limit(_MOST)


@dataclass(frozen=True, slots=True)
class Due:
    """Ids of what is to go now, oldest first. `weight`: what the brake is to count for it."""

    messages: tuple[str, ...]
    versions: tuple[str, ...]
    voice: tuple[str, ...]
    pictures: tuple[str, ...]
    weight: int


async def due(tx: Reading) -> Due:
    """What was deleted so long ago that it cannot be brought back any more, is used nowhere and lies in the spool no
    more: all messages, versions and pictures, and as many voice messages as go without haste. Those are counted
    beforehand only if so many wait that something must be wrong."""
    deleted = await tx.all(_MESSAGES.where(MessageRow.deleted_at <= tx.now - MESSAGE_UNDO))
    hindered = await removing.hindered(tx) if deleted else {}
    messages = [one for one in deleted if one not in hindered]
    versions = await tx.all(_VERSIONS.where(VersionRow.retired_at <= tx.now - MESSAGE_UNDO))
    pictures = tuple(await tx.all(_PICTURES.where(PictureRow.retired_at <= tx.now - MESSAGE_UNDO)))
    voice = await tx.all(_VOICE.where(VoiceMessageRow.deleted_at <= tx.now - VOICE_UNDO))
    weight = await brake.weight(tx, *messages) + len(versions) + len(pictures)
    state, objects = await brake.state(tx), await brake.objects(tx)
    if is_released(state, tx.now) or too_many_wait(objects, len(voice)):
        return Due(tuple(messages), tuple(versions), tuple(voice), pictures, weight + len(voice))
    gone = weight + await brake.gone(tx, counted_since(state, tx.now))
    return Due(tuple(messages), tuple(versions), tuple(voice[: at_ease(objects, gone)]), pictures, weight)
