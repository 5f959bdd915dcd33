"""`python -m tests`: all of them, side by side; the few that failed in that company once more, alone.

Telephones, browsers and voices keep time by the clock, and a machine of two processors that runs six of them may
miss it. A test that fails alone has failed, and so has a run in which more than a few did, or one that waits for no
clock.
"""

import os
import subprocess
import sys

import pytest

AT_ONCE = 6
FEW = 5
BY_THE_CLOCK = ("tests/calls/", "tests/phone/", "tests/pages/", "tests/speech/")


class Failed:
    """A plugin that keeps the names of what failed."""

    def __init__(self) -> None:
        self.tests: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and report.nodeid not in self.tests:
            self.tests.append(report.nodeid)


def main(arguments: list[str]) -> int:
    failed = Failed()
    ended = pytest.main(["-n", str(AT_ONCE), *arguments], plugins=[failed])
    if ended != pytest.ExitCode.TESTS_FAILED or not may_be_asked_again(failed.tests):
        return int(ended)
    print(f"\nOnce more, alone: {', '.join(failed.tests)}", flush=True)
    alone = subprocess.call([sys.executable, "-m", "pytest", *failed.tests], env={**os.environ, "PYTEST_ADDOPTS": ""})
    if not alone:
        print(f"Of all tests {len(failed.tests)} failed beside the others, and passed alone: see both above.")
    return alone


def may_be_asked_again(tests: list[str]) -> bool:
    return 0 < len(tests) <= FEW and all(test.startswith(BY_THE_CLOCK) for test in tests)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
