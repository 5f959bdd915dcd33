"""`python -m tests.model PART OF`: walks a part of the steps, and prints how it went, as `tally` reads it.

VAXEL_MODEL_SEED and VAXEL_MODEL_STEPS in the environment choose others. What was violated stands in the error.
"""

import sys

from tests.background import step_back
from tests.model import run, tally
from tests.model.template import template


def main(part: int, of: int) -> None:
    step_back()
    done = run.Walks()
    try:
        with template() as beginning:
            run.walks(beginning, f"{run.seed()}/{part}", run.steps() // of, done)
    finally:
        print(tally.dumped(done))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
