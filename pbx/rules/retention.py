"""How long what was deleted can be brought back, before it is erased for good."""

from datetime import timedelta

MESSAGE_UNDO_DAYS = 30
VOICE_UNDO_DAYS = 7
MESSAGE_UNDO = timedelta(days=MESSAGE_UNDO_DAYS)
VOICE_UNDO = timedelta(days=VOICE_UNDO_DAYS)
