"""Is a port that we need taken, and by whom?"""

import socket

from pbx.asterisk.command import CommandFailed, run
from pbx.errors import CannotStart
from pbx.settings import Settings

_UDP, _TCP = socket.SOCK_DGRAM, socket.SOCK_STREAM


async def must_be_free(settings: Settings) -> None:
    """Raises CannotStart naming each port of Asterisk's that is taken, its setting and its holder."""
    wanted = (
        ("PBX_SIP_PORT", settings.host, settings.sip_port, _UDP),
        ("PBX_SIP_PORT", settings.host, settings.sip_port, _TCP),
        ("PBX_ARI_PORT", "127.0.0.1", settings.ari_port, _TCP),
        ("PBX_AMI_PORT", "127.0.0.1", settings.ami_port, _TCP),
    )
    taken = [
        f"{'UDP' if kind == _UDP else 'TCP'} port {port} ({name}) is taken by {await holder(port, kind)}"
        for name, address, port, kind in wanted
        if not _free(address, port, kind)
    ]
    if taken:
        raise CannotStart("; ".join(taken) + ": end that, or choose another port")


def _free(address: str, port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as trial:
        if kind == _TCP:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except PermissionError as e:
            raise CannotStart(f"port {port} may only be used by root: choose one above 1023") from e
        except OSError:
            return False
        return True


async def holder(port: int, kind: socket.SocketKind = _TCP) -> str:
    """`name (pid N)` as far as we are allowed to know."""
    try:
        lines = await run("ss", "-H", "-n", "-p", "-l", "-u" if kind == _UDP else "-t", f"sport = :{port}", limit_s=3)
    except CommandFailed:
        return "another program"
    _, found, users = lines.out.partition('users:(("')
    if not found:
        return "another program"
    name, _, rest = users.partition('"')
    return f"{name} (pid {rest.partition('pid=')[2].partition(',')[0]})"
