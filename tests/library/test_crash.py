"""However the process ends while a take is kept, the restart finds it whole, once."""

import json
import os
from pathlib import Path

import pytest

from tests import background

EVERY = 20
"""Of some six hundred lines, every twentieth in an ordinary run; 1 in VAXEL_CRASH_EVERY tries them all."""


@pytest.mark.timeout(24 * 3600)
async def test_killed_at_any_line_the_greeting_is_kept_once_and_whole(tmp_path: Path) -> None:
    every = os.environ.get("VAXEL_CRASH_EVERY", str(EVERY))
    *found, total = await background.lines("tests.library.crash", str(tmp_path), every)
    print("killed at", total.decode(), "lines")
    assert len(found) >= 20
    for one in map(json.loads, found):
        line = one.pop("line")
        assert one == {"versions": 1, "own": True, "objects": [1, 1], "sidecars": 1, "spool": []}, line
