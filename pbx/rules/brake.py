"""The brake on erasing: how much of a company may go within an hour before the operator is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
LEAST, PERCENT = 20, 1


@dataclass(frozen=True, slots=True)
class BrakeState:
    """`stopped_at`: nothing goes until the operator has said yes; `because`: why, for the operator. `released_until`:
    the operator has said yes, by `released_by`."""

    stopped_at: datetime | None = None
    because: str = ""
    released_until: datetime | None = None
    released_by: str = ""


def limit(objects: int) -> int:
    """So many of a company's objects may go in an hour."""
    return max(LEAST, objects * PERCENT // 100)


def at_ease(objects: int, gone: int) -> int:
    """How many voice messages that were deleted long ago may go now: half of what may go in an hour. They go in great
    numbers every day, and people's own deleting needs the other half."""
    return max(0, limit(objects) // 2 - gone)


def too_many_wait(objects: int, waiting: int) -> bool:
    """More than a day's share: rather a clock that was put forward than people who empty their mailboxes."""
    return waiting > 24 * (limit(objects) // 2)


def is_released(state: BrakeState, now: datetime) -> bool:
    """One that lies further ahead than any release reaches was made by a clock that was wrong: it holds nothing."""
    return state.released_until is not None and now < state.released_until <= now + WINDOW


def counted_since(state: BrakeState, now: datetime) -> datetime:
    """From when on what went is counted: what the operator said yes to does not count against what comes after."""
    since = now - WINDOW
    return state.released_until if state.released_until and since < state.released_until <= now else since


def must_stop(state: BrakeState, now: datetime, objects: int, gone: int, more: int) -> str | None:
    """Why `more` may not go, in words for the operator; None if they may. `objects`: how many the company has, `gone`:
    how many of them went since `counted_since`."""
    if is_released(state, now):
        return None
    if state.stopped_at is not None:
        return state.because
    if not more or gone + more <= limit(objects):
        return None
    return f"{gone + more} within an hour, of {objects}; no more than {limit(objects)} go without a yes"
