"""How an Asterisk is had: in Docker, in a folder, or somebody else's."""

from pbx.asterisk.host import AsteriskHost
from pbx.asterisk.way import Running

__all__ = ["AsteriskHost", "Running"]
