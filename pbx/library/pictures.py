"""Users' pictures: in the vault as recordings are, with rows that can be brought back."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pbx.errors import Refused
from pbx.pictures.portrait import Crop, Portraits
from pbx.store import Store, audit, companies, erasing, people, pictures
from pbx.store.pictures import Picture
from pbx.vault import Stored, TooFewCopies, Vault


@dataclass(frozen=True, slots=True)
class PictureView:
    """`state`: "missing" if no copy of the vault holds it."""

    sha256: str
    size: int
    state: Literal["ok", "missing"]


class Pictures:
    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        self._portraits = Portraits()

    async def all(self, company: str) -> dict[str, PictureView]:
        """By user, of those who have one."""
        async with self._store.read(company) as tx:
            found = await pictures.current(tx)
        held = await self._vault.holders(company, [(one.sha256, one.size) for one in found])
        return {
            one.user: PictureView(one.sha256, one.size, "ok" if copies else "missing")
            for one, copies in zip(found, held, strict=True)
        }

    async def of_user(self, company: str, user_id: str) -> list[Picture]:
        """The one that is shown, if there is one, and those that can still be brought back, latest first."""
        async with self._store.read(company) as tx:
            return await pictures.of_user(tx, user_id)

    async def shown(self, company: str, user_id: str) -> bytes:
        """The JPEG. Refused: `picture-unknown`. Raises Lost."""
        async with self._store.read(company) as tx:
            found = [one for one in await pictures.of_user(tx, user_id) if one.retired_at is None]
        if not found:
            raise Refused("picture-unknown")
        return await self._vault.get(company, found[0].sha256)

    async def set(self, company: str, user_id: str, data: bytes, *, crop: Crop | None = None, by: str) -> Picture:
        """`data`: a file as somebody has sent it; `crop`: the part that is meant, or the middle. What is kept and shown
        is made of it; the picture before can be brought back for `rules.retention.MESSAGE_UNDO`, and is erased then.

        Refused: what `Portraits` refuses, `user-unknown`, `erase-ordered`, `vault-away`.
        """
        about = await self._about(company, user_id, by)
        made = await self._portraits.of(data, crop)
        stored = await self._put(company, made, about)
        async with self._store.edit(company) as tx:
            user = await people.get(tx, user_id)
            unlinked = await erasing.lift(tx, stored.sha256)
            picture = await pictures.put(tx, user_id, stored.sha256, stored.size, by)
            await audit.write(tx, by, "picture set", user.name, user=user_id, picture=picture.id)
        if unlinked:
            await self._put(company, made, about)
        return picture

    async def would_be(self, data: bytes) -> str:
        """The name of the object that `set` would make of it. Refused as there."""
        return hashlib.sha256(await self._portraits.of(data)).hexdigest()

    async def remove(self, company: str, user_id: str, *, by: str) -> None:
        """It can be brought back, as one that was replaced. Refused: `user-unknown`, `picture-unknown`."""
        async with self._store.edit(company) as tx:
            user = await people.get(tx, user_id)
            if not await pictures.retire(tx, user_id):
                raise Refused("picture-unknown", user.name)
            await audit.write(tx, by, "picture removed", user.name, user=user_id)

    async def restore(self, company: str, user_id: str, *, by: str) -> None:
        """The picture before this one, or the one that was removed last. Refused: `user-unknown`,
        `picture-unknown`."""
        async with self._store.edit(company) as tx:
            user = await people.get(tx, user_id)
            if not await pictures.restore(tx, user_id):
                raise Refused("picture-unknown", user.name)
            await audit.write(tx, by, "picture restored", user.name, user=user_id)

    async def _put(self, company: str, made: bytes, about: Mapping[str, object]) -> Stored:
        try:
            return await self._vault.put(company, made, about)
        except TooFewCopies:
            raise Refused("vault-away") from None

    async def _about(self, company: str, user_id: str, by: str) -> Mapping[str, object]:
        """What a person who has nothing but the vault wants to know of it."""
        async with self._store.read(company) as tx:
            user = await people.get(tx, user_id)
            return {
                "company_name": (await companies.this(tx)).name, "purpose": "profile picture", "owner": user.name,
                "extension": user.extension, "user": user.id, "format": "image/jpeg", "made_by": by,
                "made_at": tx.now.isoformat(),
            }  # fmt: skip
