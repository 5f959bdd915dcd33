"""Which way of having an Asterisk it shall be."""

import os

from pbx.asterisk.daemon import NoDocker, daemon
from pbx.asterisk.docker import DockerWay
from pbx.asterisk.folder import FolderWay
from pbx.asterisk.way import Way
from pbx.settings import Settings


async def choose(settings: Settings) -> tuple[Way, str]:
    """(way, because). Ends what an earlier start left running in the other way. Raises NoDocker if that must be."""
    docker, folder = DockerWay(settings), FolderWay(settings)
    if settings.asterisk == "folder":
        if await docker.running():
            await docker.stop()
        return folder, "PBX_ASTERISK says so"
    try:
        async with daemon(settings) as there:
            because = there.because
    except NoDocker as e:
        if docker_must_be(settings):
            raise
        return folder, str(e)
    await folder.stop()
    return docker, because


def docker_must_be(settings: Settings) -> bool:
    """If asked for; and as root in CI, where a quiet change to the other way would leave the normal one unproved."""
    return settings.asterisk == "docker" or (os.environ.get("CI") == "true" and os.geteuid() == 0)
