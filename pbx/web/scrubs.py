"""A scrub that somebody asked for: one at a time in this process, and how far it has come."""

import asyncio
import logging
import time
from dataclasses import dataclass

from pbx.errors import VaxelError
from pbx.library.proof import Proof, Scrubbed

GENTLE = 50e6
"""Bytes a second: beside calls, which read the same disks."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Going:
    """`total`: bytes of all that is used, in all copies; sidecars and catalogue come on top. `failed`: it broke off."""

    running: bool
    read: int = 0
    total: int = 0
    files: int = 0
    seconds: float = 0.0
    healed: int = 0
    unhealed: int = 0
    failed: bool = False

    @property
    def rate(self) -> float:
        """Bytes a second."""
        return self.read / self.seconds if self.seconds else 0.0

    @property
    def percent(self) -> int:
        return (
            min(99 if self.running else 100, 100 * self.read // self.total) if self.total else 100 * (not self.running)
        )


class Scrubs:
    def __init__(self, proof: Proof) -> None:
        self._proof = proof
        self._asked = asyncio.Event()
        self.now: Going | None = None

    def ask(self) -> bool:
        """False if one is on its way already."""
        if self.now is not None and self.now.running:
            return False
        self.now = Going(running=True)
        self._asked.set()
        return True

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            try:
                await self._scrub()
            except (VaxelError, OSError):
                log.exception("the scrub that was asked for broke off")
                self.now = Going(running=False, failed=True)

    async def _scrub(self) -> None:
        total, began = await self._proof.used_bytes(), time.monotonic()

        def told(so_far: Scrubbed, *, running: bool = True) -> None:
            self.now = Going(
                running, so_far.bytes, total, so_far.files, time.monotonic() - began, so_far.healed,
                len(so_far.unhealed),
            )  # fmt: skip

        told(await self._proof.scrub(rate=GENTLE, told=told), running=False)
