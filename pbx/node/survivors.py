"""Messages that the dialplan took while we were away, brought into their mailboxes with their time and caller."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from pbx.company import Directory
from pbx.library import Library
from pbx.node import takes_db
from pbx.node.takes_db import Left
from pbx.rules.numbers import believed, caller

log = logging.getLogger(__name__)

# Between the row and the name of its file.
SAME_CALL_S = 5.0


class Survivors:
    """`finished` tells whether a channel (by id) exists no more: then its file has all that it will ever have."""

    def __init__(self, library: Library, directory: Directory, takes: Path, folder: Path) -> None:
        self._library = library
        self._directory = directory
        self._takes = takes
        self._folder = folder

    async def bring_in(self, finished: Callable[[str], Awaitable[bool]]) -> None:
        """Everything whose call is over. What cannot be brought in stays. Raises as `finished`."""
        for file in await asyncio.to_thread(self._files):
            if await finished(_channel(file)):
                try:
                    await self._bring_in(file)
                except Exception:  # one file's fault, whatever it is, keeps no other from its mailbox
                    log.exception("%s could not be brought in, so it stays where it is", file.name)
        try:
            await self._forget(finished)
        except sqlite3.Error:
            log.exception("rows of messages that were taken while we were away stay longer than their files")

    async def _bring_in(self, file: Path) -> None:
        left = await self._told(file)
        if left is None:
            log.error("%s: whose it is cannot be told from its name, so it stays where it is", file.name)
            return
        kept = await self._library.takes.bring_in(
            left.company, left.box, file.name,
            caller=believed(caller(left.caller), left.phone), at=datetime.fromtimestamp(left.at, UTC),
            lang=left.lang, interrupted=not left.status,
        )  # fmt: skip
        log.info("a message taken while we were away: %s", "kept" if kept.ok else kept.says)

    async def _told(self, file: Path) -> Left | None:
        """What the row says of `<channel>_<mailbox>_<seconds>.sln16`; and what its name does where Asterisk could not
        write the row. A row of another box or time is another call's: a clock that is put back makes the same channel
        again."""
        match file.stem.split("_"):
            case [channel, box, at] if at.isdigit():
                row = (await asyncio.to_thread(takes_db.read, self._takes)).get(channel)
                if row is not None and row.box == box and abs(row.at - float(at)) <= SAME_CALL_S:
                    return row
                for here in await self._directory.everything():
                    if any(mailbox.id == box for mailbox in here.mailboxes):
                        return Left(channel, here.company.id, box, "", "", here.company.language, float(at), "")
        return None

    async def _forget(self, finished: Callable[[str], Awaitable[bool]]) -> None:
        """A row goes after its file: it holds a caller's number."""
        rows = await asyncio.to_thread(takes_db.read, self._takes)
        there = {_channel(file) for file in await asyncio.to_thread(self._files)}
        over = [channel for channel in rows if channel not in there and await finished(channel)]
        if over:
            await asyncio.to_thread(takes_db.remove, self._takes, over)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.sln16"))


def _channel(file: Path) -> str:
    return file.stem.split("_")[0]
