"""The shortest list of steps that still breaks the same word: whole kinds of steps are left out, then ever smaller
pieces of the list."""

import time
from collections import Counter
from collections.abc import Callable, Iterator

from tests.model.rules.rule import ASKED
from tests.model.walk import Step, Walked

Again = Callable[[list[Step]], Walked]


def shortest(walked: Walked, again: Again, seconds: float) -> Walked:
    """Walks again without this and that, as long as there is time."""
    assert walked.broken is not None
    until, best = time.monotonic() + seconds, walked

    def without(left_out: set[Step]) -> bool:
        nonlocal best
        tried = again([step for step in best.steps if step not in left_out])
        if tried.broken is None or tried.broken.what != walked.broken.what:
            return False
        best = tried
        return True

    for left_out in _kinds(walked.steps[:-1]):
        if time.monotonic() > until:
            return best
        if left_out & set(best.steps):
            without(left_out)
    size = max(1, len(best.steps) // 2)
    while size:
        at = 0
        while at < len(best.steps):
            if time.monotonic() > until:
                return best
            if not without(set(best.steps[at : at + size])):
                at += size
        size //= 2
    return best


def _kinds(steps: list[Step]) -> Iterator[set[Step]]:
    """All that was only asked, then each kind, the most frequent first."""
    yield {step for step in steps if step.rule in ASKED}
    for rule, _ in Counter(step.rule for step in steps).most_common():
        yield {step for step in steps if step.rule == rule}
