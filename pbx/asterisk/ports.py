"""Is a port that we need taken, and by whom?"""

import errno
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from pbx.asterisk.command import CommandFailed, run
from pbx.errors import CannotStart
from pbx.settings import Settings

_UDP, _TCP = socket.SOCK_DGRAM, socket.SOCK_STREAM
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Port:
    """`setting`: which one chooses it."""

    setting: str
    address: str
    number: int
    kind: socket.SocketKind = _TCP

    async def check(self) -> None:
        """Raises CannotStart where nobody could listen there now."""
        with socket.socket(socket.AF_INET, self.kind) as trial:
            if self.kind == _TCP:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((self.address, self.number))
            except OSError as error:
                raise CannotStart(await self.why_not(error)) from None

    async def why_not(self, error: OSError) -> str:
        """A sentence for what listening there was answered with."""
        what = f"{'UDP' if self.kind == _UDP else 'TCP'} port {self.number} ({self.setting})"
        match error.errno:
            case errno.EADDRINUSE:
                return f"{what} is taken by {await self._holder()}: end that, or choose another port"
            case errno.EACCES:
                return f"{what} may only be used by root: choose one above 1023"
        return f"{what} cannot be used on {self.address}: {error.strerror}"

    async def _holder(self) -> str:
        """`name (pid N)` as far as we are allowed to know."""
        kind = "-u" if self.kind == _UDP else "-t"
        try:
            lines = await run("ss", "-H", "-n", "-p", "-l", kind, f"sport = :{self.number}", limit_s=3)
        except CommandFailed:
            return "another program"
        _, found, users = lines.out.partition('users:(("')
        if not found:
            return "another program"
        name, _, rest = users.partition('"')
        return f"{name} (pid {rest.partition('pid=')[2].partition(',')[0]})"


def of_asterisk(settings: Settings) -> list[Port]:
    return [
        Port("PBX_SIP_PORT", settings.host, settings.sip_port, _UDP),
        Port("PBX_SIP_PORT", settings.host, settings.sip_port),
        Port("PBX_ARI_PORT", _LOOPBACK, settings.ari_port),
        Port("PBX_AMI_PORT", _LOOPBACK, settings.ami_port),
    ]


def of_questions(settings: Settings) -> Port:
    """Where the dialplan asks us."""
    return Port("PBX_AGI_PORT", _LOOPBACK, settings.agi_port)


def of_figures(settings: Settings) -> Port:
    return Port("PBX_METRICS_PORT", _LOOPBACK, settings.metrics_port)


def of_pages(settings: Settings) -> Port:
    return Port("PBX_WEB_PORT", settings.web_host, settings.web_port)


async def must_be_free(ports: Iterable[Port]) -> None:
    """Raises CannotStart with a sentence for each that is not."""
    wrong = []
    for port in ports:
        try:
            await port.check()
        except CannotStart as told:
            wrong.append(str(told))
    if wrong:
        raise CannotStart("; ".join(wrong))
