"""The few errors that cross a room's wall.

The docstring is for the operator's log. `says` is a key into the phrase catalogue: the sentence
that the person on the phone or in front of a page gets, telling what to do.
"""


class VaxelError(Exception):
    """Something went wrong that a caller of ours is expected to handle."""


class Refused(VaxelError):
    """A person asked for something that cannot be had; `says` tells them why and what to do instead."""

    def __init__(self, says: str, details: str = "") -> None:
        super().__init__(f"{says}: {details}" if details else says)
        self.says = says
        self.details = details


class Lost(VaxelError):
    """An object's bytes are in no copy, or in none whose hash is right."""


class CannotStart(VaxelError):
    """The machine or its settings cannot carry the service; the message says in a sentence what to do."""
