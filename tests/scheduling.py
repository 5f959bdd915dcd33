"""Which tests one process of a run does, one after the other: those that share something dear, and those that wait for
nothing but a processor, which `background` keeps out of the others' way."""

import re

import pytest
from xdist.scheduler import LoadScopeScheduling

_BESIDE = re.compile(r"\[(beside \d)")
_TOGETHER = {
    "tests/setup/": "setup",
    "tests/pages/whole/": "whole",
    "tests/calls/test_carrier.py": "carrier",
    "tests/library/test_crash.py": "beside 2",
}


def group(nodeid: str) -> str:
    """By the test's parameter, or by its folder; most are one by themselves."""
    if beside := _BESIDE.search(nodeid):
        return beside[1]
    return next((name for start, name in _TOGETHER.items() if nodeid.startswith(start)), nodeid)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # untyped
    """In the order of the tests. (The marks of `--dist loadgroup` are not seen with this pytest.)"""

    def __init__(self, config: pytest.Config, log: object) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)
