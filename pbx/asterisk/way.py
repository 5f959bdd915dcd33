"""The seam between those who need an Asterisk and the ways of having one."""

from dataclasses import dataclass
from typing import Protocol

from pbx.asterisk.process import Process


@dataclass(frozen=True, slots=True)
class Found:
    """An Asterisk of ours that runs."""

    name_or_pid: str
    process: Process
    config: str
    """Fingerprint of all that it was started from."""


class Way(Protocol):
    """docker, folder. An Asterisk is ours if it was started for the same `var`."""

    @property
    def how(self) -> str: ...

    async def key(self) -> str:
        """Which Asterisk would be started: part of the fingerprint."""
        ...

    async def running(self) -> Found | None: ...

    async def start(self, config: str) -> Found:
        """Starts it, so that it outlives us. Raises CommandFailed or CannotStart."""
        ...

    async def last_words(self) -> str:
        """What the one last started printed at its end, outside its own log."""
        ...

    async def stop(self) -> None:
        """Ends ours and all that was started for it; nothing is left. Does nothing where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Running:
    """What those need who talk to Asterisk."""

    how: str
    """docker, folder or external."""
    name_or_pid: str
    pid: int | None
    """Asterisk's own number, as this machine counts; None if external."""
    ari_url: str
    """http://127.0.0.1:PORT/ari"""
    ari_user: str
    ari_password: str
    ami_user: str
    ami_password: str
    ami_watch_user: str
    ami_watch_password: str
    because: str
    """Why it is had this way: a clause for the log."""
    attached: bool
    """It ran before us: calls may be up."""
