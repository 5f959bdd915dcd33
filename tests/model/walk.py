"""A walk: steps taken at random from a seed, and what must be true after each.

Hypothesis' state machines were tried first; see the numbers in `run`.
"""

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.model import promises
from tests.model.ending import ended
from tests.model.promises import Quiet, Watch
from tests.model.rules import RULES
from tests.model.rules.rule import ASKED
from tests.model.scene import Scene, Violation
from tests.model.template import Template

_LOOK_EVERY = 200
"""So often everything is looked at; what a step is about, in each."""
_NAMES = sorted(RULES)
_WEIGHTS = [RULES[name].weight for name in _NAMES]


@dataclass(frozen=True, slots=True)
class Step:
    """`number`: what else is at random in it depends on that, and on nothing that was before."""

    number: int
    rule: str


@dataclass(slots=True)
class Walked:
    """`told`: what happened in each step. `closing`: rules by which it was brought to its end. `broken`: what ended it
    before that, if anything did."""

    steps: list[Step] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    broken: Violation | None = None


def planned(seed: str, steps: int) -> list[Step]:
    rng = Random(seed)
    return [Step(number, rule) for number, rule in enumerate(rng.choices(_NAMES, _WEIGHTS, k=steps))]


async def walk(template: Template, root: Path, seed: str, steps: Sequence[Step]) -> Walked:
    """Steps that cannot be taken are left out, and not counted."""
    rng, walked = Random(f"{seed} begin"), Walked()
    full, safe = rng.random() < 0.3, rng.random() < 0.8
    scene = await template.scene(root, seed, full=full, safe=safe)
    try:
        for step in steps:
            await _step(scene, step, walked)
        await _looked(scene)
        await ended(scene, walked.closing.append)
    except Violation as violation:
        walked.broken = violation
    except Exception as error:  # noqa: BLE001  whatever the product lets out is a fault of it
        walked.broken = _unexpected(error)
    finally:
        await _closed(scene)
        shutil.rmtree(root, ignore_errors=True)
    return walked


async def _step(scene: Scene, step: Step, walked: Walked) -> None:
    rule = RULES[step.rule]
    watch = Quiet(scene) if step.rule in ASKED else Watch(scene)
    walked.steps.append(step)
    walked.told.append(f"{step.rule} …")
    told = await rule.step(scene, Random(f"{scene.seed} {step.number}"))
    if told is None:
        walked.steps.pop()
        walked.told.pop()
        return
    walked.told[-1] = f"{step.rule}: {told}"
    if isinstance(watch, Quiet):
        watch.prove()
    else:
        watch.prove(refilled=rule.refills, erasing=rule.erases)
        scene.note()
    if len(walked.steps) % _LOOK_EVERY == 0:
        await _looked(scene)


async def _looked(scene: Scene) -> None:
    promises.rows_as_told(scene)
    await promises.readable(scene)
    await promises.every_place_plays(scene, "sv")


def _unexpected(error: Exception) -> Violation:
    violation = Violation(f"{type(error).__name__} was not expected", str(error))
    violation.__traceback__ = error.__traceback__
    violation.__cause__ = error
    return violation


async def _closed(scene: Scene) -> None:
    with contextlib.suppress(Exception):  # what has ended the walk is told
        await scene.premises.stop()
