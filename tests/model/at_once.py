"""What the product gives to a thread is done at once, in the caller's: a walk is the same each time, and quicker.

The vault and the library put what waits for a disk into threads, and SQLite's driver each statement: seventy hops for
one edit, which were more than half of what it cost. The folders of a walk are in memory, where nothing waits.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

from aiosqlite import core

from pbx.vault.members import Member
from tests.model.copies import Frail

Done = asyncio.Future[Any]


class AtOnce(asyncio.SelectorEventLoop):
    """The answer of a copy that is slow comes later than anybody waits: `late` gives it."""

    def __init__(self) -> None:
        super().__init__()
        self._late: list[tuple[Done, Callable[[], Any]]] = []

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Done:  # type: ignore[override]
        future = self.create_future()
        if _is_slow(func):
            self._late.append((future, func))
        else:
            _do(future, partial(func, *args))
        return future

    def late(self) -> int:
        """Everything that was asked of a slow copy and not answered; how much."""
        questions, self._late = self._late, []
        for future, func in questions:
            if not future.done():
                _do(future, func)
        return len(questions)


def _is_slow(func: Callable[..., Any]) -> bool:
    """As the vault asks one copy, and goes on without it when it does not answer in time."""
    if not isinstance(func, partial) or len(func.args) != 1 or not isinstance(func.args[0], Member):
        return False
    copy = func.args[0].copy
    return isinstance(copy, Frail) and copy.mode == "slow"


def _do(future: Done, func: Callable[[], Any]) -> None:
    try:
        result = func()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  as an executor does
        future.set_exception(error)
    else:
        future.set_result(result)


class _Queue:
    """In place of the queue to the thread of a connection."""

    def put_nowait(self, item: tuple[Done | None, Callable[[], Any]]) -> None:
        future, func = item
        if future is None:
            func()
        elif not future.done():
            _do(future, func)


class _Thread:
    """In place of the thread."""

    daemon = True

    def start(self) -> None:
        pass


@contextmanager
def sqlite_at_once() -> Iterator[None]:
    """For connections that are made in here."""
    begin = core.Connection.__init__

    def without_thread(self: core.Connection, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        self._tx = _Queue()  # type: ignore[assignment]
        self._thread = _Thread()  # type: ignore[assignment]

    with patch.object(core.Connection, "__init__", without_thread):
        yield


def at_once(work: Callable[[], Any]) -> Any:
    """Runs the coroutine that `work` makes to its end."""
    with sqlite_at_once(), asyncio.Runner(loop_factory=AtOnce) as runner:
        return runner.run(work())
