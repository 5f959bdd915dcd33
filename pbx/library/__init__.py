"""Messages, takes, mailboxes and jobs: what is said, from the spool to the vault and to what callers hear."""

from pbx.library.choosing import Playable
from pbx.library.keeping import Kept
from pbx.library.library import Library
from pbx.library.overview import MessageView
from pbx.library.takes import Adopted

__all__ = ["Adopted", "Kept", "Library", "MessageView", "Playable"]
