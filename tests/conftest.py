"""What a run tells at its end."""

import pytest

from tests.crash.tally import of_properties


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The tests' own numbers, also where other processes have run them."""
    done = [one for outcome in ("passed", "failed") for one in terminalreporter.stats.get(outcome, [])]
    lines = of_properties([one for report in done for one in report.user_properties]).lines()
    if lines:
        terminalreporter.section("crash test")
    for line in lines:
        terminalreporter.write_line(line)
