"""Late beats of the phones are told beside each failure and at the end: load is no fault of the product."""

from collections.abc import Generator, Sequence
from typing import Any

import pytest

from tests.phone.pacer import late_ticks

_BEGAN = pytest.StashKey[int]()
# (who, how often, at worst in seconds), of each process that ran tests.
_late: list[tuple[str, int, float]] = []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    item.stash[_BEGAN] = len(late_ticks)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and (late := late_ticks[item.stash[_BEGAN] :]):
        report.sections.append(("Load", _told("The phones", *_counted(late))))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    if late_ticks:
        _late.append(("The phones", *_counted(late_ticks)))
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["late_ticks"] = _late


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of xdist has ended; one that crashed has told nothing."""
    for _, times, worst in getattr(node, "workeroutput", {}).get("late_ticks", []):
        _late.append((f"The phones of {node.gateway.id}", times, worst))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for who, times, worst in _late:
        terminalreporter.write_line(_told(who, times, worst))


def _counted(late: Sequence[tuple[float, float]]) -> tuple[int, float]:
    return len(late), max(seconds for _, seconds in late)


def _told(who: str, times: int, worst_s: float) -> str:
    return f"{who}: late beats {times}, the worst by {worst_s * 1000:.0f} ms"
