"""Many walks, one after the other, until so many steps are taken; the first violation is shrunk and told.

Hypothesis' state machines were tried first. They add 0.3 ms to a step, which could be borne; but they choose among the
rules evenly, and one step in three would be a scrub, a restart or a take, at ten times what the mean may cost for
100,000 steps in a few minutes; and their shrinker asks for hundreds of walks of a second each. Here rules have weights,
and whole kinds of steps are left out first.
"""

import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.model.at_once import at_once
from tests.model.scene import Violation
from tests.model.shrink import shortest
from tests.model.template import Template
from tests.model.walk import Step, Walked, planned, walk

SEED, STEPS = "VAXEL_MODEL_SEED", "VAXEL_MODEL_STEPS"
LONG = 2_000
"""Steps that are planned for a walk; some cannot be taken. Its end costs as much as some hundred of them."""

_TELL_EVERY = 2_000


def seed() -> str:
    return os.environ.get(SEED, "1")


def steps() -> int:
    return int(os.environ.get(STEPS, "100_000"))


@dataclass(slots=True)
class Walks:
    """How many steps there were, by rule, in how many walks."""

    rules: Counter[str] = field(default_factory=Counter)
    examples: int = 0
    violations: int = 0

    def add(self, walked: Walked) -> None:
        self.rules.update([*(step.rule for step in walked.steps), *walked.closing])
        self.examples += 1
        self.violations += walked.broken is not None


def walks(template: Template, seed: str, count: int, done: Walks, *, shrink_s: float = 300.0) -> None:
    """At least `count` steps. Raises Violation, with the shortest list of steps that was found."""
    while done.rules.total() < count:
        name = f"{seed} {done.examples}"
        walked = walked_once(template, name, planned(name, LONG))
        before = done.rules.total()
        done.add(walked)
        if before // _TELL_EVERY < done.rules.total() // _TELL_EVERY:
            print(f"model {seed}: {done.rules.total()} of {count} steps, {done.examples} walks", file=sys.stderr)
        if walked.broken is not None:
            best = shortest(walked, lambda steps: walked_once(template, name, steps), shrink_s)  # noqa: B023
            raise Violation(walked.broken.what, _told(seed, name, walked, best)) from (best.broken or walked.broken)


def walked_once(template: Template, name: str, steps: Sequence[Step]) -> Walked:
    walked: Walked = at_once(lambda: walk(template, template.folder / "walk", name, steps))
    return walked


def _told(seed: str, name: str, walked: Walked, best: Walked) -> str:
    lines = [f"{step.number:5} {told}" for step, told in zip(best.steps, best.told, strict=True)]
    return "\n".join(
        [
            f"{best.broken}",
            f"{SEED}={seed.rpartition('/')[0] or seed}, walk {name!r}, {len(walked.steps)} steps; "
            f"of these {len(lines)} are enough:",
            *lines,
        ]
    )
