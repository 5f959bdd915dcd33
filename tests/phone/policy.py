"""What a phone does with a call that comes in."""

from __future__ import annotations

from dataclasses import dataclass

from tests.phone.g711 import Pcm


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """Whatever it is, each incoming call is also handed out by `Phone.incoming`."""

    refuses: int = 0
    """Status by which it refuses at once, or 0."""
    answers: bool = False
    after_s: float = 0.0
    """How long it rings before it answers."""
    says: Pcm | None = None
    """What it says as soon as it has answered: an answering machine."""
    dead: bool = False
    """Does not even say that it is there: a contact whose phone is gone."""
    mute: bool = False
    """Sends no audio at all once it has answered."""


RING = Policy()
ANSWER = Policy(answers=True)
BUSY = Policy(refuses=486)
DECLINE = Policy(refuses=603)
DEAD = Policy(dead=True)


def answering_machine(greeting: Pcm, after_s: float = 0.2) -> Policy:
    """Answers after a moment, says its greeting, and then records, like the one in anybody's mobile."""
    return Policy(answers=True, after_s=after_s, says=greeting)


REASONS = {180: "Ringing", 200: "OK", 404: "Not Found", 408: "Request Timeout", 480: "Temporarily Unavailable"}
REASONS |= {486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here", 503: "Service Unavailable"}
REASONS |= {603: "Decline", 481: "Call/Transaction Does Not Exist", 405: "Method Not Allowed"}


def reason(status: int) -> str:
    return REASONS.get(status, "Refused")
