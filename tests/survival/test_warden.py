"""The warden as a process: what it starts again and when, and that both end together."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from agi_scripts.survival.warden import pause_s
from pbx.settings import ROOT
from tests.setup.machine import free_port

WARDEN = ROOT / "agi_scripts" / "survival" / "warden.py"
WITHIN_S = 15.0


class Watched:
    """A warden and the toy that it starts; `notes`: what the toys did, one a line."""

    def __init__(self, folder: Path, word: str) -> None:
        self.folder = folder
        toy = [sys.executable, "-m", "tests.survival.toy", str(folder / "notes"), word]
        told = ["--ami-port", str(free_port()), "--secrets", str(folder / "secrets"), "--routes", str(self.routes)]
        with (folder / "said").open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-S", "-E", WARDEN, *told, "--", *toy], cwd=ROOT, stderr=said, start_new_session=True
            )

    @property
    def routes(self) -> Path:
        return self.folder / "routes" / "routes.db"

    @property
    def notes(self) -> list[str]:
        file = self.folder / "notes"
        return file.read_text().splitlines() if file.exists() else []

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text()

    @property
    def toys(self) -> list[int]:
        return [int(note.split()[1]) for note in self.notes if note.startswith("begun")]

    def until(self, true: Callable[[], object]) -> None:
        limit = time.monotonic() + WITHIN_S
        while not true():
            assert time.monotonic() < limit, (self.notes, self.said)
            time.sleep(0.02)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[[str], Watched]]:
    watched: list[Watched] = []

    def begin(word: str) -> Watched:
        watched.append(Watched(tmp_path, word))
        return watched[0]

    yield begin
    for one in watched:
        one.process.kill()
        one.process.wait()
        for toy in one.toys:
            with suppress(ProcessLookupError):
                os.kill(toy, signal.SIGKILL)


def test_one_that_refuses_to_start_is_not_started_again(watch: Callable[[str], Watched]) -> None:
    watched = watch("refuses")
    assert watched.process.wait(WITHIN_S) == 3
    assert len(watched.toys) == 1


@pytest.mark.parametrize("word", ["dies", "dies before it serves"])
def test_one_that_dies_is_started_again_and_told_why(watch: Callable[[str], Watched], word: str) -> None:
    watched = watch(word)
    watched.until(lambda: len(watched.toys) >= 2)
    assert watched.notes[1].endswith("the service before this one died; 0 calls were led on")


def test_callers_go_before_whatever_else_runs_here_where_we_may_ask_for_that(watch: Callable[[str], Watched]) -> None:
    watched = watch("serves")
    watched.until(lambda: watched.toys)
    asking = subprocess.run([sys.executable, "-c", "import os; os.nice(-1)"], capture_output=True, check=False)
    ahead = os.getpriority(os.PRIO_PROCESS, watched.toys[0]) < os.getpriority(os.PRIO_PROCESS, 0)
    assert ahead == (asking.returncode == 0)


def test_one_that_hangs_is_killed_within_a_second_and_a_half(watch: Callable[[str], Watched]) -> None:
    watched = watch("hangs")
    watched.until(lambda: len(watched.toys) >= 2)
    found = re.search(r"hung \((\d\.\d+) s without a beat\)", watched.notes[1])
    assert found, watched.notes
    assert 0.8 <= float(found[1]) < 1.5


def test_one_that_is_slow_for_half_a_second_is_left_alone(watch: Callable[[str], Watched]) -> None:
    watched = watch("is slow for half a second")
    watched.until(lambda: watched.toys)
    time.sleep(2.5)
    assert len(watched.toys) == 1
    assert watched.process.poll() is None


@pytest.fixture
def busy() -> Iterator[int]:
    """A processor on which somebody works all the time."""
    processor = min(os.sched_getaffinity(0))
    worker = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    os.sched_setaffinity(worker.pid, {processor})
    yield processor
    worker.kill()
    worker.wait()


def test_one_that_gets_no_processor_is_left_alone_for_a_while_and_not_for_ever(
    watch: Callable[[str], Watched], busy: int
) -> None:
    watched = watch("well")
    watched.until(lambda: watched.toys)
    time.sleep(1)
    toy = watched.toys[0]
    os.sched_setaffinity(toy, {busy})
    os.sched_setscheduler(toy, os.SCHED_IDLE, os.sched_param(0))
    began = time.monotonic()
    while len(watched.toys) == 1 and time.monotonic() < began + 20:
        time.sleep(0.1)
    assert time.monotonic() - began > 3, watched.notes


def test_a_stopped_machine_is_no_hang(watch: Callable[[str], Watched]) -> None:
    watched = watch("well")
    watched.until(lambda: watched.toys)
    time.sleep(1)
    for pid in (watched.process.pid, *watched.toys):
        os.kill(pid, signal.SIGSTOP)
    time.sleep(2)
    os.kill(watched.process.pid, signal.SIGCONT)  # the warden wakes first, and finds an empty pipe
    time.sleep(0.3)
    os.kill(watched.toys[0], signal.SIGCONT)
    time.sleep(1.5)
    assert len(watched.toys) == 1, watched.said


def test_what_dies_again_and_again_is_started_more_and_more_seldom(watch: Callable[[str], Watched]) -> None:
    watched = watch("dies")
    began = time.monotonic()
    watched.until(lambda: len(watched.toys) >= 4)
    assert time.monotonic() - began > 1.5


def test_it_waits_half_a_minute_at_most_however_often_it_has_started_in_vain() -> None:
    assert [pause_s(deaths) for deaths in (2, 3, 4, 100, 10_000)] == [0.5, 1.0, 2.0, 30.0, 30.0]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_end_it_ends_the_service_in_order(watch: Callable[[str], Watched], sign: signal.Signals) -> None:
    watched = watch("well")
    watched.until(lambda: watched.toys)
    watched.process.send_signal(sign)
    assert watched.process.wait(WITHIN_S) == 0
    assert watched.notes[-1] == "ended in order"


def test_a_service_that_hangs_while_it_is_ended_is_followed_by_one_that_ends_what_it_left(
    watch: Callable[[str], Watched],
) -> None:
    watched = watch("hangs")
    watched.until(lambda: watched.toys)
    time.sleep(0.6)
    watched.process.terminate()
    assert watched.process.wait(WITHIN_S) == 0
    assert len(watched.toys) == 2
    assert watched.notes[-1] == "ended in order"


def test_a_service_whose_warden_is_killed_ends_in_order(watch: Callable[[str], Watched]) -> None:
    watched = watch("well")
    watched.until(lambda: watched.toys)
    time.sleep(0.5)
    watched.process.kill()
    watched.until(lambda: watched.notes[-1] == "alone")


def test_it_holds_the_routes_file_open_for_a_reader_that_may_not_write(watch: Callable[[str], Watched]) -> None:
    watched = watch("well")
    watched.until(lambda: watched.toys)
    routes = watched.routes
    with sqlite3.connect(routes) as writer:
        writer.execute("CREATE TABLE routes (number TEXT)")
    writer.close()
    assert routes.with_name("routes.db-wal").exists()
    assert routes.with_name("routes.db-shm").exists()
