"""What leaves the house by post: mail. A row in the store first, so that a restart forgets none."""

from pbx.post.outbox import Outbox
from pbx.post.smtp import Server

__all__ = ["Outbox", "Server"]
