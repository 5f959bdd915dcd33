"""The voice messages of a parcel: each is in its mailbox once, however often it is brought in."""

from pbx.company.languages import known
from pbx.errors import Refused
from pbx.library.parcel.arrival import Arrival
from pbx.library.parcel.manifest import VoiceIn
from pbx.library.parcel.sounds_in import SoundsIn
from pbx.rules.numbers import Caller, Extension, Number, Withheld, shown
from pbx.store import Store, audit, mailboxes, new_id, takes

_STATES = ("new", "kept")


class VoiceMessagesIn:
    def __init__(self, store: Store, sounds: SoundsIn, arrival: Arrival) -> None:
        self._store = store
        self._sounds = sounds
        self._to = arrival

    async def take(self, told: VoiceIn) -> None:
        with self._to.telling(f"voice message {told.mailbox} {told.at}"[:80]):
            await self._take(told)

    async def _take(self, told: VoiceIn) -> None:
        mailbox = self._to.boxes.get(told.mailbox)
        if mailbox is None:
            raise Refused("archive-target", f"mailbox {told.mailbox}"[:80])
        if told.state not in _STATES:
            raise Refused("archive-kind", told.state[:20])
        caller, at, lang = _caller(told.caller), self._sounds.past(told.at), known(told.lang)
        about = {
            "purpose": "a voice message", "extension": told.mailbox, "mailbox": mailbox, "language": lang,
            "caller": shown(caller, "en"), "recorded_at": at.isoformat(),
        }  # fmt: skip
        sound = await self._sounds.take(told.audio, told.first, told.last, about)
        async with self._store.edit(self._to.company.id) as tx:
            if await mailboxes.holds(tx, mailbox, sound.audio.sha256):
                return
            take = await takes.add(
                tx, "voice", text=None, mailbox=mailbox, job=None, lang=lang, channel="", caller=caller,
                made_by=self._to.by, at=at, file=f"import/{new_id()}",
            )  # fmt: skip
            message = await mailboxes.add_message(tx, take, sound.audio, interrupted=told.interrupted)
            seconds, copies = message.seconds, sound.copies
            await takes.settle(
                tx, take.id, "kept", result=message.id, interrupted=told.interrupted, seconds=seconds, copies=copies,
                spooled=False,
            )  # fmt: skip
            if told.state == "kept":
                await mailboxes.mark(tx, message.id, "kept")
            await audit.write(tx, self._to.by, "voice message imported", mailbox, voice_message=message.id)
        self._to.count("voice_messages")


def _caller(text: str) -> Caller:
    """Refused: `archive-field`."""
    try:
        return Number(text) if text.startswith("+") else Extension(text) if text else Withheld()
    except ValueError:
        raise Refused("archive-field", text[:20]) from None
