"""What a run tells at its end."""

import fcntl
import os
from collections.abc import Iterator

import pytest

from tests.crash.tally import of_properties
from tests.model.tally import lines as of_walks
from tests.scheduling import Scheduling


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that nobody waits for it at the end; then comes what disturbs others."""
    items.sort(key=lambda item: (item.get_closest_marker("late") is not None, item.get_closest_marker("early") is None))


@pytest.fixture(autouse=True)
def _not_beside_what_takes_all(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """What disturbs others begins when none of them runs, in whatever process of this run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "alone.lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX if request.node.get_closest_marker("late") else fcntl.LOCK_SH)
        yield


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
