"""A way through a call, step by step, so that a test can hang up after each of them."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from pbx.cli.desk import Desk
from pbx.store import takes
from tests.calls.conftest import channels_left
from tests.calls.steps import WORDS, eventually
from tests.calls.switchboard import Switchboard, part
from tests.phone import Call, Pcm

# From a name to what a phone hears: a phrase by its key, or a sound that the test knows.
Sounds = Callable[[str], Pcm]


@dataclass(frozen=True)
class Step:
    name: str
    take: Callable[[Call, Sounds], Awaitable[object]]


def hear(name: str) -> Step:
    """To its end."""
    return Step(f"heard {name}", lambda call, sounds: call.hear(sounds(name), timeout_s=12))


def begin(name: str) -> Step:
    """Not to its end: whoever hangs up then does it while it plays."""
    return Step(f"hearing {name}", lambda call, sounds: call.hear(part(sounds(name), 0.25), timeout_s=12))


def press(keys: str, then: Step | None = None) -> Step:
    """One step with what follows, where hanging up between both is the same as in what follows."""

    async def take(call: Call, sounds: Sounds) -> None:
        await call.press(keys)
        if then:
            await then.take(call, sounds)

    return Step(f"pressed {keys}" + (f" and {then.name}" if then else ""), take)


ANSWERED = Step("answered", lambda call, _: call.until(lambda: call.state == "up"))
SAY = Step("said it", lambda call, _: call.say(WORDS))

# Stretches of a way, each with what is left behind when the caller hangs up in it.
Way = Sequence[tuple[Any, Sequence[Step]]]


def at_every_step(*ways: Way) -> pytest.MarkDecorator:
    """A test for hanging up after each step of each way: `steps` until then, and what is `left`."""
    params: list[ParameterSet] = []
    for way in ways:
        done: list[Step] = []
        for left, steps in way:
            for step in steps:
                done.append(step)
                params.append(pytest.param(list(done), left, id=f"{len(params)} {step.name}"))
    return pytest.mark.parametrize(("steps", "left"), params)


async def walk(call: Call, sounds: Sounds, steps: Sequence[Step]) -> None:
    """Take the steps, and hang up."""
    for step in steps:
        await step.take(call, sounds)
    await call.hangup()


async def accounted_for(board: Switchboard, desk: Desk) -> None:
    """No channel is left, every take has been judged, kept or set aside, and every job has ended."""
    assert await channels_left(board) == []

    left: list[object] = []

    async def nothing_is_open() -> bool:
        async with desk.store.across() as tx:
            left[:] = [take for take in await takes.unfinished(tx) if take.state == "open"]
        left.extend(await desk.library.jobs.live())
        return not left

    with suppress(AssertionError):
        await eventually(nothing_is_open)
    assert left == []


def complaints(board: Switchboard, since: int) -> list[str]:
    """What the service has logged as an error: a hang-up is none."""
    return [line for line in board.log[since:].splitlines() if " ERROR " in line]
