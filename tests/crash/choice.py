"""Which of an operation's calls are tried, and how each is disturbed."""

from collections.abc import Iterator, Sequence

from tests.crash.calls import Call
from tests.crash.faults import How

ENDS = 10
_KILLS: tuple[How, ...] = ("kill", "cut", "tear")
_ERRORS: tuple[How, ...] = ("EIO", "ENOSPC")
_FEWER = 2
_RUN = 4  # so many calls of one kind about one file, in a row, are the same line again and again


def kills(calls: Sequence[Call], every: int) -> Iterator[tuple[int, How]]:
    """The first and the last ten in any case, and the end: killed before the call, or by a power cut, or with half of
    it written, in turn; where every call is tried, in each of these ways."""
    for turn, number in enumerate((*_chosen(calls, every), len(calls))):
        yield from _all_or_one(number, _KILLS, turn, every)
    if every > 1:
        yield len(calls), "cut"


def errors(calls: Sequence[Call], every: int) -> Iterator[tuple[int, How]]:
    """A disk that fails once and a disk that is full, in turn; fewer of them, unless every call is tried."""
    for turn, number in enumerate(range(every // 2, len(calls), _FEWER * every if every > 1 else 1)):
        yield from _all_or_one(number, _ERRORS, turn, every)


def _all_or_one(number: int, hows: Sequence[How], turn: int, every: int) -> Iterator[tuple[int, How]]:
    yield from ((number, how) for how in (hows if every == 1 else (hows[turn % len(hows)],)))


def _chosen(calls: Sequence[Call], every: int) -> Iterator[int]:
    run = 0
    for number, call in enumerate(calls):
        before = calls[number - 1] if number else None
        run = run + 1 if before and (before.name, before.path) == (call.name, call.path) else 0
        if number < ENDS or number >= len(calls) - ENDS or number % (every if run < _RUN else 3 * every) == 0:
            yield number
