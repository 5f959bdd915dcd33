"""What every kind of copy must do: one suite for all of them."""

import hashlib
import multiprocessing
import os
import random
from collections.abc import Callable
from pathlib import Path, PurePath

import pytest

from pbx.vault.copy import Copy
from pbx.vault.folder import FolderCopy
from pbx.vault.hashing import sha256_of
from tests.vault.faulty import Faulty, flipped, overwrite

KINDS: list[Callable[[Path], Copy]] = [FolderCopy, Faulty]
DATA = b"some bytes" * 1_000
SHA256 = hashlib.sha256(DATA).hexdigest()
PATH = PurePath("one/two") / SHA256


@pytest.fixture(params=KINDS)
def copy(request: pytest.FixtureRequest, tmp_path: Path) -> Copy:
    made: Copy = request.param(tmp_path / "copy")
    return made


def read(copy: Copy, path: PurePath) -> bytes:
    with copy.open(path) as file:
        return bytes(file.read())


def test_what_was_put_is_read_back(copy: Copy) -> None:
    copy.put(PATH.parent, {PATH.name: DATA})
    assert read(copy, PATH) == DATA
    assert copy.size(PATH) == len(DATA)
    with copy.open(PATH) as file:
        assert sha256_of(file) == (SHA256, len(DATA))


def test_what_is_not_there_has_no_size_and_cannot_be_opened(copy: Copy) -> None:
    assert copy.size(PATH) is None
    with pytest.raises(FileNotFoundError):
        copy.open(PATH)
    assert copy.names(PATH.parent) == []


def test_a_damaged_file_is_replaced_by_a_put(copy: Copy) -> None:
    copy.create(PATH.parent, {PATH.name: b"not these bytes"})
    copy.put(PATH.parent, {PATH.name: DATA})
    assert read(copy, PATH) == DATA


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data + b"x", flipped, lambda data: b""])
def test_a_file_longer_than_what_is_read_at_once_is_compared_to_its_end(
    copy: Copy, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    long = random.Random(1).randbytes(2_500_000)
    copy.put(PATH.parent, {PATH.name: long})
    before = (tmp_path / "copy" / PATH).stat().st_ino
    copy.put(PATH.parent, {PATH.name: long})
    assert (tmp_path / "copy" / PATH).stat().st_ino == before
    overwrite(tmp_path / "copy" / PATH, damage)
    copy.put(PATH.parent, {PATH.name: long})
    assert read(copy, PATH) == long


def test_create_never_changes_what_is_there(copy: Copy) -> None:
    folder = PurePath("log")
    copy.create(folder, {"1": b"first"})
    copy.create(folder, {"1": b"other", "2": b"second"})
    assert read(copy, folder / "1") == b"first"
    assert read(copy, folder / "2") == b"second"


def test_many_files_are_created_and_put_at_once(copy: Copy) -> None:
    files = {f"{number}": b"%d" % number for number in range(250)}
    copy.create(PurePath("log"), files)
    copy.put(PurePath("log"), {**files, "7": b"mended", "new": b"x"})
    assert read(copy, PurePath("log/249")) == b"249"
    assert read(copy, PurePath("log/7")) == b"mended"
    assert len(copy.names(PurePath("log"))) == 251


def test_names_are_those_of_files_and_folders_without_what_a_crash_has_left(copy: Copy, tmp_path: Path) -> None:
    copy.put(PATH.parent, {PATH.name: DATA})
    (tmp_path / "copy" / PATH.parent / ".new-1-ab").write_bytes(b"half")
    assert copy.names(PurePath()) == ["one"]
    assert copy.names(PATH.parent) == [SHA256]


def test_what_is_removed_is_gone_and_what_was_not_there_is_no_error(copy: Copy) -> None:
    copy.put(PATH.parent, {PATH.name: DATA})
    copy.remove(PATH.parent, [PATH.name, "never there"])
    copy.remove(PurePath("no such folder"), ["x"])
    assert copy.size(PATH) is None


def test_room_is_told(copy: Copy) -> None:
    copy.put(PATH.parent, {PATH.name: DATA})
    assert copy.free() > 0


def test_a_folder_where_the_file_should_be_is_an_error_and_is_left(copy: Copy, tmp_path: Path) -> None:
    (tmp_path / "copy" / PATH / "x").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        copy.put(PATH.parent, {PATH.name: DATA})
    assert copy.names(PATH) == ["x"]


def _create(folder: Path, text: bytes) -> None:
    copy = FolderCopy(folder)
    for number in range(60):
        copy.create(PurePath("log"), {f"{number}": text})


def test_of_two_processes_that_create_the_same_files_each_file_is_one_of_theirs_and_whole(tmp_path: Path) -> None:
    texts = [letter * 5_000 for letter in (b"a", b"b")]
    forked = multiprocessing.get_context("fork")
    writers = [forked.Process(target=_create, args=(tmp_path, text)) for text in texts]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert {path.read_bytes() for path in (tmp_path / "log").iterdir()} <= set(texts)
    assert len(list((tmp_path / "log").iterdir())) == 60


def test_what_a_crash_has_left_goes_with_what_is_removed(tmp_path: Path) -> None:
    ours, dead, old = (tmp_path / f".new-{writer}" for writer in (f"{os.getpid()}-ab", f"{_dead()}-ab", "1-ab"))
    for left in (ours, dead, old):
        left.write_bytes(b"half of what must be gone")
    os.utime(old, (0, 0))
    FolderCopy(tmp_path).remove(PurePath(), ["x"])
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_called_gone_while_another_process_may_be_writing_it(tmp_path: Path) -> None:
    being_written = tmp_path / ".new-1-ab"
    being_written.write_bytes(b"half of what must be gone")
    with pytest.raises(BlockingIOError):
        FolderCopy(tmp_path).remove(PurePath(), ["x"])
    assert being_written.exists()


def _dead() -> int:
    """A process that is no more."""
    process = multiprocessing.get_context("fork").Process(target=lambda: None)
    process.start()
    process.join()
    return process.pid or 0
