"""The operator's own recordings of what the system says, heard in the place of the built ones.

What is heard lies in a folder of this machine, which is made again from what lies in every copy of the vault.
"""

from pbx.library.own.mending import OwnMending
from pbx.library.own.phrases import OwnPhrases

__all__ = ["OwnMending", "OwnPhrases"]
