"""What a run tells at its end."""

import pytest

from tests.crash.tally import of_properties
from tests.model.tally import lines as of_walks
from tests.scheduling import Scheduling


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that nobody waits for it at the end; then comes what disturbs others."""
    items.sort(key=lambda item: (item.get_closest_marker("late") is not None, item.get_closest_marker("early") is None))


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling:
    return Scheduling(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The tests' own numbers, also where other processes have run them."""
    done = [one for outcome in ("passed", "failed") for one in terminalreporter.stats.get(outcome, [])]
    properties = [one for report in done for one in report.user_properties]
    for title, lines in (("crash test", of_properties(properties).lines()), ("model test", of_walks(properties))):
        if lines:
            terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
