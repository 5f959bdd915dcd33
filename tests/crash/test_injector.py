"""What the crash test is made with: that it sees every call, and that a careless program does not get past it."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.crash.faults import Fault
from tests.crash.injector import Child, Ran, Work, run
from tests.crash.power import Disk

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for disk in ("a", "b"):
        (tmp_path / "root" / disk).mkdir(parents=True)
    (tmp_path / "root" / "a" / "told").write_bytes(b"old")
    return tmp_path / "root"


def ran(work: Work, root: Path, fault: Fault | None = None, disk: Disk | None = None) -> Ran:
    return run(work, root, root.with_name("log"), fault, disk)


def write(path: Path, data: bytes, *, sync: bool = True) -> None:
    with path.open("wb", buffering=0) as file:
        file.write(data)
        if sync:
            os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    os.fsync(opened)
    os.close(opened)


def there(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_calls_of_all_threads_are_seen_in_order_and_no_others(root: Path) -> None:
    def in_a_thread(name: str) -> None:
        write(root / "a" / name, b"x")
        (root / "a" / name).rename(root / "b" / name)
        (root / "b" / name).unlink()
        (root / "a" / "told").read_bytes()
        (root.parent / "elsewhere").write_bytes(b"x")

    async def work(child: Child) -> None:
        child.under_watch()
        for name in ("one", "two"):
            await asyncio.to_thread(in_a_thread, name)

    kinds = ["make", "write", "sync", "rename", "unlink"]
    calls = ran(work, root).calls
    assert [call.kind for call in calls] == kinds * 2
    assert [call.path for call in calls[3:6]] == ["b/one", "b/one", "a/two"]
    assert calls[3].old == "a/one"


@pytest.mark.parametrize(
    ("how", "at", "left"),
    [("kill", 1, b""), ("tear", 1, b"who"), ("kill", 2, b"whole!"), ("kill", 9, b"whole!"), ("none", 0, b"whole!")],
)
async def test_it_is_killed_before_the_call_or_in_the_middle_of_it(root: Path, how: str, at: int, left: bytes) -> None:
    async def work(child: Child) -> None:
        child.under_watch()
        write(root / "b" / "new", b"whole!")
        child.tell(done=True)
        child.over()

    fault = Fault(how, at)  # type: ignore[arg-type]
    told = ran(work, root, fault).told
    assert there(root)["b/new"] == left
    assert ({"done": True} in told) == (how == "none" or at == 9)
    assert (fault.hit is not None) == (how != "none")


async def test_a_disk_that_is_full_stays_so_until_it_is_over_and_the_others_go_on(root: Path) -> None:
    def tried(child: Child, path: Path) -> None:
        try:
            write(path, b"x")
        except OSError as error:
            child.tell(failed=path.name, error=error.errno)

    async def work(child: Child) -> None:
        child.under_watch()
        for path in (root / "a" / "1", root / "b" / "2", root / "a" / "3"):
            tried(child, path)
        child.over()
        tried(child, root / "a" / "4")

    told = ran(work, root, Fault("ENOSPC", 1)).told
    assert [one["failed"] for one in told if "failed" in one] == ["1", "3"]
    assert there(root) == {"a/told": b"old", "a/1": b"", "b/2": b"x", "a/4": b"x"}


async def test_what_was_not_synced_is_gone_after_a_power_cut(root: Path) -> None:
    async def work(child: Child) -> None:
        child.under_watch()
        write(root / "b" / "whole", b"file and folder are synced")
        sync_folder(root / "b")
        write(root / "b" / "nameless", b"its folder is not synced")
        write(root / "a" / "empty", b"only its folder is synced", sync=False)
        sync_folder(root / "a")
        (root / "a" / "told").write_bytes(b"new, and not synced")
        (root / "a" / "told").unlink()
        child.over()

    disk = Disk(root)
    ran(work, root, Fault("cut", 99), disk)
    disk.cut()
    assert there(root) == {"b/whole": b"file and folder are synced", "a/empty": b"", "a/told": b"old"}


async def test_a_file_that_takes_anothers_name_is_the_old_or_the_new_one_after_a_power_cut(root: Path) -> None:
    async def work(child: Child) -> None:
        child.under_watch()
        write(root / "a" / ".new", b"new")
        (root / "a" / ".new").rename(root / "a" / "told")
        sync_folder(root / "a")
        child.over()

    seen = []
    for at in range(6):
        write(root / "a" / "told", b"old")
        (root / "a" / ".new").unlink(missing_ok=True)
        disk = Disk(root)
        ran(work, root, Fault("cut", at), disk)
        disk.cut()
        seen.append(there(root)["a/told"])
    assert seen == [b"old"] * 5 + [b"new"]
