"""However the process ends while a take is kept, the restart finds it whole, once."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

EVERY = 10
"""Of some three hundred lines, every tenth in an ordinary run; 1 in VAXEL_CRASH_EVERY tries them all."""


@pytest.mark.timeout(600)
async def test_killed_at_any_line_the_greeting_is_kept_once_and_whole(tmp_path: Path) -> None:
    every = os.environ.get("VAXEL_CRASH_EVERY", str(EVERY))
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.library.crash", str(tmp_path), every),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    told, _ = await program.communicate()
    *found, total = told.decode().splitlines()
    print("killed at", total, "lines")
    assert program.returncode == 0
    assert len(found) >= 20
    for one in map(json.loads, found):
        line = one.pop("line")
        assert one == {"versions": 1, "own": True, "objects": [1, 1], "sidecars": 1, "spool": []}, line
