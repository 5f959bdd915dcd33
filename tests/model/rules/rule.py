"""A rule: one thing that may happen, how often it does, and what else it may do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from tests.model.scene import Scene

Step = Callable[[Scene, Random], Awaitable[str | None]]
"""What happened, in words; None if it could not be: then another step is taken."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rule:
    """`weight`: how often, compared with the others. `refills`: a copy is filled by a person. `erases`: orders are
    carried out."""

    name: str
    step: Step
    weight: float
    refills: bool = False
    erases: bool = False


RULES: dict[str, Rule] = {}
ASKED = frozenset({"call", "fetch", "listen", "by_name", "list_messages", "list_pictures", "pry"})
"""Those that change nothing."""


def rule(weight: float, *, refills: bool = False, erases: bool = False) -> Callable[[Step], Step]:
    def named(step: Step) -> Step:
        name = getattr(step, "__name__", "")
        RULES[name] = Rule(name, step, weight, refills, erases)
        return step

    return named


def one_of(rng: Random, those: list[T]) -> T | None:
    return rng.choice(those) if those else None


def company(scene: Scene, rng: Random) -> str:
    """The first, mostly: what happens in one must not be seen in the other, and one fills quicker."""
    return scene.companies[0] if rng.random() < 0.75 else scene.companies[1]
