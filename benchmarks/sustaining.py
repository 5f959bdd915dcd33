"""How many a second somebody keeps up with."""

from collections.abc import Awaitable, Callable, Sequence

from benchmarks.sipp import Ran

STEPS = (50, 100, 150, 200, 250, 300, 350, 400, 450, 500)
STEP_S = 3
CALM = 25
STRETCH = 1.05


async def sustained(calls: Callable[[float, int], Awaitable[Ran]], steps: Sequence[int] = STEPS) -> int:
    """The highest of the steps at which no call failed and none was stretched, in comparison to a calm run; 0 where not
    even the first was. `calls`: so many a second, so many in all."""
    calm = await calls(CALM, CALM * STEP_S)
    best = 0
    for rate in steps:
        ran = await calls(rate, rate * STEP_S)
        if ran.failed or ran.seconds / calm.seconds > STRETCH:
            break
        best = rate
    return best
