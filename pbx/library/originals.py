"""Where a recording's bytes are had from: the vault, or the spool while that has not let go of the take."""

import asyncio
import hashlib
import logging

from pbx.audio import flac
from pbx.audio.pcm import read_sln16
from pbx.errors import Lost
from pbx.library.spool import Spool
from pbx.store import Store, takes
from pbx.vault import Vault

log = logging.getLogger(__name__)


class Originals:
    def __init__(self, store: Store, vault: Vault, spool: Spool) -> None:
        self._store = store
        self._vault = vault
        self._spool = spool

    async def get(self, company: str, sha256: str) -> bytes:
        """FLAC, the whole take, proved by its hash. Raises Lost."""
        try:
            return await self._vault.get(company, sha256)
        except Lost:
            data = await self.spooled(company, sha256)
            if data is None:
                raise
            log.warning("%s of company %s is had from the spool: the vault has not got it", sha256, company)
            return data

    async def spooled(self, company: str, sha256: str) -> bytes | None:
        """The same from the spool alone."""
        async with self._store.read(company) as tx:
            files = await takes.spooled_with(tx, sha256)
        for file in files:
            data = await asyncio.to_thread(self._encoded, file)
            if hashlib.sha256(data).hexdigest() == sha256:
                return data
        return None

    def _encoded(self, file: str) -> bytes:
        try:
            return flac.encode(read_sln16(self._spool.path(file)))
        except OSError:
            return b""
