"""The life of a job that rings somebody up: its states, and which may follow which."""

from enum import StrEnum


class JobState(StrEnum):
    """`done`: a call that was to bring nothing home was answered. `skipped`: only of a message of a round, to
    which the speaker has said no."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    DIALLING = "dialling"
    RINGING = "ringing"
    ANSWERED = "answered"
    RECORDING = "recording"
    JUDGING = "judging"
    SAVED = "saved"
    DONE = "done"
    SKIPPED = "skipped"
    BUSY = "busy"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    UNCONFIRMED = "unconfirmed"
    NOTHING_RECORDED = "nothing_recorded"
    REJECTED = "rejected"
    UNSURE = "unsure"
    EXPIRED = "expired"
    FAILED = "failed"
    CANCELLED = "cancelled"


S = JobState  # short for the tables below
LIVE = frozenset({S.QUEUED, S.CLAIMED, S.DIALLING, S.RINGING, S.ANSWERED, S.RECORDING, S.JUDGING})
FINAL = frozenset(JobState) - LIVE

_NOT_REACHED = frozenset({S.BUSY, S.DECLINED, S.NO_ANSWER, S.UNREACHABLE})
_BROKEN = frozenset({S.UNSURE, S.FAILED, S.CANCELLED})
_NEXT: dict[JobState, frozenset[JobState]] = {
    S.QUEUED: frozenset({S.CLAIMED, S.EXPIRED, S.FAILED, S.CANCELLED}),
    # Back to the queue is allowed for as long as nobody was rung, and never afterwards: nobody is rung twice.
    S.CLAIMED: frozenset({S.QUEUED, S.DIALLING, S.EXPIRED, S.FAILED, S.CANCELLED}),
    S.DIALLING: frozenset({S.RINGING, S.ANSWERED}) | _NOT_REACHED | _BROKEN,
    S.RINGING: frozenset({S.ANSWERED}) | _NOT_REACHED | _BROKEN,
    S.ANSWERED: frozenset({S.RECORDING, S.UNCONFIRMED, S.NOTHING_RECORDED, S.DONE}) | _BROKEN,
    S.RECORDING: frozenset({S.JUDGING, S.NOTHING_RECORDED, S.REJECTED}) | _BROKEN,
    # To recording again when the speaker listens to the take and wants another go.
    S.JUDGING: frozenset({S.RECORDING, S.SAVED, S.NOTHING_RECORDED, S.REJECTED}) | _BROKEN,
}


def may_follow(before: JobState, after: JobState) -> bool:
    """Whether a job may go from `before` to `after`; nothing follows a final state, and none follows itself."""
    return after in _NEXT.get(before, frozenset())


def left(item: JobState) -> JobState:
    """What a message of a round is once the call is over: what had begun was not recorded, what it did not come to can
    be taken up by another call."""
    if item in FINAL:
        return item
    return JobState.CANCELLED if item is JobState.QUEUED else JobState.NOTHING_RECORDED
