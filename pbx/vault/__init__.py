"""Where audio lives: content-addressed, immutable, in more than one copy."""

from pbx.vault.entry import Entry
from pbx.vault.errors import Broken, Diverged, TooFewCopies
from pbx.vault.layout import OPERATOR
from pbx.vault.values import Batch, CopyState, Finding, Held, Presence, Refilled, Stored
from pbx.vault.vault import Vault

__all__ = [
    "OPERATOR",
    "Batch",
    "Broken",
    "CopyState",
    "Diverged",
    "Entry",
    "Finding",
    "Held",
    "Presence",
    "Refilled",
    "Stored",
    "TooFewCopies",
    "Vault",
]
