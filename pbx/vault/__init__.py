"""Where audio lives: content-addressed, immutable, in more than one copy."""

from pbx.vault.vault import Stored, TooFewCopies, Vault

__all__ = ["Stored", "TooFewCopies", "Vault"]
