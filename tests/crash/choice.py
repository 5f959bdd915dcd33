"""Which of an operation's calls are tried, and how each is disturbed."""

from collections.abc import Iterator, Sequence

from tests.crash.calls import Call
from tests.crash.faults import How

ENDS, MIDDLE, FAILING = 7, 5, 4
"""Where not all are tried: so many calls at the beginning and at the end, so many between, and so many errors."""
_KILLS: tuple[How, ...] = ("kill", "cut", "tear", "twice")
_ERRORS: tuple[How, ...] = ("EIO", "ENOSPC")
_RUN = 4  # so many calls of one kind about one file, in a row, are the same line again and again


def kills(calls: Sequence[Call], every: int | None) -> Iterator[tuple[int, How]]:
    """Killed before the call, or by a power cut, or with half of it written, or killed and then the power cut: in turn,
    and at the end in each of these ways. `every`: of the calls between, every so many; 1 is each in each way."""
    last = len(calls)
    if every == 1:
        yield from ((number, how) for number in range(last) for how in _KILLS)
    else:
        between = list(range(ENDS, last - ENDS))
        chosen = between[::every] if every else _spread([n for n in between if not _again(calls, n)], MIDDLE)
        numbers = sorted({*range(min(ENDS, last)), *chosen, *range(max(0, last - ENDS), last)})
        yield from ((number, _KILLS[turn % len(_KILLS)]) for turn, number in enumerate(numbers))
    yield from ((last, how) for how in _KILLS if how != "tear")


def errors(calls: Sequence[Call], every: int | None) -> Iterator[tuple[int, How]]:
    """A disk that fails once and a disk that is full, in turn."""
    numbers = list(range(len(calls)))
    chosen = numbers[::every] if every else _spread(numbers, FAILING)
    for turn, number in enumerate(chosen):
        yield from ((number, how) for how in (_ERRORS if every == 1 else (_ERRORS[turn % len(_ERRORS)],)))


def _again(calls: Sequence[Call], number: int) -> bool:
    """The same line has run several times in a row."""
    before = calls[max(0, number - _RUN) : number + 1]
    return len({(call.name, call.path) for call in before}) == 1


def _spread(numbers: Sequence[int], count: int) -> Sequence[int]:
    """So many of them, as far from each other as they can be."""
    return numbers if len(numbers) <= count else [numbers[at * len(numbers) // count] for at in range(count)]
