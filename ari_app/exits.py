"""What a flow returns: where the call goes next. Only the runner leads it there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Onward:
    """Into the dialplan, at priority 1."""

    context: str
    extension: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """The call has been served."""


Exit = Onward | HangUp

HANG_UP = HangUp()
SURVIVE = Onward("survival", "s")
OVER = Onward("goodbye", "s")
"""The same as hanging up, for when Asterisk refuses to be asked for that."""


def to_extension(digits: str) -> Onward:
    """Ring an extension of the call's company; its mailbox answers when nobody does."""
    return Onward("internal", digits)


def goodbye(phrase: str, lang: str) -> Onward:
    """The last words of a call, and its end: by the dialplan, since nothing that comes after them is ours."""
    return Onward("goodbye", f"{lang}-{phrase}")


def to_mailbox(mailbox: str) -> Onward:
    """Let the mailbox with this id take a message."""
    return Onward("boxes", mailbox)


def to_dialled(digits: str) -> Onward:
    """What the phone that the call comes from would reach by dialling `digits`."""
    return Onward("phones", digits)
