"""Runs a forked child, and kills it at one of its system calls on files, or has that answer an error."""

import asyncio
import faulthandler
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.crash import seccomp
from tests.crash.calls import Call, Calls, numbers
from tests.crash.faults import NUMBERS, Fault
from tests.crash.power import Disk

_LONGEST_S = 600.0
"""Of nothing that we see: the last look is not under watch, and a child of the lowest priority may wait for long."""
_ASKED_S = 2.0


class Hung(Exception):
    """A child neither went on nor ended."""


class Child:
    """What the child is given. It tells through a pipe, which no fault reaches."""

    def __init__(self, answers: int, listener: socket.socket) -> None:
        self._answers = answers
        self._listener = listener

    def under_watch(self) -> None:
        """From now on its calls are counted, and meet the fault."""
        opened = seccomp.listen(*numbers())
        socket.send_fds(self._listener, [b"."], [opened])
        os.close(opened)

    def over(self) -> None:
        """The operation is; no faults from now on."""
        self.tell(over=True)

    def tell(self, **what: Any) -> None:
        os.write(self._answers, json.dumps(what).encode() + b"\n")


class Nobody(Child):
    """For work that is done without a child."""

    def __init__(self) -> None:
        return

    def under_watch(self) -> None:
        return

    def tell(self, **what: Any) -> None:
        return


Work = Callable[[Child], Awaitable[object]]


@dataclass
class Ran:
    """`calls`: those that were made under watch. `told`: by the child. `ended`: what `os.waitpid` says of it."""

    calls: list[Call] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    ended: int = 0


def run(work: Work, root: Path, log: Path, fault: Fault | None = None, disk: Disk | None = None) -> Ran:
    """Only calls about files in `root` count; `disk` is told of them. What the child logs is in `log`. Raises Hung."""
    reading, writing = os.pipe()
    here, there = socket.socketpair()
    child = os.fork()
    if child == 0:
        os.close(reading)
        here.close()
        _live(work, Child(writing, there), log)
    os.close(writing)
    there.close()
    os.set_blocking(reading, False)
    with here, os.fdopen(reading, "rb", buffering=0):
        watch = _Watch(child, here, reading, Calls(root), fault or Fault(), disk)
        try:
            return watch.to_the_end()
        except Hung as hung:
            raise Hung(f"{hung}:\n{log.read_text() if log.exists() else 'it logged nothing'}") from None


def not_permitted(folder: Path) -> str:
    """Why this machine does not let us; empty if it does."""
    probe = folder / "probe"

    async def work(child: Child) -> None:
        child.under_watch()
        probe.write_bytes(b"whole")

    try:
        told = run(work, folder, folder / "log", Fault("tear", at=1)).told
    except (OSError, seccomp.NotPermitted) as error:
        return repr(error)
    if told:
        return str(told[0].get("raised", "it was not ended"))
    return "" if probe.read_bytes() == b"wh" else "its memory and files cannot be had"


def _live(work: Work, child: Child, log: Path) -> None:
    """Never returns."""
    ended = 1
    try:
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), sys.stderr.fileno())
        faulthandler.register(signal.SIGUSR1)
        asyncio.run(_to_the_end(work, child))
    except BaseException as error:  # noqa: BLE001  whatever it is, the child must end here
        traceback.print_exc()
        child.tell(raised=[f"{type(error).__name__}: {error}"])
    finally:
        sys.stderr.flush()
        os._exit(ended)


async def _to_the_end(work: Work, child: Child) -> None:
    await work(child)
    os._exit(0)  # as one that is killed: nothing is closed


class _Watch:
    def __init__(
        self, child: int, begun: socket.socket, answers: int, calls: Calls, fault: Fault, disk: Disk | None
    ) -> None:
        self._child = child
        self._begun = begun
        self._answers = answers
        self._calls = calls
        self._fault = fault
        self._disk = disk
        self._listener: int | None = None
        self._left = b""
        self._ran = Ran()
        self._waiting = select.poll()

    def to_the_end(self) -> Ran:
        gone = os.pidfd_open(self._child)
        for opened in (self._begun.fileno(), self._answers, gone):
            self._waiting.register(opened, select.POLLIN)
        try:
            while not self._step(gone):
                pass
        finally:
            os.kill(self._child, signal.SIGKILL)
            self._ran.ended = os.waitpid(self._child, 0)[1]
            os.close(gone)
            if self._listener is not None:
                os.close(self._listener)
        self._hear()
        return self._ran

    def _step(self, gone: int) -> bool:
        """True once the child has gone."""
        ready = [opened for opened, _ in self._waiting.poll(_LONGEST_S * 1000)]
        if not ready:
            os.kill(self._child, signal.SIGUSR1)  # it logs where it stands
            time.sleep(_ASKED_S)
            raise Hung(f"after {self._ran.calls[-1] if self._ran.calls else 'nothing'}")
        if self._begun.fileno() in ready:
            self._begin()
        if self._answers in ready and not self._hear():
            self._waiting.unregister(self._answers)
        if self._listener in ready:
            self._answer(self._listener)
        return gone in ready

    def _begin(self) -> None:
        """The child is under watch now, or will never be."""
        _, opened, _, _ = socket.recv_fds(self._begun, 1, 1)
        self._waiting.unregister(self._begun.fileno())
        if opened:
            if self._disk:
                self._disk.begin()
            self._listener = opened[0]
            self._waiting.register(self._listener, select.POLLIN)

    def _hear(self) -> bool:
        """What the child has told by now. False if it can tell no more."""
        more = True
        try:
            while more:
                self._left += (read := os.read(self._answers, 65_536))
                more = bool(read)
        except BlockingIOError:
            pass
        *lines, self._left = self._left.split(b"\n")
        for told in map(json.loads, lines):
            if "over" in told and self._fault.ends():
                os.kill(self._child, signal.SIGKILL)
            self._ran.told.append(told)
        return more

    def _answer(self, listener: int) -> None:
        asked = seccomp.receive(listener)
        if asked is None:
            return
        self._hear()  # what it told before it made this call
        try:
            call = self._calls.about(asked)
        except OSError:  # who made it has gone
            call = None
        if call is None or self._fault.over:
            seccomp.go_on(listener, asked)
            return
        verdict = self._fault.verdict(len(self._ran.calls), call)
        self._ran.calls.append(call)
        if verdict == "go on":
            if self._disk:
                self._disk.about(call)
            seccomp.go_on(listener, asked)
        elif verdict in NUMBERS:
            seccomp.fail(listener, asked, NUMBERS[verdict])
        else:
            if verdict == "tear":
                seccomp.write_half(self._child, asked)
            os.kill(self._child, signal.SIGKILL)
