"""Whatever happens to the disks: what was announced is there or told as lost, every place plays, and nothing of one
company, and nothing that was erased, is anywhere else."""

from collections.abc import Callable

import pytest

from tests.model import run, tally
from tests.model.run import Walks, walks
from tests.model.template import Template

PARTS = 4
"""Walked at the same time where there are processors for it."""


@pytest.mark.timeout(24 * 3600)
@pytest.mark.parametrize("part", range(PARTS))
def test_the_product_keeps_its_word(
    part: int, beginning: Template, record_property: Callable[[str, object], None]
) -> None:
    done = Walks()
    try:
        walks(beginning, f"{run.seed()}/{part}", run.steps() // PARTS, done)
    finally:
        record_property(tally.PROPERTY, tally.dumped(done))
