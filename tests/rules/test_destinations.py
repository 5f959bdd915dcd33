"""What a job rings, as it is kept."""

import pytest

from pbx.rules.destinations import Account, destination, written
from pbx.rules.numbers import Number


@pytest.mark.parametrize("to", [Number("+46701740605"), Account("w0123456789abcdef")])
def test_it_is_what_it_was(to: Number | Account) -> None:
    assert destination(written(to)) == to


@pytest.mark.parametrize("hostile", ["", "+", "201", "w0123456789ABCDEF", "w0123456789abcdef&PJSIP/201", "wå" * 9, "w"])
def test_nothing_else_can_be_rung(hostile: str) -> None:
    with pytest.raises(ValueError, match=r"E\.164|browser"):
        destination(hostile)
