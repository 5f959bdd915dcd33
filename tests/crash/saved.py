"""What was announced as saved, and whether it is: in the rows, in the vault, and in the ears of the next caller."""

import hashlib
from dataclasses import dataclass, replace
from functools import cache

from pbx.errors import VaxelError
from pbx.store import mailboxes, takes, versions
from pbx.store.values import Take, TakeKind, Version, VoiceMessage
from tests.audio.takes import telephone_speech
from tests.library.house import House, alike

SECONDS = 4.0
_said = cache(lambda words: telephone_speech(words, SECONDS))


@dataclass(frozen=True)
class Saved:
    """A take of `words`. `heard`: the next caller must hear it. `sound`: the published file's SHA-256, if it is known
    already."""

    company: str
    take: str
    kind: TakeKind
    words: str
    heard: bool = True
    sound: str = ""

    async def lacks(self, house: House) -> list[str]:
        """Nothing, if it is as it was announced."""
        async with house.world.store.read(self.company) as tx:
            take = await takes.get(tx, self.take)
        if take.state != "kept":
            return [f"{self}: the take is {take.state}"]
        of = await _result(house, take)
        if of is None:
            return [f"{self}: its row is not there"]
        return [
            f"{self}: {lack}"
            for lack in [*await _audio(house, self.company, of.sha256), *await self._ear(house, take, of)]
        ]

    async def known(self, house: House) -> "Saved":
        """The same with its sound, once it has been heard to be right."""
        assert await self.lacks(house) == []
        async with house.world.store.read(self.company) as tx:
            take = await takes.get(tx, self.take)
        media = await self._media(house, take, await _result(house, take))
        return replace(self, sound=hashlib.sha256(house.file(media).read_bytes()).hexdigest())

    async def _ear(self, house: House, take: Take, of: Version | VoiceMessage) -> list[str]:
        if not self.heard:
            return []
        media = await self._media(house, take, of)
        return [] if media and self._is(house, media) else [f"callers hear {media or 'something else'}"]

    async def _media(self, house: House, take: Take, of: Version | VoiceMessage | None) -> str:
        """Empty, if not this recording is played."""
        if isinstance(of, VoiceMessage):
            return await house.library.mailboxes.media(of) or ""
        message = await _message(house, take)
        playable = await house.library.messages.playable_message(self.company, message, take.lang)
        return playable.media[0] if playable.heard == "own" else ""

    def _is(self, house: House, media: str) -> bool:
        if self.sound:
            return hashlib.sha256(house.file(media).read_bytes()).hexdigest() == self.sound
        return alike(house.sounds(media), _said(self.words))


async def _message(house: House, take: Take) -> str:
    if take.kind == "prompt":
        return (await house.library.jobs.get(take.company, take.owner)).message
    return (await house.library.mailboxes.get(take.company, take.owner)).greeting


async def _result(house: House, take: Take) -> Version | VoiceMessage | None:
    async with house.world.store.read(take.company) as tx:
        if take.kind == "voice":
            of = [one for one in await mailboxes.messages(tx, take.owner) if one.id == take.result]
            return of[0] if of else None
        return await versions.get(tx, take.result or "")


async def _audio(house: House, company: str, sha256: str) -> list[str]:
    try:
        data = await house.vault.get(company, sha256)
    except VaxelError as error:
        return [f"the vault has it no more: {error!r}"]
    return [] if hashlib.sha256(data).hexdigest() == sha256 else ["the vault has something else"]
