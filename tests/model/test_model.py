"""Whatever happens to the disks: what was announced is there or told as lost, every place plays, and nothing of one
company, and nothing that was erased, is anywhere else."""

from collections.abc import Callable

import pytest

from tests import background
from tests.model import tally

PARTS = (background.FIRST, background.SECOND)
"""Walked at the same time."""


@pytest.mark.early
@pytest.mark.timeout(24 * 3600)
@pytest.mark.parametrize("part", range(len(PARTS)), ids=PARTS)
async def test_the_product_keeps_its_word(part: int, record_property: Callable[[str, object], None]) -> None:
    (told,) = await background.lines("tests.model", str(part), str(len(PARTS)))
    record_property(tally.PROPERTY, told.decode())
