"""Messages that the dialplan took while we were away, brought into their mailboxes with their time and caller."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from pbx.company import Directory
from pbx.errors import VaxelError
from pbx.library import Library
from pbx.node import takes_db
from pbx.node.takes_db import Left
from pbx.rules.numbers import believed, caller

log = logging.getLogger(__name__)


class Survivors:
    """`finished` tells whether a channel (by id) exists no more: then its file has all that it will ever have."""

    def __init__(self, library: Library, directory: Directory, takes: Path, folder: Path) -> None:
        self._library = library
        self._directory = directory
        self._takes = takes
        self._folder = folder

    async def bring_in(self, finished: Callable[[str], Awaitable[bool]]) -> None:
        """Everything whose call is over. A file without a row is known by its name; what cannot be brought in stays."""
        files = await asyncio.to_thread(lambda: sorted(self._folder.glob("*.sln16")))
        if not files:
            return
        rows = await asyncio.to_thread(takes_db.read, self._takes)
        for file in files:
            channel = file.stem.split("_")[0]
            if not await finished(channel):
                continue
            left = rows.get(channel) or await self._by_name(file)
            if left is None:
                log.error("%s: whose it is cannot be told from its name, so it stays where it is", file.name)
                continue
            try:
                kept = await self._library.takes.bring_in(
                    left.company, left.box, file.name,
                    caller=believed(caller(left.caller), left.phone), at=datetime.fromtimestamp(left.at, UTC),
                    lang=left.lang, interrupted=not left.status,
                )  # fmt: skip
            except VaxelError:
                log.exception("%s could not be brought in, so it stays where it is", file.name)
            else:
                log.info("a message taken while we were away: %s", "kept" if kept.ok else kept.says)

    async def _by_name(self, file: Path) -> Left | None:
        """What `<channel>_<mailbox>_<seconds>.sln16` tells when Asterisk could not write the row."""
        match file.stem.split("_"):
            case [channel, box, at] if at.isdigit():
                for here in await self._directory.everything():
                    if any(mailbox.id == box for mailbox in here.mailboxes):
                        return Left(channel, here.company.id, box, "", "", here.company.language, float(at), "")
        return None
