"""The pictures of a parcel's users: made anew from what is in it, as from any file that somebody sends."""

import asyncio
import hashlib

from pbx.errors import Refused
from pbx.library.parcel.archive import Archive
from pbx.library.parcel.arrival import Arrival
from pbx.library.parcel.decoding import decode
from pbx.library.parcel.manifest import PictureFile, UserIn
from pbx.library.pictures import Pictures
from pbx.pictures.portrait import LARGEST
from pbx.vault.values import Erased


class PicturesIn:
    """`erased`: what was erased for good stays so."""

    def __init__(self, archive: Archive, pictures: Pictures, erased: Erased, arrival: Arrival) -> None:
        self._archive = archive
        self._pictures = pictures
        self._erased = erased
        self._to = arrival

    async def take(self, told: UserIn) -> None:
        """Who has a picture here keeps it."""
        if told.picture is None or told.extension not in self._to.users:
            return
        what = f"user {told.extension} {told.name} picture"[:80]
        with self._to.telling(what):
            await self._take(self._to.users[told.extension], decode(PictureFile, told.picture, what))

    async def _take(self, user: str, told: PictureFile) -> None:
        company = self._to.company.id
        data = await asyncio.to_thread(self._archive.read, told.file, LARGEST)
        if hashlib.sha256(data).hexdigest() != told.sha256:
            raise Refused("archive-hash", told.file[:80])
        if await asyncio.to_thread(self._erased, company, told.sha256):
            raise Refused("archive-erased")
        there = (await self._pictures.all(company)).get(user)
        if there is None:
            await self._pictures.set(company, user, data, by=self._to.by)
            self._to.count("pictures")
        elif there.sha256 not in {told.sha256, await self._pictures.would_be(data)}:
            raise Refused("archive-differs", told.file[:80])
